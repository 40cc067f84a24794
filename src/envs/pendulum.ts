/**
 * Pendulum: swing a pendulum up and hold it there with little torque. It never terminates.
 *
 * Equal to Gymnasium's Pendulum-v1: a uniform rod about its end, semi-implicit Euler.
 *
 * state: θ [rad, 0 is upright, grows without bound], θ̇ [rad/s], torque of the last step [N·m] (only drawn)
 * observation: cos θ, sin θ, θ̇
 */

import { cos, sin } from "../math/index.ts";
import type { Random } from "../random/index.ts";
import { Box } from "../spaces/index.ts";
import * as op from "../tensor/index.ts";
import type { DifferentiableDynamics } from "./differentiable.ts";
import { COLORS, fillPolygon, hinge, ring, scene, strokeLine } from "./drawing.ts";
import type { DynamicsWithNumbers } from "./dynamics.ts";
import { dynamicsSpec } from "./dynamics-spec.ts";
import { readOptions } from "./options.ts";

export const PENDULUM_DEFAULTS = {
  /** Gravity [m/s²]. */
  g: 10,
  /** Mass [kg]. */
  m: 1,
  /** Length [m]. */
  l: 1,
};

export type PendulumOptions = typeof PENDULUM_DEFAULTS;

const MAX_SPEED = 8;
const MAX_TORQUE = 2;
const DT = 0.05;
const TWO_PI = 2 * Math.PI;

/** @throws ConfigError for an unknown option or a value of the wrong kind */
export function pendulum(given: Partial<PendulumOptions> = {}): DynamicsWithNumbers<ArrayLike<number>> {
  const { g, m, l } = readOptions("Pendulum-v1", given, PENDULUM_DEFAULTS);
  const weight = (3 * g) / (2 * l);
  const leverage = 3 / (m * l * l);
  return {
    stateSize: 3,
    observationSpace: new Box([-1, -1, -MAX_SPEED], [1, 1, MAX_SPEED]),
    actionSpace: new Box(-MAX_TORQUE, MAX_TORQUE, [1]),

    start(states: Float64Array, offset: number, random: Random): void {
      states[offset] = -Math.PI + TWO_PI * random.uniform();
      states[offset + 1] = -1 + 2 * random.uniform();
      states[offset + 2] = 0;
    },

    advance(states, actions, rewards, terminated, count): void {
      for (let n = 0, i = 0; n < count; n++, i += 3) {
        const theta = states[i];
        const thetaDot = states[i + 1];
        const torque = Math.min(Math.max(actions[n], -MAX_TORQUE), MAX_TORQUE);
        const angle = normalizeAngle(theta);
        rewards[n] = -(angle * angle + 0.1 * (thetaDot * thetaDot) + 0.001 * (torque * torque));
        const speed = thetaDot + (weight * sin(theta) + leverage * torque) * DT;
        const newThetaDot = Math.min(Math.max(speed, -MAX_SPEED), MAX_SPEED);
        states[i] = theta + newThetaDot * DT;
        states[i + 1] = newThetaDot;
        states[i + 2] = torque;
        terminated[n] = 0;
      }
    },

    observe(states, observations, from, to): void {
      for (let i = from * 3; i < to * 3; i += 3) {
        observations[i] = cos(states[i]);
        observations[i + 1] = sin(states[i]);
        observations[i + 2] = states[i + 1];
      }
    },

    differentiable: differentiablePendulum(weight, leverage),
    draw: drawPendulum,
  };
}

/** The same step as operations. There is no gradient through a torque or a speed at its limit, nor through full turns. */
function differentiablePendulum(weight: number, leverage: number): DifferentiableDynamics {
  return {
    stateSize: 3,
    step(states, actions) {
      const theta = op.slice(states, 1, 0, 1);
      const thetaDot = op.slice(states, 1, 1, 2);
      const torque = op.clip(actions, -MAX_TORQUE, MAX_TORQUE);
      const turns = op.floor(op.affine(theta, 1 / TWO_PI, 0.5));
      const angle = op.sub(theta, op.mul(turns, TWO_PI));
      const motion = op.add(op.square(angle), op.mul(op.square(thetaDot), 0.1));
      const cost = op.add(motion, op.mul(op.square(torque), 0.001));
      const acceleration = op.add(op.mul(op.sin(theta), weight), op.mul(torque, leverage));
      const newThetaDot = op.clip(op.add(thetaDot, op.mul(acceleration, DT)), -MAX_SPEED, MAX_SPEED);
      const newTheta = op.add(theta, op.mul(newThetaDot, DT));
      return { states: op.concat([newTheta, newThetaDot, torque], 1), rewards: op.reshape(op.neg(cost), [-1]) };
    },
    observe(states) {
      const theta = op.slice(states, 1, 0, 1);
      return op.concat([op.cos(theta), op.sin(theta), op.slice(states, 1, 1, 2)], 1);
    },
  };
}

/** Registry entry. */
export const pendulumSpec = dynamicsSpec(
  {
    id: "Pendulum-v1",
    maxEpisodeSteps: 200,
    renderFps: 30,
    description: "Swing a pendulum up and hold it there with little torque.",
    source: "as Gymnasium 1.3.0",
  },
  pendulum,
);

/** The same angle in −π … π. The remainder is slow, and hardly ever needed. */
function normalizeAngle(theta: number): number {
  let turned = theta + Math.PI;
  if (turned < 0 || turned >= TWO_PI) {
    turned %= TWO_PI;
    if (turned < 0) turned += TWO_PI;
  }
  return turned - Math.PI;
}

function drawPendulum(canvas: CanvasRenderingContext2D, state: Float64Array): void {
  scene(canvas, 500, 500, () => {
    const length = 170;
    ring(canvas, 250, 250, length, COLORS.ground, 3);
    strokeLine(canvas, [250, 250 - length - 14, 250, 250 - length + 14], COLORS.goal, 5);
    const tip = { x: 250 - length * sin(state[0]), y: 250 - length * cos(state[0]) };
    strokeLine(canvas, [250, 250, tip.x, tip.y], COLORS.carried, 26);
    drawTorque(canvas, state[2]);
    hinge(canvas, 250, 250, 9);
  });
}

/** An arc about the axle, as long as the torque is strong, with an arrowhead in its direction. */
function drawTorque(canvas: CanvasRenderingContext2D, torque: number): void {
  const strength = Math.abs(torque) / MAX_TORQUE;
  if (strength < 0.02) return;
  const radius = 52;
  // Positive torque turns counter-clockwise; on the canvas, angles grow clockwise.
  const turn = torque > 0 ? -1 : 1;
  const arc: number[] = [];
  for (let k = 0; k <= 24; k++) {
    const angle = turn * ((k / 24) * 1.5 * Math.PI * strength - 0.75 * Math.PI * strength) - Math.PI / 2;
    arc.push(250 + radius * cos(angle), 250 + radius * sin(angle));
  }
  strokeLine(canvas, arc, COLORS.driven, 6);
  const end = turn * 0.75 * Math.PI * strength - Math.PI / 2;
  const [x, y] = arc.slice(-2);
  const ahead = { x: -sin(end) * turn * 18, y: cos(end) * turn * 18 };
  const side = { x: cos(end) * 11, y: sin(end) * 11 };
  const head = [x + side.x, y + side.y, x + ahead.x, y + ahead.y, x - side.x, y - side.y];
  fillPolygon(canvas, head, COLORS.driven, 2);
}
