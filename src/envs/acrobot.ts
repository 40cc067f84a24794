/**
 * Acrobot: a two-link arm hangs from its first joint; a motor in the second joint must swing the tip above the line.
 *
 * Source: Sutton (1996), "Generalization in reinforcement learning: successful examples using sparse coarse coding",
 * and Sutton & Barto (2018). Equal to Gymnasium's Acrobot-v1: one Runge-Kutta step of 0.2 s per action.
 *
 * state: θ₁ [rad, 0 hangs down], θ₂ [rad, relative to the first link], θ̇₁, θ̇₂ [rad/s]
 * observation: cos θ₁, sin θ₁, cos θ₂, sin θ₂, θ̇₁, θ̇₂
 */

import { cos, sin } from "../math/index.ts";
import type { Random } from "../random/index.ts";
import { Box, Discrete } from "../spaces/index.ts";
import { disc, scene, strokeLine } from "./drawing.ts";
import type { Dynamics } from "./dynamics.ts";
import { dynamicsSpec } from "./dynamics-spec.ts";
import { readOptions } from "./options.ts";

export const ACROBOT_DEFAULTS = {
  /** Which equations of motion: those of the book (right) or of the 1996 paper (without the centrifugal term). */
  bookOrNips: "book" as "book" | "nips",
};

export type AcrobotOptions = typeof ACROBOT_DEFAULTS;

const MAX_SPEED_1 = 4 * Math.PI;
const MAX_SPEED_2 = 9 * Math.PI;
const DT = 0.2;
const GRAVITY = 9.8;
/** Both links: length and mass 1, centre of mass in the middle, moment of inertia 1. */
const CENTRE = 0.5;
const INERTIA = 1;

/** @throws ConfigError for an unknown option or a value of the wrong kind */
export function acrobot(given: Partial<AcrobotOptions> = {}): Dynamics<number> {
  const options = readOptions("Acrobot-v1", given, ACROBOT_DEFAULTS, { bookOrNips: ["book", "nips"] });
  const centrifugal = options.bookOrNips === "book" ? CENTRE : 0;
  const high = [1, 1, 1, 1, MAX_SPEED_1, MAX_SPEED_2];
  return {
    stateSize: 4,
    observationSpace: new Box(
      high.map((bound) => -bound),
      high,
    ),
    actionSpace: new Discrete(3),

    start(states: Float64Array, offset: number, random: Random): void {
      for (let i = 0; i < 4; i++) states[offset + i] = Math.fround(-0.1 + 0.2 * random.uniform());
    },

    advance(states, actions, rewards, terminated, count): void {
      for (let n = 0, i = 0; n < count; n++, i += 4) {
        rungeKutta4(states, i, actions[n] - 1, centrifugal);
        const theta1 = wrap(states[i]);
        const theta2 = wrap(states[i + 1]);
        states[i] = theta1;
        states[i + 1] = theta2;
        states[i + 2] = Math.min(Math.max(states[i + 2], -MAX_SPEED_1), MAX_SPEED_1);
        states[i + 3] = Math.min(Math.max(states[i + 3], -MAX_SPEED_2), MAX_SPEED_2);
        const aboveLine = -cos(theta1) - cos(theta2 + theta1) > 1;
        rewards[n] = aboveLine ? 0 : -1;
        terminated[n] = aboveLine ? 1 : 0;
      }
    },

    observe(states, observations, from, to): void {
      for (let n = from; n < to; n++) {
        const i = n * 4;
        const at = n * 6;
        observations[at] = cos(states[i]);
        observations[at + 1] = sin(states[i]);
        observations[at + 2] = cos(states[i + 1]);
        observations[at + 3] = sin(states[i + 1]);
        observations[at + 4] = states[i + 2];
        observations[at + 5] = states[i + 3];
      }
    },

    draw: drawAcrobot,
  };
}

/** Registry entry. */
export const acrobotSpec = dynamicsSpec(
  {
    id: "Acrobot-v1",
    maxEpisodeSteps: 500,
    rewardThreshold: -100,
    description: "Swing the tip of a two-link arm above a line with a motor in the middle joint; every step costs 1.",
    source: "Sutton 1996; Sutton & Barto 2018; as Gymnasium 1.3.0",
  },
  acrobot,
);

