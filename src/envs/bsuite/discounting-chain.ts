/**
 * Discounting chain: the first action chooses after how many steps the reward comes: 1, 3, 10, 30 or 100. All give 1, one of
 * them 1.1. Which one is found shows how far a discount lets an agent see.
 *
 * Source: Osband et al. (2020), "Behaviour Suite for Reinforcement Learning", "Discounting chain".
 *
 * state: steps taken, the choice (−1 before it is made). observation: the choice, steps/100. Actions: the five choices.
 */

import { ConfigError } from "../../errors.ts";
import { Box, Discrete } from "../../spaces/index.ts";
import { COLORS, disc, ring, scene, strokeLine } from "../drawing.ts";
import type { DynamicsWithNumbers } from "../dynamics.ts";
import { dynamicsSpec } from "../dynamics-spec.ts";
import { readOptions } from "../options.ts";

const LENGTH = 100;
const REWARD_STEPS = [1, 3, 10, 30, 100];

export const DISCOUNTING_CHAIN_DEFAULTS = {
  /** Which choice pays 1.1: 0 the nearest … 4 the farthest. */
  best: 4,
};

export type DiscountingChainOptions = typeof DISCOUNTING_CHAIN_DEFAULTS;

/** @throws ConfigError for an unknown option or a value that is not allowed */
export function discountingChain(given: Partial<DiscountingChainOptions> = {}): DynamicsWithNumbers<number> {
  const { best } = readOptions("DiscountingChain-v0", given, DISCOUNTING_CHAIN_DEFAULTS);
  if (!Number.isInteger(best) || best < 0 || best >= REWARD_STEPS.length) {
    const field = "DiscountingChain-v0 option best";
    throw new ConfigError({ field, value: best, allowed: "an integer from 0 to 4" });
  }
  return {
    stateSize: 2,
    observationSpace: new Box([-1, 0], [REWARD_STEPS.length - 1, 1]),
    actionSpace: new Discrete(REWARD_STEPS.length),
    deterministic: true,

    start(states, offset): void {
      states[offset] = 0;
      states[offset + 1] = -1;
    },

    advance(states, actions, rewards, terminated, count): void {
      for (let n = 0, i = 0; n < count; n++, i += 2) {
        if (states[i] === 0) states[i + 1] = actions[n];
        const choice = states[i + 1];
        states[i]++;
        rewards[n] = states[i] === REWARD_STEPS[choice] ? (choice === best ? 1.1 : 1) : 0;
        terminated[n] = states[i] === LENGTH ? 1 : 0;
      }
    },

    observe(states, observations, from, to): void {
      for (let i = 2 * from; i < 2 * to; i += 2) {
        observations[i] = states[i + 1];
        observations[i + 1] = states[i] / LENGTH;
      }
    },

    draw: (canvas, state) => drawDiscountingChain(canvas, best, state),
  };
}

/** Registry entry. */
export const discountingChainSpec = dynamicsSpec(
  {
    id: "DiscountingChain-v0",
    rewardThreshold: 1.1,
    description: "Choose when a reward comes, after 1 to 100 steps; the last one is a tenth larger.",
    source: "Osband et al. 2020 (bsuite)",
  },
  discountingChain,
);

/** Five branches as long as one waits on them, their rewards, and how far one is on the chosen one. */
function drawDiscountingChain(canvas: CanvasRenderingContext2D, best: number, [steps, choice]: Float64Array): void {
  scene(canvas, 600, 300, () => {
    const x = (step: number) => 90 + 4.5 * step;
    REWARD_STEPS.forEach((end, i) => {
      const y = 50 + 50 * i;
      strokeLine(canvas, [40, 150, x(0), y, x(LENGTH), y], i === choice ? COLORS.edge : COLORS.ground, 4);
      disc(canvas, x(end), y, 11, i === choice && steps >= end ? COLORS.gain : COLORS.carried);
      if (i === best) ring(canvas, x(end), y, 16, COLORS.goal, 4);
    });
    if (choice < 0) return disc(canvas, 40, 150, 13, COLORS.driven);
    disc(canvas, x(steps), 50 + 50 * choice, 8, COLORS.driven);
  });
}
