import { ConfigError } from "../../errors.ts";
import { Box } from "../../spaces/index.ts";
import type { Env } from "../env.ts";
import { packArray, unpackArray } from "../packing.ts";
import { wrap } from "./wrap.ts";

/**
 * Shows the last k observations instead of the last one, oldest first: shape `[k, …shape]`. At the start of an episode
 * the first observation stands in for those before it.
 * @throws ConfigError unless the observation space is a Box and k a positive integer
 */
export function frameStack<A>(env: Env<ArrayLike<number>, A>, k: number): Env<ArrayLike<number>, A> {
  const space = env.observationSpace;
  if (!(space instanceof Box)) throw new ConfigError({ field: "observationSpace", value: space, allowed: "a Box" });
  if (!Number.isSafeInteger(k) || k < 1) {
    throw new ConfigError({ field: "frameStack.k", value: k, allowed: "a positive integer" });
  }
  const size = space.flatSize;
  const repeat = (bound: Float64Array) => Float64Array.from({ length: k * size }, (_, i) => bound[i % size]);
  const frames = new Float64Array(k * size);
  return wrap<ArrayLike<number>, A>(env, {
    observationSpace: new Box(repeat(space.low), repeat(space.high), [k, ...space.shape], space.dtype),
    actionSpace: env.actionSpace,
    stackedFrames: k,
    reset(options) {
      const result = env.reset(options);
      for (let i = 0; i < k; i++) frames.set(result.observation, i * size);
      return { ...result, observation: frames.slice() };
    },
    step(action) {
      const result = env.step(action);
      frames.copyWithin(0, size);
      frames.set(result.observation, (k - 1) * size);
      return { ...result, observation: frames.slice() };
    },
    own: {
      state: () => packArray(frames),
      restore: (state) => unpackArray("stacked frames", state, frames),
    },
  });
}