/** Accelerations of both joints, written by `accelerate`. Scratch, so that a step allocates nothing. */
const acceleration = new Float64Array(2);

/** Equations of motion: the joint accelerations for a torque in the second joint. */
function accelerate(
  theta1: number,
  theta2: number,
  speed1: number,
  speed2: number,
  torque: number,
  centrifugal: number,
): void {
  const cos2 = cos(theta2);
  const sin2 = sin(theta2);
  const d1 = CENTRE * CENTRE + (1 + CENTRE * CENTRE + 2 * CENTRE * cos2) + INERTIA + INERTIA;
  const d2 = CENTRE * CENTRE + CENTRE * cos2 + INERTIA;
  // The references write cos(θ − π/2) for sin θ.
  const phi2 = CENTRE * GRAVITY * sin(theta1 + theta2);
  const phi1 =
    -CENTRE * (speed2 * speed2) * sin2 -
    2 * CENTRE * speed2 * speed1 * sin2 +
    (CENTRE + 1) * GRAVITY * sin(theta1) +
    phi2;
  const acceleration2 =
    (torque + (d2 / d1) * phi1 - centrifugal * (speed1 * speed1) * sin2 - phi2) /
    (CENTRE * CENTRE + INERTIA - (d2 * d2) / d1);
  acceleration[0] = -(d2 * acceleration2 + phi1) / d1;
  acceleration[1] = acceleration2;
}

/** One classical Runge-Kutta step of DT, in place on `s[i … i + 3]`, the torque held. */
function rungeKutta4(s: Float64Array, i: number, torque: number, centrifugal: number): void {
  const half = DT / 2;
  const theta1 = s[i];
  const theta2 = s[i + 1];
  // v, w: speeds of joints 1 and 2 at the four stages; a, b: their accelerations.
  const v1 = s[i + 2];
  const w1 = s[i + 3];
  accelerate(theta1, theta2, v1, w1, torque, centrifugal);
  const a1 = acceleration[0];
  const b1 = acceleration[1];
  const v2 = v1 + half * a1;
  const w2 = w1 + half * b1;
  accelerate(theta1 + half * v1, theta2 + half * w1, v2, w2, torque, centrifugal);
  const a2 = acceleration[0];
  const b2 = acceleration[1];
  const v3 = v1 + half * a2;
  const w3 = w1 + half * b2;
  accelerate(theta1 + half * v2, theta2 + half * w2, v3, w3, torque, centrifugal);
  const a3 = acceleration[0];
  const b3 = acceleration[1];
  const v4 = v1 + DT * a3;
  const w4 = w1 + DT * b3;
  accelerate(theta1 + DT * v3, theta2 + DT * w3, v4, w4, torque, centrifugal);
  s[i] = theta1 + (DT / 6) * (v1 + 2 * v2 + 2 * v3 + v4);
  s[i + 1] = theta2 + (DT / 6) * (w1 + 2 * w2 + 2 * w3 + w4);
  s[i + 2] = v1 + (DT / 6) * (a1 + 2 * a2 + 2 * a3 + acceleration[0]);
  s[i + 3] = w1 + (DT / 6) * (b1 + 2 * b2 + 2 * b3 + acceleration[1]);
}

/** The same angle in −π … π, by whole turns. */
function wrap(angle: number): number {
  while (angle > Math.PI) angle -= 2 * Math.PI;
  while (angle < -Math.PI) angle += 2 * Math.PI;
  return angle;
}

function drawAcrobot(canvas: CanvasRenderingContext2D, state: Float64Array): void {
  scene(canvas, 500, 500, () => {
    const scale = 500 / 4.4;
    const joint = { x: 250 + scale * sin(state[0]), y: 250 + scale * cos(state[0]) };
    const lean = state[0] + state[1];
    const tip = { x: joint.x + scale * sin(lean), y: joint.y + scale * cos(lean) };
    strokeLine(canvas, [-500, 250 - scale, 1000, 250 - scale], "#000000", 1.5);
    strokeLine(canvas, [250, 250, joint.x, joint.y], "#00cccc", 0.2 * scale);
    strokeLine(canvas, [joint.x, joint.y, tip.x, tip.y], "#00cccc", 0.2 * scale);
    disc(canvas, 250, 250, 0.1 * scale, "#cccc00");
    disc(canvas, joint.x, joint.y, 0.1 * scale, "#cccc00");
  });
}
