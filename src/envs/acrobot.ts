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
import { COLORS, hinge, scene, strokeLine } from "./drawing.ts";
import type { DynamicsWithNumbers } from "./dynamics.ts";
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
export function acrobot(given: Partial<AcrobotOptions> = {}): DynamicsWithNumbers<number> {
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
    renderFps: 15,
    description: "Swing the tip of a two-link arm above a line with a motor in the middle joint; every step costs 1.",
    source: "Sutton 1996; Sutton & Barto 2018; as Gymnasium 1.3.0",
  },
  acrobot,
);

/**
 * One classical Runge-Kutta step of DT, in place on `s[i … i + 3]`, the torque held. The equations of motion stand
 * inside the loop over the four stages, as a function of its own would have its numbers boxed by the engine.
 */
function rungeKutta4(s: Float64Array, i: number, torque: number, centrifugal: number): void {
  const startAngle1 = s[i];
  const startAngle2 = s[i + 1];
  const startSpeed1 = s[i + 2];
  const startSpeed2 = s[i + 3];
  // Angles and speeds at the stage, and the weighted sums of their derivatives over the stages.
  let angle1 = startAngle1;
  let angle2 = startAngle2;
  let speed1 = startSpeed1;
  let speed2 = startSpeed2;
  let speeds1 = 0;
  let speeds2 = 0;
  let accelerations1 = 0;
  let accelerations2 = 0;
  for (let stage = 0; stage < 4; stage++) {
    const cos2 = cos(angle2);
    const sin2 = sin(angle2);
    const d1 = CENTRE * CENTRE + (1 + CENTRE * CENTRE + 2 * CENTRE * cos2) + INERTIA + INERTIA;
    const d2 = CENTRE * CENTRE + CENTRE * cos2 + INERTIA;
    // The references write cos(θ − π/2) for sin θ.
    const phi2 = CENTRE * GRAVITY * sin(angle1 + angle2);
    const phi1 =
      -CENTRE * (speed2 * speed2) * sin2 -
      2 * CENTRE * speed2 * speed1 * sin2 +
      (CENTRE + 1) * GRAVITY * sin(angle1) +
      phi2;
    const acceleration2 =
      (torque + (d2 / d1) * phi1 - centrifugal * (speed1 * speed1) * sin2 - phi2) /
      (CENTRE * CENTRE + INERTIA - (d2 * d2) / d1);
    const acceleration1 = -(d2 * acceleration2 + phi1) / d1;

    const weight = stage === 1 || stage === 2 ? 2 : 1;
    speeds1 += weight * speed1;
    speeds2 += weight * speed2;
    accelerations1 += weight * acceleration1;
    accelerations2 += weight * acceleration2;
    const ahead = stage < 2 ? DT / 2 : DT;
    angle1 = startAngle1 + ahead * speed1;
    angle2 = startAngle2 + ahead * speed2;
    speed1 = startSpeed1 + ahead * acceleration1;
    speed2 = startSpeed2 + ahead * acceleration2;
  }
  s[i] = startAngle1 + (DT / 6) * speeds1;
  s[i + 1] = startAngle2 + (DT / 6) * speeds2;
  s[i + 2] = startSpeed1 + (DT / 6) * accelerations1;
  s[i + 3] = startSpeed2 + (DT / 6) * accelerations2;
}

/** The same angle in −π … π, by whole turns. */
function wrap(angle: number): number {
  while (angle > Math.PI) angle -= 2 * Math.PI;
  while (angle < -Math.PI) angle += 2 * Math.PI;
  return angle;
}

function drawAcrobot(canvas: CanvasRenderingContext2D, state: Float64Array): void {
  scene(canvas, 500, 500, () => {
    const scale = 500 / 4.6;
    const pivot = 250;
    const joint = { x: 250 + scale * sin(state[0]), y: pivot + scale * cos(state[0]) };
    const lean = state[0] + state[1];
    const tip = { x: joint.x + scale * sin(lean), y: joint.y + scale * cos(lean) };
    strokeLine(canvas, [-500, pivot - scale, 1000, pivot - scale], COLORS.goal, 3);
    strokeLine(canvas, [250, pivot, joint.x, joint.y], COLORS.carried, 22);
    strokeLine(canvas, [joint.x, joint.y, tip.x, tip.y], COLORS.driven, 22);
    hinge(canvas, 250, pivot, 9);
    hinge(canvas, joint.x, joint.y, 9);
  });
}
