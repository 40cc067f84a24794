/**
 * Taxi: fetch a passenger from one of four places and take him to another, around walls.
 *
 * Source: Dietterich (2000), "Hierarchical Reinforcement Learning with the MAXQ Value Function Decomposition", section 2.
 * Tables equal to those of Gymnasium's Taxi-v4.
 *
 * state = observation: ((row · 5 + column) · 5 + passenger) · 4 + destination, where passenger is the place at which he
 * waits, or 4 in the taxi. Actions: 0 down, 1 up, 2 right, 3 left, 4 pick up, 5 drop off.
 * Reward −1 per step, 20 for the right destination (the end), −10 for picking up or dropping off where that cannot be.
 */

import { dynamicsSpec } from "../dynamics-spec.ts";
import { type FiniteDynamics, finiteDynamics } from "../finite-dynamics.ts";
import { certain, type FiniteMdp, type Outcome, uniformOver } from "../finite-mdp.ts";
import { readOptions } from "../options.ts";
import { drawTaxi } from "./draw-taxi.ts";
import { DOWN, LEFT, neighbour, RIGHT, UP } from "./grid.ts";
import { GRID, IN_TAXI, isWallRightOf, PLACES, readTaxiState, STATES, stateOfTaxi } from "./taxi-state.ts";

export const TAXI_DEFAULTS = {
  /** Whether a mask allows only actions that change something, as in Gymnasium's `info.action_mask`. */
  actionMask: false,
};

export type TaxiOptions = typeof TAXI_DEFAULTS;

const DIRECTIONS = [DOWN, UP, RIGHT, LEFT];
const PICK_UP = 4;

/** @throws ConfigError for an unknown option or a value of the wrong kind */
export function taxi(given: Partial<TaxiOptions> = {}): FiniteDynamics {
  const { actionMask } = readOptions("Taxi-v4", given, TAXI_DEFAULTS);
  const all = Array.from({ length: STATES }, (_, state) => state);
  const starts = all.filter((state) => {
    const { passenger, destination } = readTaxiState(state);
    return passenger !== IN_TAXI && passenger !== destination;
  });
  const mdp: FiniteMdp = { states: STATES, actions: 6, initial: uniformOver(STATES, starts), outcomes };
  const changes = (state: number, action: number) => outcomes(state, action)[0].state !== state;
  return finiteDynamics(mdp, drawTaxi, actionMask ? changes : undefined);
}

function outcomes(state: number, action: number): readonly Outcome[] {
  const { cell, passenger, destination } = readTaxiState(state);
  if (action < PICK_UP) {
    const isBlocked = DIRECTIONS[action] === RIGHT ? isWallRightOf(cell) : action === 3 && isWallRightOf(cell - 1);
    const next = isBlocked ? cell : neighbour(GRID, cell, DIRECTIONS[action]);
    return certain(stateOfTaxi(next, passenger, destination), -1);
  }
  const place = PLACES.indexOf(cell);
  if (action === PICK_UP) {
    return passenger === place ? certain(stateOfTaxi(cell, IN_TAXI, destination), -1) : certain(state, -10);
  }
  if (passenger !== IN_TAXI || place < 0) return certain(state, -10);
  const hasArrived = place === destination;
  return certain(stateOfTaxi(cell, place, destination), hasArrived ? 20 : -1, hasArrived);
}

const facts = {
  maxEpisodeSteps: 200,
  rewardThreshold: 8,
  source: "Dietterich 2000; as Gymnasium 1.3.0",
};

/** Registry entries. */
export const taxiSpecs = [
  dynamicsSpec(
    { ...facts, id: "Taxi-v4", description: "Fetch a passenger from one of four places and take him to another." },
    taxi,
  ),
  dynamicsSpec(
    { ...facts, id: "TaxiMasked-v4", description: "Taxi with a mask that allows only actions that change something." },
    (given: Partial<TaxiOptions>) => taxi({ actionMask: true, ...given }),
  ),
];
