import { ConfigError } from "../../errors.ts";
import { Box } from "../../spaces/index.ts";
import type { Env } from "../env.ts";
import { wrap } from "./wrap.ts";

/**
 * Lets actions run from `low` to `high` (default −1 … 1) in every entry, mapped linearly onto the bounds of the
 * environment's own Box. Actions outside are mapped by the same line and left to the environment.
 * @throws ConfigError unless the action space is a Box with finite bounds and low < high are finite
 */
export function actionRescale<O>(env: Env<O, ArrayLike<number>>, low = -1, high = 1): Env<O, ArrayLike<number>> {
  const space = env.actionSpace;
  if (!(space instanceof Box) || !space.bounded) {
    throw new ConfigError({ field: "actionSpace", value: space, allowed: "a Box with finite bounds" });
  }
  if (!(Number.isFinite(low) && Number.isFinite(high) && low < high)) {
    throw new ConfigError({ field: "actionRescale", value: [low, high], allowed: "two finite numbers low < high" });
  }
  return wrap<O, ArrayLike<number>>(env, {
    observationSpace: env.observationSpace,
    actionSpace: new Box(low, high, space.shape, space.dtype === "float64" ? "float64" : "float32"),
    stackedFrames: env.stackedFrames,
    reset: (options) => env.reset(options),
    step(action) {
      const mapped = Float64Array.from(
        space.low,
        (from, i) => from + ((action[i] - low) / (high - low)) * (space.high[i] - from),
      );
      return env.step(mapped);
    },
  });
}
