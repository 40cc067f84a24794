/**
 * MountainCarContinuous: the mountain car with a motor of any strength from −1 to 1, and a price for using it.
 *
 * Source: the continuous variant of Moore (1990) that Gymnasium has as MountainCarContinuous-v0, equal to it. Two traps:
 * the motor is clipped to its range but the price is paid for the action as given, and the state is rounded to float32
 * after every step.
 *
 * state = observation: position, velocity [per step]; the hill is sin(3 · position)
 */

import { cos } from "../math/index.ts";
import { Box } from "../spaces/index.ts";
import type { DynamicsWithNumbers } from "./dynamics.ts";
import { dynamicsSpec } from "./dynamics-spec.ts";
import { drawMountainCar, startInValley, VALLEY, valleySpace } from "./mountain-car.ts";
import { readOptions } from "./options.ts";

export const MOUNTAIN_CAR_CONTINUOUS_DEFAULTS = {
  /** Least velocity at the flag. */
  goalVelocity: 0,
  /** Acceleration by the motor at full strength. */
  power: 0.0015,
};

export type MountainCarContinuousOptions = typeof MOUNTAIN_CAR_CONTINUOUS_DEFAULTS;

const GOAL = 0.45;

/** @throws ConfigError for an unknown option or a value of the wrong kind */
export function mountainCarContinuous(
  given: Partial<MountainCarContinuousOptions> = {},
): DynamicsWithNumbers<ArrayLike<number>> {
  const { goalVelocity, power } = readOptions("MountainCarContinuous-v0", given, MOUNTAIN_CAR_CONTINUOUS_DEFAULTS);
  const { left, right, maxSpeed } = VALLEY;
  return {
    stateSize: 2,
    observationSpace: valleySpace(),
    actionSpace: new Box(-1, 1, [1]),
    start: startInValley,

    advance(states, actions, rewards, terminated, count): void {
      for (let n = 0, i = 0; n < count; n++, i += 2) {
        const action = actions[n];
        const force = Math.min(Math.max(action, -1), 1);
        let position = states[i];
        let velocity = states[i + 1] + (force * power - 0.0025 * cos(3 * position));
        velocity = Math.min(Math.max(velocity, -maxSpeed), maxSpeed);
        position = Math.min(Math.max(position + velocity, left), right);
        if (position === left && velocity < 0) velocity = 0;
        const reachedGoal = position >= GOAL && velocity >= goalVelocity;
        states[i] = Math.fround(position);
        states[i + 1] = Math.fround(velocity);
        rewards[n] = (reachedGoal ? 100 : 0) - action * action * 0.1;
        terminated[n] = reachedGoal ? 1 : 0;
      }
    },

    observe(states, observations, from, to): void {
      for (let i = from * 2; i < to * 2; i++) observations[i] = states[i];
    },

    draw: (canvas, state) => drawMountainCar(canvas, state[0], GOAL),
  };
}

/** Registry entry. */
export const mountainCarContinuousSpec = dynamicsSpec(
  {
    id: "MountainCarContinuous-v0",
    maxEpisodeSteps: 999,
    rewardThreshold: 90,
    renderFps: 30,
    description: "The mountain car with a motor of any strength: 100 at the flag, minus the square of what was used.",
    source: "Moore 1990; as Gymnasium 1.3.0",
  },
  mountainCarContinuous,
);
