/**
 * CliffWalking: walk from one end of a cliff to the other. The shortest way is along its edge; a fall costs 100 and leads
 * back to the start.
 *
 * Source: Sutton & Barto 2018, example 6.6. Tables equal to those of Gymnasium's CliffWalking-v1.
 *
 * state = observation: row · 12 + column. Actions: 0 up, 1 right, 2 down, 3 left.
 */

import { dynamicsSpec } from "../dynamics-spec.ts";
import { type FiniteDynamics, finiteDynamics } from "../finite-dynamics.ts";
import { type FiniteMdp, type Outcome, uniformOver } from "../finite-mdp.ts";
import { readOptions } from "../options.ts";
import { drawCliffWalking } from "./draw-cliff-walking.ts";
import { DOWN, LEFT, neighbour, RIGHT, slips, UP } from "./grid.ts";

export const CLIFF_WALKING_DEFAULTS = {
  /** Whether two of three steps go off at a right angle. */
  isSlippery: false,
};

export type CliffWalkingOptions = typeof CLIFF_WALKING_DEFAULTS;

const GRID = { rows: 4, columns: 12 };
const STATES = GRID.rows * GRID.columns;
const START = 36;
const GOAL = 47;
const DIRECTIONS = [UP, RIGHT, DOWN, LEFT];

/** @throws ConfigError for an unknown option or a value of the wrong kind */
export function cliffWalking(given: Partial<CliffWalkingOptions> = {}): FiniteDynamics {
  const { isSlippery } = readOptions("CliffWalking-v1", given, CLIFF_WALKING_DEFAULTS);
  const mdp: FiniteMdp = {
    states: STATES,
    actions: 4,
    initial: uniformOver(STATES, [START]),
    outcomes: (state, action) =>
      isSlippery ? slips(action).map((taken) => outcome(state, taken, 1 / 3)) : [outcome(state, action, 1)],
  };
  return finiteDynamics(mdp, drawCliffWalking);
}

function outcome(state: number, action: number, probability: number): Outcome {
  const next = neighbour(GRID, state, DIRECTIONS[action]);
  const isCliff = next > START && next < GOAL;
  if (isCliff) return { probability, state: START, reward: -100, terminated: false };
  return { probability, state: next, reward: -1, terminated: next === GOAL };
}

const source = "Sutton & Barto 2018, example 6.6; as Gymnasium 1.3.0";

/** Registry entries. */
export const cliffWalkingSpecs = [
  dynamicsSpec(
    { id: "CliffWalking-v1", description: "Walk along a cliff without falling; the shortest way is its edge.", source },
    cliffWalking,
  ),
  dynamicsSpec(
    { id: "CliffWalkingSlippery-v1", description: "CliffWalking where two of three steps go off sideways.", source },
    (given: Partial<CliffWalkingOptions>) => cliffWalking({ isSlippery: true, ...given }),
  ),
];
