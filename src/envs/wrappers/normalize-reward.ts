import { ConfigError } from "../../errors.ts";
import type { BatchEnv } from "../env.ts";
import { packArray, readRecord, unpackArray } from "../packing.ts";
import { requirePositive } from "./normalize-observation.ts";
import { RunningMeanStd } from "./running-mean-std.ts";
import { wrapBatch } from "./wrap-batch.ts";

export interface NormalizeRewardOptions {
  /** Discount of the running return whose variance scales the rewards. Default 0.99. */
  gamma?: number;
  /** Added to the variance. Default 1e-8. */
  epsilon?: number;
  /** Scaled rewards are limited to −clip … clip. Default 10. */
  clip?: number;
  /** Whether the statistics learn. Default true. */
  training?: boolean;
}

export interface NormalizedRewardBatch extends BatchEnv {
  /** Mean and variance of the running discounted return, one entry. */
  readonly statistics: RunningMeanStd;
  /** Whether the statistics learn; false for evaluation. */
  training: boolean;
  /** `[N]` rewards as the environments gave them. */
  readonly rawRewards: Float64Array;
  /** `[N]` running discounted returns, 0 after an episode's end. */
  readonly discountedReturns: Float64Array;
}

/**
 * Rewards divided by the standard deviation of the running discounted return R ← γR + r, as Stable-Baselines3's
 * `VecNormalize`. Order in a step: R, statistics of R, scaling, then R = 0 where an episode ended. The mean is not
 * subtracted: that would change what is optimal.
 * @throws ConfigError unless 0 ≤ gamma ≤ 1 and epsilon and clip are positive
 */
export function normalizeReward(env: BatchEnv, options: NormalizeRewardOptions = {}): NormalizedRewardBatch {
  const { gamma = 0.99, epsilon = 1e-8, clip = 10, training = true } = options;
  if (!(gamma >= 0 && gamma <= 1)) {
    throw new ConfigError({ field: "normalizeReward.gamma", value: gamma, allowed: "from 0 to 1" });
  }
  requirePositive("normalizeReward.epsilon", epsilon);
  requirePositive("normalizeReward.clip", clip);
  const { count } = env;
  const statistics = new RunningMeanStd(1);
  const rewards = new Float64Array(count);
  const discountedReturns = new Float64Array(count);
  const wrapped = wrapBatch(env, {
    rewards,
    afterReset() {
      rewards.fill(0);
      discountedReturns.fill(0);
    },
    afterStep() {
      if (wrapper.training) {
        for (let n = 0; n < count; n++) discountedReturns[n] = discountedReturns[n] * gamma + env.rewards[n];
        statistics.update(discountedReturns, count);
      }
      const deviation = Math.sqrt(statistics.variance[0] + epsilon);
      for (let n = 0; n < count; n++) {
        rewards[n] = Math.min(Math.max(env.rewards[n] / deviation, -clip), clip);
        if (env.terminated[n] || env.truncated[n]) discountedReturns[n] = 0;
      }
    },
    state: () => ({
      statistics: statistics.state(),
      rewards: packArray(rewards),
      discountedReturns: packArray(discountedReturns),
    }),
    restore(state) {
      const record = readRecord("reward normalisation", state);
      unpackArray("reward normalisation.rewards", record.rewards, rewards);
      unpackArray("reward normalisation.discountedReturns", record.discountedReturns, discountedReturns);
      statistics.restore(record.statistics);
    },
  });
  const rawRewards = env.rawRewards ?? env.rewards;
  const wrapper = Object.assign(wrapped, { statistics, training, rawRewards, discountedReturns });
  return wrapper;
}
