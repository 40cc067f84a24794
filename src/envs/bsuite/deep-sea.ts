/**
 * Deep sea: dive one row per step, to the left or to the right; a treasure lies in the far corner, and every step towards it
 * costs a little. Only 1 of 2^size ways finds it, so exploration that does not plan ahead needs exponential time.
 *
 * Source: Osband et al. (2020), "Behaviour Suite for Reinforcement Learning", section "Deep sea". Which action goes right in
 * a cell is drawn from the option `mappingSeed`, so that no policy finds it by preferring one action.
 *
 * state = observation: row · size + column, and size² when the ground is reached. The best return is 0.99.
 */

import { ConfigError } from "../../errors.ts";
import { Key } from "../../random/index.ts";
import { dynamicsSpec } from "../dynamics-spec.ts";
import { type FiniteDynamics, finiteDynamics } from "../finite-dynamics.ts";
import { certain, type FiniteMdp, uniformOver } from "../finite-mdp.ts";
import { readOptions } from "../options.ts";
import { drawDeepSea } from "./draw-deep-sea.ts";

export const DEEP_SEA_DEFAULTS = {
  /** Rows and columns, and steps of an episode. */
  size: 10,
  /** Which action goes right in which cell: another mapping for every non-negative integer. */
  mappingSeed: 0,
};

export type DeepSeaOptions = typeof DEEP_SEA_DEFAULTS;

/** Of `size` moves to the right together. */
const MOVE_COST = 0.01;

/** @throws ConfigError for an unknown option or a value that is not allowed */
export function deepSea(given: Partial<DeepSeaOptions> = {}): FiniteDynamics {
  const { size, mappingSeed } = readOptions("DeepSea10-v0", given, DEEP_SEA_DEFAULTS);
  if (!Number.isInteger(size) || size < 2 || size > 200) {
    throw new ConfigError({ field: "DeepSea10-v0 option size", value: size, allowed: "an integer from 2 to 200" });
  }
  if (!Number.isSafeInteger(mappingSeed) || mappingSeed < 0) {
    const field = "DeepSea10-v0 option mappingSeed";
    throw new ConfigError({ field, value: mappingSeed, allowed: "an integer of at least 0" });
  }
  const random = Key.fromSeed(mappingSeed).split("mapping").stream();
  /** `[size²]` the action that goes right. */
  const right = Uint8Array.from({ length: size * size }, () => random.integer(2));
  const ground = size * size;
  const mdp: FiniteMdp = {
    states: ground + 1,
    actions: 2,
    initial: uniformOver(ground + 1, [0]),
    outcomes(state, action) {
      if (state === ground) return certain(ground, 0, true);
      const [row, column] = [Math.floor(state / size), state % size];
      const isLast = row === size - 1;
      const isRight = action === right[state];
      const next = isRight ? Math.min(column + 1, size - 1) : Math.max(column - 1, 0);
      const treasure = isRight && column === size - 1 ? 1 : 0;
      return certain(isLast ? ground : (row + 1) * size + next, treasure - (isRight ? MOVE_COST / size : 0), isLast);
    },
  };
  return finiteDynamics(mdp, (canvas, state) => drawDeepSea(canvas, size, state));
}

/** Registry entries. */
export const deepSeaSpecs = [8, 10, 12, 20].map((size) =>
  dynamicsSpec(
    {
      id: `DeepSea${size}-v0`,
      rewardThreshold: 0.99,
      description: `Dive ${size} rows, always to the right, to find a treasure; every other way gives less than nothing.`,
      source: "Osband et al. 2020 (bsuite)",
    },
    (given: Partial<DeepSeaOptions>) => deepSea({ size, ...given }),
  ),
);
