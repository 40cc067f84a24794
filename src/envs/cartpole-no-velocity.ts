/**
 * CartPole without velocities: of x, ẋ, θ, θ̇ only x and θ are seen, so that one observation does not say which way the pole
 * falls; two in a row do. The classic test of memory.
 *
 * Source: Wierstra, Foerster, Peters & Schmidhuber (2010), "Recurrent policy gradients", section 5.1; the id is that of
 * rl-baselines3-zoo. Everything else is CartPole-v1.
 *
 * observation: x [m], θ [rad, 0 is upright, positive leans right]
 */
import { Box } from "../spaces/index.ts";
import { type CartPoleOptions, cartPole } from "./cartpole.ts";
import type { DynamicsWithNumbers } from "./dynamics.ts";
import { dynamicsSpec } from "./dynamics-spec.ts";

/** @throws ConfigError for an unknown option or a value of the wrong kind */
export function cartPoleNoVelocity(options: Partial<CartPoleOptions> = {}): DynamicsWithNumbers<number> {
  const whole = cartPole(options);
  const { low, high } = whole.observationSpace as Box;
  return {
    ...whole,
    observationSpace: new Box([low[0], low[2]], [high[0], high[2]]),

    observe(states, observations, from, to): void {
      for (let n = from; n < to; n++) {
        observations[2 * n] = states[4 * n];
        observations[2 * n + 1] = states[4 * n + 2];
      }
    },
  };
}

/** Registry entry. */
export const cartPoleNoVelocitySpec = dynamicsSpec(
  {
    id: "CartPoleNoVel-v1",
    maxEpisodeSteps: 500,
    rewardThreshold: 475,
    renderFps: 50,
    description: "CartPole-v1 of which only positions are seen: velocities must be remembered.",
    source: "Wierstra et al. 2010; id of rl-baselines3-zoo",
  },
  cartPoleNoVelocity,
);
