/**
 * Threshold: choose a number from 0 to 1; above ½ is +1, below −1. The derivative of the reward with respect to the action is
 * 0 wherever there is one, so nothing can be learned by going through the game backwards, only by trying.
 *
 * Smooth threshold: the same with reward tanh(k · (a − ½)), where k is the steepness. Its derivative k · (1 − reward²) shows the
 * way; as k grows it becomes the game above, and the derivative 0 almost everywhere.
 *
 * state: the last action plus 1 (0 before the first) and its reward, both only drawn. observation: always the same.
 */

import { ConfigError } from "../../errors.ts";
import { tanh } from "../../math/index.ts";
import { Box, Discrete } from "../../spaces/index.ts";
import type { DynamicsWithIndices } from "../dynamics.ts";
import { dynamicsSpec } from "../dynamics-spec.ts";
import { readOptions } from "../options.ts";
import { drawThreshold } from "./draw-threshold.ts";

export const SMOOTH_THRESHOLD_DEFAULTS = {
  /** How fast the reward goes from −1 to 1 around ½: k above. */
  steepness: 10,
};

export type SmoothThresholdOptions = typeof SMOOTH_THRESHOLD_DEFAULTS;

/** It has no options. @throws ConfigError where one is given */
export function threshold(given: Record<string, never> = {}): DynamicsWithIndices<ArrayLike<number>> {
  readOptions("Threshold-v0", given, {});
  return oneNumber((action) => (action > 0.5 ? 1 : -1));
}

/** @throws ConfigError for an unknown option or a steepness that is not above 0 */
export function smoothThreshold(given: Partial<SmoothThresholdOptions> = {}): DynamicsWithIndices<ArrayLike<number>> {
  const { steepness } = readOptions("SmoothThreshold-v0", given, SMOOTH_THRESHOLD_DEFAULTS);
  if (steepness <= 0) {
    const field = "SmoothThreshold-v0 option steepness";
    throw new ConfigError({ field, value: steepness, allowed: "a number above 0" });
  }
  return oneNumber((action) => tanh(steepness * (action - 0.5)));
}

/** One action from 0 to 1, clipped to that, and its reward. */
function oneNumber(reward: (action: number) => number): DynamicsWithIndices<ArrayLike<number>> {
  return {
    stateSize: 2,
    observationSpace: new Discrete(1),
    actionSpace: new Box(0, 1, [1]),
    deterministic: true,

    // The last action stays in the picture: after a single step there is nothing else to see.
    start: () => undefined,

    advance(states, actions, rewards, terminated, count): void {
      for (let n = 0; n < count; n++) {
        const action = Math.min(Math.max(actions[n], 0), 1);
        rewards[n] = reward(action);
        terminated[n] = 1;
        states[2 * n] = action + 1;
        states[2 * n + 1] = rewards[n];
      }
    },

    observeIndices: (_states, indices, from, to) => void indices.fill(0, from, to),

    draw: (canvas, state) => drawThreshold(canvas, reward, state),
  };
}

/** Registry entries. */
export const thresholdSpecs = [
  dynamicsSpec(
    {
      id: "Threshold-v0",
      rewardThreshold: 1,
      description: "Choose a number from 0 to 1: +1 above a half, −1 below.",
      source: "a game without a derivative",
    },
    threshold,
  ),
  dynamicsSpec(
    {
      id: "SmoothThreshold-v0",
      description: "Choose a number from 0 to 1: the reward rises from −1 to 1 around a half.",
      source: "Threshold-v0 with a derivative",
    },
    smoothThreshold,
  ),
];
