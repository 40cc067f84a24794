/**
 * MountainCar: an underpowered car in a valley swings back and forth until it reaches the flag on the right hill.
 *
 * Source: Moore (1990), "Efficient memory-based learning for robot control"; constants as in Sutton & Barto (2018),
 * example 10.1. Equal to Gymnasium's MountainCar-v0.
 *
 * state = observation: position, velocity [per step]; the hill is sin(3 · position)
 */

import { cos, sin } from "../math/index.ts";
import type { Random } from "../random/index.ts";
import { Box, Discrete } from "../spaces/index.ts";
import { COLORS, fillPolygon, hinge, scene, strokeLine } from "./drawing.ts";
import type { DynamicsWithNumbers } from "./dynamics.ts";
import { dynamicsSpec } from "./dynamics-spec.ts";
import { readOptions } from "./options.ts";

export const MOUNTAIN_CAR_DEFAULTS = {
  /** Least velocity at the flag. */
  goalVelocity: 0,
  /** Acceleration by the motor. */
  force: 0.001,
  /** Acceleration by the steepest slope. */
  gravity: 0.0025,
};

export type MountainCarOptions = typeof MOUNTAIN_CAR_DEFAULTS;

/** The valley, which both mountain cars share. */
export const VALLEY = { left: -1.2, right: 0.6, maxSpeed: 0.07 } as const;
const GOAL = 0.5;

/** Observations of both mountain cars: [position, velocity]. */
export function valleySpace(): Box {
  return new Box([VALLEY.left, -VALLEY.maxSpeed], [VALLEY.right, VALLEY.maxSpeed]);
}

/** Both mountain cars start at rest, uniformly in −0.6 … −0.4. */
export function startInValley(states: Float64Array, offset: number, random: Random): void {
  states[offset] = -0.6 + (-0.4 - -0.6) * random.uniform();
  states[offset + 1] = 0;
}

/** @throws ConfigError for an unknown option or a value of the wrong kind */
export function mountainCar(given: Partial<MountainCarOptions> = {}): DynamicsWithNumbers<number> {
  const { goalVelocity, force, gravity } = readOptions("MountainCar-v0", given, MOUNTAIN_CAR_DEFAULTS);
  const { left, right, maxSpeed } = VALLEY;
  return {
    stateSize: 2,
    observationSpace: valleySpace(),
    actionSpace: new Discrete(3),
    start: startInValley,

    advance(states, actions, rewards, terminated, count): void {
      for (let n = 0, i = 0; n < count; n++, i += 2) {
        let position = states[i];
        let velocity = states[i + 1] + ((actions[n] - 1) * force + cos(3 * position) * -gravity);
        velocity = Math.min(Math.max(velocity, -maxSpeed), maxSpeed);
        position = Math.min(Math.max(position + velocity, left), right);
        if (position === left && velocity < 0) velocity = 0;
        states[i] = position;
        states[i + 1] = velocity;
        rewards[n] = -1;
        terminated[n] = position >= GOAL && velocity >= goalVelocity ? 1 : 0;
      }
    },

    observe(states, observations, from, to): void {
      for (let i = from * 2; i < to * 2; i++) observations[i] = states[i];
    },

    draw: (canvas, state) => drawMountainCar(canvas, state[0], GOAL),
  };
}

/** Registry entry. */
export const mountainCarSpec = dynamicsSpec(
  {
    id: "MountainCar-v0",
    maxEpisodeSteps: 200,
    rewardThreshold: -110,
    renderFps: 30,
    description: "Swing an underpowered car out of a valley to the flag on the hill; every step costs 1.",
    source: "Moore 1990; Sutton & Barto 2018, example 10.1; as Gymnasium 1.3.0",
  },
  mountainCar,
);

/** The hill, the flag at `goal` and the car at `position`. */
export function drawMountainCar(canvas: CanvasRenderingContext2D, position: number, goal: number): void {
  scene(canvas, 600, 400, () => {
    const scale = 600 / (VALLEY.right - VALLEY.left);
    const right = (x: number) => (x - VALLEY.left) * scale;
    const down = (x: number) => 400 - (sin(3 * x) * 0.45 + 0.55) * scale;

    const hill: number[] = [];
    for (let x = VALLEY.left - 1; x <= VALLEY.right + 1; x += 0.02) hill.push(right(x), down(x));
    fillPolygon(canvas, [...hill, hill[hill.length - 2], 1000, hill[0], 1000], COLORS.ground);
    strokeLine(canvas, hill, COLORS.edge, 3);

    const pole = right(goal);
    const foot = down(goal);
    strokeLine(canvas, [pole, foot, pole, foot - 54], COLORS.ink, 3);
    fillPolygon(canvas, [pole + 2, foot - 53, pole + 2, foot - 33, pole + 30, foot - 43], COLORS.goal, 2);

    // The car stands on the hill's tangent: wheels of radius 8 touch it, the body rides on their axles.
    const slope = 3 * 0.45 * cos(3 * position);
    const norm = Math.sqrt(1 + slope * slope);
    const place = (forward: number, up: number) => [
      right(position) + (forward - up * slope) / norm,
      down(position) - (forward * slope + up) / norm,
    ];
    const cabin = [...place(-13, 20), ...place(-8, 31), ...place(6, 31), ...place(13, 20)];
    const body = [...place(-24, 10), ...place(-24, 20), ...place(24, 20), ...place(24, 10)];
    fillPolygon(canvas, cabin, COLORS.carried, 5);
    fillPolygon(canvas, body, COLORS.driven, 5);
    for (const wheel of [place(-14, 9), place(14, 9)]) hinge(canvas, wheel[0], wheel[1], 8);
  });
}
