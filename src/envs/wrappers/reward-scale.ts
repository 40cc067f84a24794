import { ConfigError } from "../../errors.ts";
import type { Env } from "../env.ts";
import { wrap } from "./wrap.ts";

/**
 * Multiplies every reward by `factor`.
 * @throws ConfigError unless the factor is a finite number
 */
export function rewardScale<O, A>(env: Env<O, A>, factor: number): Env<O, A> {
  if (!Number.isFinite(factor)) {
    throw new ConfigError({ field: "rewardScale.factor", value: factor, allowed: "a finite number" });
  }
  return wrap<O, A>(env, {
    observationSpace: env.observationSpace,
    actionSpace: env.actionSpace,
    labels: env.labels,
    stackedFrames: env.stackedFrames,
    reset: (options) => env.reset(options),
    step(action) {
      const result = env.step(action);
      return { ...result, reward: result.reward * factor };
    },
  });
}
