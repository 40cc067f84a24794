import { ConfigError } from "../../errors.ts";
import type { Env } from "../env.ts";
import { readCount } from "../packing.ts";
import { wrap } from "./wrap.ts";

/**
 * Truncates every episode after `maxSteps` steps (an end of the task in that very step stays `terminated` too).
 * @throws ConfigError unless maxSteps is a positive integer
 */
export function timeLimit<O, A>(env: Env<O, A>, maxSteps: number): Env<O, A> {
  if (!Number.isSafeInteger(maxSteps) || maxSteps < 1) {
    throw new ConfigError({ field: "maxSteps", value: maxSteps, allowed: "a positive integer" });
  }
  let elapsed = 0;
  return wrap<O, A>(env, {
    observationSpace: env.observationSpace,
    actionSpace: env.actionSpace,
    model: env.model,
    differentiable: env.differentiable,
    labels: env.labels,
    stackedFrames: env.stackedFrames,
    goals: env.goals,
    opponentSeat: env.opponentSeat,
    reset(options) {
      elapsed = 0;
      return env.reset(options);
    },
    step(action) {
      const result = env.step(action);
      elapsed++;
      return elapsed >= maxSteps ? { ...result, truncated: true } : result;
    },
    own: {
      state: () => elapsed,
      restore: (state) => {
        elapsed = readCount("elapsed steps", state);
      },
    },
  });
}
