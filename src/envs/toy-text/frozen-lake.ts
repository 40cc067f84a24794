/**
 * FrozenLake: cross a frozen lake from the start to the goal without falling into a hole, on ice that may not go one's way.
 *
 * Tables equal to those of Gymnasium's FrozenLake-v1.
 *
 * state = observation: row · columns + column. Actions: 0 left, 1 down, 2 right, 3 up.
 * Reward 1 at the goal, else 0; holes and goal end the episode.
 */

import { ConfigError } from "../../errors.ts";
import { dynamicsSpec } from "../dynamics-spec.ts";
import { type FiniteDynamics, finiteDynamics } from "../finite-dynamics.ts";
import { certain, type FiniteMdp, type Outcome, uniformOver } from "../finite-mdp.ts";
import { readOptions } from "../options.ts";
import { drawFrozenLake } from "./draw-frozen-lake.ts";
import { DOWN, LEFT, neighbour, RIGHT, slips, UP } from "./grid.ts";

/** S start, F frozen, H hole, G goal. */
const MAPS = {
  "4x4": ["SFFF", "FHFH", "FFFH", "HFFG"],
  "8x8": ["SFFFFFFF", "FFFFFFFF", "FFFHFFFF", "FFFFFHFF", "FFFHFFFF", "FHHFFFHF", "FHFFHFHF", "FFFHFFFG"],
};

export const FROZEN_LAKE_DEFAULTS = {
  /** A map by name. */
  mapName: "4x4" as keyof typeof MAPS,
  /** A map of one's own in place of the named one: rows of S (start), F (frozen), H (hole) and G (goal). */
  desc: [] as readonly string[],
  /** Whether one may slide at a right angle to where one wants to go. */
  isSlippery: true,
  /** On slippery ice, the probability of going where one wants; the two sides share the rest. */
  successRate: 1 / 3,
};

export type FrozenLakeOptions = typeof FROZEN_LAKE_DEFAULTS;

const DIRECTIONS = [LEFT, DOWN, RIGHT, UP];

/** @throws ConfigError for an unknown option, a value of the wrong kind, or a map without start or goal */
export function frozenLake(given: Partial<FrozenLakeOptions> = {}): FiniteDynamics {
  const options = readOptions("FrozenLake-v1", given, FROZEN_LAKE_DEFAULTS, { mapName: ["4x4", "8x8"] });
  const { desc, mapName, isSlippery, successRate } = options;
  if (successRate < 0 || successRate > 1) {
    const field = "FrozenLake-v1 option successRate";
    throw new ConfigError({ field, value: successRate, allowed: "a number from 0 to 1" });
  }
  const map = desc.length > 0 ? readMap(desc) : MAPS[mapName];
  const mdp = frozenLakeMdp(map, isSlippery ? successRate : undefined);
  return finiteDynamics(mdp, (canvas, state) => drawFrozenLake(canvas, map, state));
}

/** @param successRate undefined where the ice is not slippery */
function frozenLakeMdp(map: readonly string[], successRate: number | undefined): FiniteMdp {
  const grid = { rows: map.length, columns: map[0].length };
  const cells = [...map.join("")];
  const states = cells.length;
  const starts = cells.flatMap((cell, state) => (cell === "S" ? [state] : []));

  function outcome(state: number, action: number, probability: number): Outcome {
    const next = neighbour(grid, state, DIRECTIONS[action]);
    const terminated = cells[next] === "G" || cells[next] === "H";
    return { probability, state: next, reward: cells[next] === "G" ? 1 : 0, terminated };
  }

  return {
    states,
    actions: 4,
    initial: uniformOver(states, starts),
    outcomes(state, action) {
      if (cells[state] === "G" || cells[state] === "H") return certain(state, 0, true);
      if (successRate === undefined) return [outcome(state, action, 1)];
      const failRate = (1 - successRate) / 2;
      return slips(action)
        .map((taken) => outcome(state, taken, taken === action ? successRate : failRate))
        .filter(({ probability }) => probability > 0);
    },
  };
}

function readMap(desc: readonly string[]): readonly string[] {
  const text = desc.join("");
  const isMap = desc.every((row) => /^[SFHG]+$/.test(row) && row.length === desc[0].length);
  if (isMap && text.includes("S") && text.includes("G")) return desc;
  const allowed = "rows of equal length made of S (start), F (frozen), H (hole) and G (goal), with a start and a goal";
  throw new ConfigError({ field: "FrozenLake-v1 option desc", value: desc, allowed });
}

const facts = {
  maxEpisodeSteps: 100,
  rewardThreshold: 0.7,
  description: "Cross a frozen lake without falling into a hole, on slippery ice.",
  source: "as Gymnasium 1.3.0",
};
const large = { maxEpisodeSteps: 200, rewardThreshold: 0.85 };
const notSlippery = "Cross a frozen lake without falling into a hole, on ice that is not slippery.";

/** Registry entries. */
export const frozenLakeSpecs = [
  dynamicsSpec({ ...facts, id: "FrozenLake-v1" }, frozenLake),
  dynamicsSpec(
    { ...facts, id: "FrozenLakeDeterministic-v1", rewardThreshold: 1, description: notSlippery },
    variant({ isSlippery: false }),
  ),
  dynamicsSpec(
    { ...facts, ...large, id: "FrozenLake8x8-v1", description: "FrozenLake on a map of 8 × 8." },
    variant({ mapName: "8x8" }),
  ),
  dynamicsSpec(
    {
      ...facts,
      ...large,
      id: "FrozenLake8x8Deterministic-v1",
      rewardThreshold: 1,
      description: "FrozenLake on a map of 8 × 8, on ice that is not slippery.",
    },
    variant({ mapName: "8x8", isSlippery: false }),
  ),
];

/** FrozenLake with other defaults. */
function variant(defaults: Partial<FrozenLakeOptions>) {
  return (given: Partial<FrozenLakeOptions>) => frozenLake({ ...defaults, ...given });
}
