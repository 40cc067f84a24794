import { ConfigError } from "../../errors.ts";
import type { Env } from "../env.ts";
import { wrap } from "./wrap.ts";

/**
 * Limits every reward to low … high.
 * @throws ConfigError unless both are numbers and low ≤ high
 */
export function rewardClip<O, A>(env: Env<O, A>, low = -1, high = 1): Env<O, A> {
  if (!(low <= high)) {
    throw new ConfigError({ field: "rewardClip", value: [low, high], allowed: "two numbers low ≤ high" });
  }
  return wrap<O, A>(env, {
    observationSpace: env.observationSpace,
    actionSpace: env.actionSpace,
    labels: env.labels,
    stackedFrames: env.stackedFrames,
    reset: (options) => env.reset(options),
    step(action) {
      const result = env.step(action);
      return { ...result, reward: Math.min(Math.max(result.reward, low), high) };
    },
  });
}
