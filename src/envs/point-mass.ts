/**
 * Point mass: push a mass in the plane to the target at the origin, and stop it there. It never terminates.
 *
 * A double integrator with quadratic cost, the textbook case of optimal control (Anderson & Moore 1990, "Optimal control:
 * linear quadratic methods"; as a benchmark of reinforcement learning: Recht 2019, "A tour of reinforcement learning", section
 * 3.1), in two dimensions and with a limited force, by semi-implicit Euler. Where the force stays below its limit the best
 * policy is linear in the state and exactly known.
 *
 * state = observation: x, y [m], ẋ, ẏ [m/s]; action: force [N] along x and y
 */

import type { Random } from "../random/index.ts";
import { Box } from "../spaces/index.ts";
import * as op from "../tensor/index.ts";
import type { DifferentiableDynamics } from "./differentiable.ts";
import { COLORS, disc, ring, scene, strokeLine } from "./drawing.ts";
import type { DynamicsWithNumbers } from "./dynamics.ts";
import { dynamicsSpec } from "./dynamics-spec.ts";
import { readOptions } from "./options.ts";

export const POINT_MASS_DEFAULTS = {
  /** [kg] */
  mass: 1,
  /** What the square of the speed costs, where the square of the distance costs 1. */
  speedCost: 0.1,
  /** What the square of the force costs. */
  forceCost: 0.01,
};

export type PointMassOptions = typeof POINT_MASS_DEFAULTS;

const MAX_FORCE = 1;
const DT = 0.1;

/** @throws ConfigError for an unknown option or a value of the wrong kind */
export function pointMass(given: Partial<PointMassOptions> = {}): DynamicsWithNumbers<ArrayLike<number>> {
  const options = readOptions("PointMass-v0", given, POINT_MASS_DEFAULTS);
  const { mass, speedCost, forceCost } = options;
  const push = DT / mass;
  return {
    stateSize: 4,
    observationSpace: new Box(-Infinity, Infinity, [4]),
    actionSpace: new Box(-MAX_FORCE, MAX_FORCE, [2]),

    start(states: Float64Array, offset: number, random: Random): void {
      for (let i = 0; i < 2; i++) states[offset + i] = -1 + 2 * random.uniform();
      states.fill(0, offset + 2, offset + 4);
    },

    advance(states, actions, rewards, terminated, count): void {
      for (let n = 0; n < count; n++) {
        let cost = 0;
        for (let axis = 0; axis < 2; axis++) {
          const at = 4 * n + axis;
          const position = states[at];
          const velocity = states[at + 2];
          const force = Math.min(Math.max(actions[2 * n + axis], -MAX_FORCE), MAX_FORCE);
          cost += position * position + speedCost * (velocity * velocity) + forceCost * (force * force);
          states[at + 2] = velocity + force * push;
          states[at] = position + states[at + 2] * DT;
        }
        rewards[n] = -cost;
        terminated[n] = 0;
      }
    },

    observe(states, observations, from, to): void {
      for (let i = from * 4; i < to * 4; i++) observations[i] = states[i];
    },

    differentiable: differentiablePointMass(options),
    draw: drawPointMass,
  };
}

/** The same step as operations. There is no gradient through a force at its limit. */
function differentiablePointMass({ mass, speedCost, forceCost }: PointMassOptions): DifferentiableDynamics {
  return {
    stateSize: 4,
    step(states, actions) {
      const position = op.slice(states, 1, 0, 2);
      const velocity = op.slice(states, 1, 2, 4);
      const force = op.clip(actions, -MAX_FORCE, MAX_FORCE);
      const motion = op.add(op.square(position), op.mul(op.square(velocity), speedCost));
      const cost = op.add(motion, op.mul(op.square(force), forceCost));
      const newVelocity = op.add(velocity, op.mul(force, DT / mass));
      const newPosition = op.add(position, op.mul(newVelocity, DT));
      return { states: op.concat([newPosition, newVelocity], 1), rewards: op.neg(op.sum(cost, 1)) };
    },
    observe: (states) => states,
  };
}

/** Registry entry. */
export const pointMassSpec = dynamicsSpec(
  {
    id: "PointMass-v0",
    maxEpisodeSteps: 100,
    description: "Push a mass in the plane to the target and stop it there.",
    source: "the double integrator with quadratic cost; Anderson & Moore 1990, Recht 2019",
  },
  pointMass,
);

/** Pixels per metre. */
const SCALE = 180;

function drawPointMass(canvas: CanvasRenderingContext2D, [x, y, xDot, yDot]: Float64Array): void {
  scene(canvas, 500, 500, () => {
    for (const metres of [0.5, 1]) ring(canvas, 250, 250, metres * SCALE, COLORS.ground, 3);
    ring(canvas, 250, 250, 16, COLORS.goal, 5);
    const [left, top] = [250 + x * SCALE, 250 - y * SCALE];
    // Where it will be in half a second.
    strokeLine(canvas, [left, top, left + 0.5 * xDot * SCALE, top - 0.5 * yDot * SCALE], COLORS.carried, 6);
    disc(canvas, left, top, 14, COLORS.driven);
  });
}
