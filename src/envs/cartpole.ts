/**
 * CartPole: keep a pole upright by pushing its cart left or right.
 *
 * Source: Barto, Sutton & Anderson (1983), "Neuronlike adaptive elements that can solve difficult learning control
 * problems", with the frictionless equations of Florian (2007), "Correct equations for the dynamics of the cart-pole
 * system", eqs. 23 and 24. Equal to Gymnasium's CartPole-v1.
 *
 * state = observation: x [m], ẋ [m/s], θ [rad, 0 is upright, positive leans right], θ̇ [rad/s]
 */

import { cos, sin } from "../math/index.ts";
import type { Random } from "../random/index.ts";
import { Box, Discrete } from "../spaces/index.ts";
import { COLORS, fillPolygon, hinge, scene, strokeLine } from "./drawing.ts";
import type { DynamicsWithNumbers } from "./dynamics.ts";
import { dynamicsSpec } from "./dynamics-spec.ts";
import { readOptions } from "./options.ts";

export const CARTPOLE_DEFAULTS = {
  /** Reward −1 at the fall and 0 before it, as in the 1983 paper, instead of 1 per step. */
  suttonBartoReward: false,
  /** "euler" moves with the old velocities, "semi-implicit euler" with the new ones. */
  kinematicsIntegrator: "euler" as "euler" | "semi-implicit euler",
  /** [m/s²] */
  gravity: 9.8,
  /** [kg] */
  massCart: 1,
  /** [kg] */
  massPole: 0.1,
  /** Half the pole's length [m]. */
  length: 0.5,
  /** Size of a push [N]. */
  forceMag: 10,
  /** Time between steps [s]. */
  tau: 0.02,
};

export type CartPoleOptions = typeof CARTPOLE_DEFAULTS;

/** Beyond these the episode ends: 2.4 m and 12°. */
const X_LIMIT = 2.4;
const THETA_LIMIT = (12 * 2 * Math.PI) / 360;

/** @throws ConfigError for an unknown option or a value of the wrong kind */
export function cartPole(given: Partial<CartPoleOptions> = {}): DynamicsWithNumbers<number> {
  const options = readOptions("CartPole-v1", given, CARTPOLE_DEFAULTS, {
    kinematicsIntegrator: ["euler", "semi-implicit euler"],
  });
  const { gravity, massPole, length, forceMag, tau } = options;
  const semiImplicit = options.kinematicsIntegrator === "semi-implicit euler";
  const aliveReward = options.suttonBartoReward ? 0 : 1;
  const fallReward = options.suttonBartoReward ? -1 : 1;
  const inverseMass = 1 / (massPole + options.massCart);
  const poleMassLength = massPole * length;
  const poleMassShare = massPole * inverseMass;

  // Twice the limits, so that the observation that ends an episode is still inside the space.
  const high = [X_LIMIT * 2, Infinity, THETA_LIMIT * 2, Infinity];
  return {
    stateSize: 4,
    observationSpace: new Box(
      high.map((bound) => -bound),
      high,
    ),
    actionSpace: new Discrete(2),

    start(states: Float64Array, offset: number, random: Random): void {
      for (let i = 0; i < 4; i++) states[offset + i] = -0.05 + 0.1 * random.uniform();
    },

    advance(states, actions, rewards, terminated, count): void {
      for (let n = 0, i = 0; n < count; n++, i += 4) {
        const xDot = states[i + 1];
        const theta = states[i + 2];
        const thetaDot = states[i + 3];
        // Without a branch: which way a policy pushes cannot be predicted.
        const force = (2 * actions[n] - 1) * forceMag;
        const cosTheta = cos(theta);
        const sinTheta = sin(theta);

        const push = (force + poleMassLength * (thetaDot * thetaDot) * sinTheta) * inverseMass;
        const thetaAcc =
          (gravity * sinTheta - cosTheta * push) / (length * (4 / 3 - poleMassShare * (cosTheta * cosTheta)));
        const xAcc = push - poleMassShare * length * thetaAcc * cosTheta;

        const newXDot = xDot + tau * xAcc;
        const newThetaDot = thetaDot + tau * thetaAcc;
        const x = states[i] + tau * (semiImplicit ? newXDot : xDot);
        const newTheta = theta + tau * (semiImplicit ? newThetaDot : thetaDot);
        states[i] = x;
        states[i + 1] = newXDot;
        states[i + 2] = newTheta;
        states[i + 3] = newThetaDot;

        const fell = x < -X_LIMIT || x > X_LIMIT || newTheta < -THETA_LIMIT || newTheta > THETA_LIMIT;
        terminated[n] = fell ? 1 : 0;
        rewards[n] = fell ? fallReward : aliveReward;
      }
    },

    observe(states, observations, from, to): void {
      for (let i = from * 4; i < to * 4; i++) observations[i] = states[i];
    },

    draw: drawCartPole,
  };
}

/** Registry entry. */
export const cartPoleSpec = dynamicsSpec(
  {
    id: "CartPole-v1",
    maxEpisodeSteps: 500,
    rewardThreshold: 475,
    renderFps: 50,
    description: "Keep a pole upright on a cart by pushing the cart left or right.",
    source: "Barto, Sutton & Anderson 1983; equations of Florian 2007; as Gymnasium 1.3.0",
  },
  cartPole,
);

function drawCartPole(canvas: CanvasRenderingContext2D, state: Float64Array): void {
  scene(canvas, 600, 400, () => {
    const track = 310;
    const x = 300 + (state[0] / X_LIMIT) * 300;
    const axle = track - 30;
    fillPolygon(canvas, [-600, track, 1200, track, 1200, 1000, -600, 1000], COLORS.ground);
    strokeLine(canvas, [-600, track, 1200, track], COLORS.edge, 2);
    fillPolygon(
      canvas,
      [x - 30, track - 30, x + 30, track - 30, x + 30, track - 12, x - 30, track - 12],
      COLORS.driven,
      8,
    );
    for (const wheel of [x - 20, x + 20]) hinge(canvas, wheel, track - 8, 8);
    const tip = 125;
    strokeLine(canvas, [x, axle, x + tip * sin(state[2]), axle - tip * cos(state[2])], COLORS.carried, 12);
    hinge(canvas, x, axle, 6);
  });
}
