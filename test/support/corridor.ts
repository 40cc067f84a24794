/** A user's environment as a plain object: a corridor with the goal at its right end. It can misbehave on demand. */

import type { Env, Json } from "../../src/envs/index.ts";
import { Box, Discrete } from "../../src/spaces/index.ts";

export interface CorridorOptions {
  /** What goes wrong in the 50th step of the environment's life. */
  readonly fault?: "nan observation" | "wrong shape" | "nan reward" | "exception" | "no end";
  /** Whether it can be saved and restored. */
  readonly saves?: boolean;
  readonly length?: number;
}

export function corridor({ fault, saves = false, length = 6 }: CorridorOptions = {}): Env<ArrayLike<number>, number> {
  let [position, elapsed, age] = [0, 0, 0];
  const observe = () => [position / length, 1 - elapsed / 50];
  return {
    observationSpace: new Box(-1, 1, [2]),
    actionSpace: new Discrete(2),
    reset() {
      position = 0;
      elapsed = 0;
      return { observation: observe(), info: {} };
    },
    step(action) {
      position = Math.max(0, position + (action === 1 ? 1 : -1));
      elapsed++;
      age++;
      const broken = age >= 50 ? fault : undefined;
      if (broken === "exception") throw new TypeError("the door is stuck");
      const observation =
        broken === "nan observation" ? [0, Number.NaN] : broken === "wrong shape" ? [0, 0, 0] : observe();
      const reward = broken === "nan reward" ? Number.NaN : position === length ? 1 : -0.01;
      const isEndless = fault === "no end";
      return {
        observation,
        reward,
        terminated: position === length && !isEndless,
        truncated: elapsed >= 50 && !isEndless,
        info: {},
      };
    },
    ...(saves && {
      state: (): Json => [position, elapsed, age],
      restore(state: Json) {
        [position, elapsed, age] = state as number[];
      },
    }),
  };
}
