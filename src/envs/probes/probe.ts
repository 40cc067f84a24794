/**
 * Probe environments: the smallest that each need one more part of a learner to work. Where one fails and those before it pass,
 * the fault is in the part it adds.
 *
 * Source: Jones (2021), "Debugging Reinforcement Learning Systems", section "Probe environments".
 *
 * state: steps taken, a fair coin (−1 or 1) tossed at the start; the last action (−1 … 1), its reward and whether there was one
 * are only drawn.
 */

import { Box, Discrete } from "../../spaces/index.ts";
import type { DynamicsWithNumbers } from "../dynamics.ts";
import { drawProbe } from "./draw-probe.ts";

export interface ProbeRule {
  /** Steps of an episode; Infinity where it never terminates. */
  readonly length: number;
  /** What is seen after t steps. */
  readonly observation: (t: number, coin: number) => number;
  /** What step t gives for what was seen and done: −1 or 1 for the two discrete actions, any number within the bounds else. */
  readonly reward: (t: number, observation: number, action: number) => number;
  /** Says that the coin is of no account. */
  readonly deterministic?: boolean;
}

/** Two actions: 0, which counts as −1, and 1. */
export function probe(rule: ProbeRule): DynamicsWithNumbers<number> {
  return { ...play(rule, (action) => 2 * action - 1), actionSpace: new Discrete(2) };
}

/** One number from −limit to limit, by default 1, clipped to that. */
export function continuousProbe(rule: ProbeRule, limit = 1): DynamicsWithNumbers<ArrayLike<number>> {
  const clipped = (action: number) => Math.min(Math.max(action, -limit), limit);
  return { ...play(rule, clipped), actionSpace: new Box(-limit, limit, [1]) };
}

const SIZE = 5;

function play(
  { length, observation, reward, deterministic = false }: ProbeRule,
  meaning: (action: number) => number,
): Omit<DynamicsWithNumbers<unknown>, "actionSpace"> {
  return {
    stateSize: SIZE,
    observationSpace: new Box(-1, 1, [1]),
    deterministic,

    // The last action stays in the picture: where an episode is a single step, there is nothing else to see.
    start(states, offset, random): void {
      states[offset] = 0;
      states[offset + 1] = 2 * random.integer(2) - 1;
    },

    advance(states, actions, rewards, terminated, count): void {
      for (let n = 0, i = 0; n < count; n++, i += SIZE) {
        const action = meaning(actions[n]);
        const [t, coin] = [states[i], states[i + 1]];
        rewards[n] = reward(t, observation(t, coin), action);
        states[i] = t + 1;
        terminated[n] = t + 1 === length ? 1 : 0;
        states[i + 2] = action;
        states[i + 3] = rewards[n];
        states[i + 4] = 1;
      }
    },

    observe(states, observations, from, to): void {
      for (let n = from, i = SIZE * from; n < to; n++, i += SIZE)
        observations[n] = observation(states[i], states[i + 1]);
    },

    draw: (canvas, state) => drawProbe(canvas, observation(state[0], state[1]), state),
  };
}
