/**
 * Bit flipping: n bits, a goal of n bits, and n actions, each of which flips one bit. Every step costs 1 until the bits are the
 * goal, where the task ends. Uniformly random actions practically never get there for n above 10, and nothing else tells
 * whether a goal is near.
 *
 * Source: Andrychowicz et al. 2017, "Hindsight experience replay", section 3.1. As in Stable-Baselines3 the task ends at the
 * goal, since there is no action that stays there; the bits at the start are never the goal already.
 *
 * state: the bits, then the goal.
 */

import { ConfigError } from "../../errors.ts";
import type { Random } from "../../random/index.ts";
import { Dict, Discrete, MultiBinary } from "../../spaces/index.ts";
import { COLORS, disc, fillBox, ring, scene, strokeLine } from "../drawing.ts";
import type { DynamicsWithGoals } from "../dynamics.ts";
import { dynamicsSpec } from "../dynamics-spec.ts";
import { readOptions } from "../options.ts";
import type { GoalRules } from "./goal-rules.ts";

export const BIT_FLIPPING_DEFAULTS = {
  /** n */
  bits: 15,
};

export type BitFlippingOptions = typeof BIT_FLIPPING_DEFAULTS;

const goals: GoalRules = {
  computeReward: (achieved, desired) => (isSame(achieved, desired) ? 0 : -1),
  computeTerminated: (achieved, desired) => isSame(achieved, desired),
};

function isSame(achieved: ArrayLike<number>, desired: ArrayLike<number>): boolean {
  for (let i = 0; i < desired.length; i++) if (achieved[i] !== desired[i]) return false;
  return true;
}

/** @throws ConfigError for an unknown option or a number of bits that is not allowed */
export function bitFlipping(given: Partial<BitFlippingOptions> = {}): DynamicsWithGoals<number> {
  const { bits: n } = readOptions("BitFlipping-v0", given, BIT_FLIPPING_DEFAULTS);
  if (!Number.isInteger(n) || n < 1 || n > 1000) {
    throw new ConfigError({ field: "BitFlipping-v0 option bits", value: n, allowed: "an integer from 1 to 1000" });
  }
  const [observation, achievedGoal, desiredGoal] = [new MultiBinary(n), new MultiBinary(n), new MultiBinary(n)];
  const stateSize = 2 * n;
  return {
    stateSize,
    observationSpace: new Dict({ observation, achievedGoal, desiredGoal }),
    actionSpace: new Discrete(n),
    goals,

    start(states: Float64Array, offset: number, random: Random): void {
      const bits = states.subarray(offset, offset + n);
      const goal = states.subarray(offset + n, offset + stateSize);
      for (let i = 0; i < n; i++) bits[i] = random.integer(2);
      do {
        for (let i = 0; i < n; i++) goal[i] = random.integer(2);
      } while (isSame(bits, goal));
    },

    advance(states, actions, rewards, terminated, count): void {
      for (let e = 0, at = 0; e < count; e++, at += stateSize) {
        states[at + actions[e]] = 1 - states[at + actions[e]];
        const achieved = states.subarray(at, at + n);
        const desired = states.subarray(at + n, at + stateSize);
        rewards[e] = goals.computeReward(achieved, desired);
        terminated[e] = goals.computeTerminated(achieved, desired) ? 1 : 0;
      }
    },

    observe(states, observations, from, to): void {
      for (let e = from, into = 3 * n * from; e < to; e++, into += 3 * n) {
        const at = e * stateSize;
        for (let i = 0; i < n; i++) {
          observations[into + i] = states[at + i];
          observations[into + n + i] = states[at + i];
          observations[into + 2 * n + i] = states[at + n + i];
        }
      }
    },

    draw: (canvas, state) => drawBits(canvas, n, state),
  };
}

/** Registry entries: the task of the paper's figure 1, and one that takes a minute less. */
export const bitFlippingSpecs = ([15, 8] as const).map((bits) =>
  dynamicsSpec(
    {
      id: bits === BIT_FLIPPING_DEFAULTS.bits ? "BitFlipping-v0" : `BitFlipping${bits}-v0`,
      maxEpisodeSteps: bits,
      description: `Flip ${bits} bits one by one until they are the goal, which nothing but reaching it rewards.`,
      source: "Andrychowicz et al. 2017, Hindsight experience replay",
    },
    (given: Record<string, never>) => {
      readOptions("BitFlipping-v0", given, {});
      return bitFlipping({ bits });
    },
  ),
);

/** A switch for each bit, up where it is 1, between lamps that show where the goal wants it; green where it is so. */
function drawBits(canvas: CanvasRenderingContext2D, n: number, state: Float64Array): void {
  scene(canvas, 600, 240, () => {
    const pitch = 560 / n;
    const width = Math.min(28, pitch * 0.7);
    for (let i = 0; i < n; i++) {
      const x = 20 + (i + 0.5) * pitch;
      const [bit, wanted] = [state[i], state[n + i]];
      const color = bit === wanted ? COLORS.gain : COLORS.goal;
      fillBox(canvas, x - width / 2, 70, width, 100, COLORS.ground);
      fillBox(canvas, x - width / 2, bit === 1 ? 70 : 120, width, 50, COLORS.driven);
      strokeLine(canvas, [x - width / 4, bit === 1 ? 95 : 145, x + width / 4, bit === 1 ? 95 : 145], COLORS.paper, 3);
      ring(canvas, x, wanted === 1 ? 45 : 195, width / 2.5, COLORS.edge, 2);
      disc(canvas, x, wanted === 1 ? 45 : 195, width / 3, color);
    }
  });
}
