import { ConfigError } from "../../errors.ts";
import { Box } from "../../spaces/index.ts";
import type { BatchEnv } from "../env.ts";
import { RunningMeanStd } from "./running-mean-std.ts";
import { wrapBatch } from "./wrap-batch.ts";

export interface NormalizeObservationOptions {
  /** Added to the variance. Default 1e-8. */
  epsilon?: number;
  /** Normalised entries are limited to −clip … clip. Default 10. */
  clip?: number;
  /** Statistics to use, for an evaluation that shares those of training. Default: new ones. */
  statistics?: RunningMeanStd;
  /** Whether the statistics learn. Default true. */
  training?: boolean;
}

export interface NormalizedObservationBatch extends BatchEnv {
  /** Mean and variance of every entry of the observation, `[F]`. */
  readonly statistics: RunningMeanStd;
  /** Whether the statistics learn; false for evaluation. */
  training: boolean;
  readonly epsilon: number;
  readonly clip: number;
  /** `[N, F]` observations as the wrapped batch gave them. */
  readonly rawObservations: Float32Array;
}

/**
 * Observations with mean 0 and variance 1, by running statistics, as Stable-Baselines3's `VecNormalize`: the statistics
 * take in the new observations (those of a reset too) and then normalise them. Final observations are normalised with
 * the same statistics and are not counted. The observation space becomes a Box of −clip … clip; what the values meant
 * stays in the wrapped batch's space.
 * @throws ConfigError unless epsilon and clip are positive and the statistics have F entries
 */
export function normalizeObservation(
  env: BatchEnv,
  options: NormalizeObservationOptions = {},
): NormalizedObservationBatch {
  const { epsilon = 1e-8, clip = 10, training = true } = options;
  requirePositive("normalizeObservation.epsilon", epsilon);
  requirePositive("normalizeObservation.clip", clip);
  const { count, observationSpace } = env;
  const { flatSize } = observationSpace;
  const statistics = options.statistics ?? new RunningMeanStd(flatSize);
  if (statistics.mean.length !== flatSize) {
    const allowed = `statistics of ${flatSize} entries`;
    throw new ConfigError({ field: "normalizeObservation.statistics", value: statistics.mean, allowed });
  }
  const observations = new Float32Array(count * flatSize);
  const finalObservations = new Float32Array(count * flatSize);
  const refresh = () => {
    if (wrapper.training) statistics.update(env.observations, count);
    statistics.normalize(env.observations, observations, count, epsilon, clip);
  };
  const wrapped = wrapBatch(env, {
    observationSpace: new Box(-clip, clip, observationSpace instanceof Box ? observationSpace.shape : [flatSize]),
    observations,
    finalObservations,
    afterReset: refresh,
    afterStep() {
      refresh();
      statistics.normalize(env.finalObservations, finalObservations, count, epsilon, clip);
    },
    state: () => statistics.state(),
    restore(state) {
      statistics.restore(state);
      statistics.normalize(env.observations, observations, count, epsilon, clip);
      statistics.normalize(env.finalObservations, finalObservations, count, epsilon, clip);
    },
  });
  const rawObservations = env.observations;
  const wrapper = Object.assign(wrapped, { statistics, training, epsilon, clip, rawObservations });
  return wrapper;
}

/** Throws ConfigError unless `value` is a number above 0. */
export function requirePositive(field: string, value: number): void {
  if (!(value > 0)) throw new ConfigError({ field, value, allowed: "a positive number" });
}
