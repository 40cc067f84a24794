/**
 * T-maze: a sign at the start of a corridor says which way to go at its other end. In between it is out of sight, so it must
 * be remembered.
 *
 * Source: Bakker (2002), "Reinforcement Learning with Long Short-Term Memory", section 3.
 *
 * state: position, 0 at the start and corridorLength at the junction; the right turn, 1 up or −1 down; 1 once it was taken and
 * −1 for the wrong one, only drawn. observation: 0 1 1 or 1 1 0 at the start (up or down), 1 0 1 in the corridor, 0 1 0 at
 * the junction. Actions: 0 up, 1 right, 2 down, 3 left.
 * Reward 4 for the right turn and −0.1 for the wrong one, which both end the episode; −0.1 for walking into a wall.
 */

import { ConfigError } from "../../errors.ts";
import { Box, Discrete } from "../../spaces/index.ts";
import type { DynamicsWithNumbers } from "../dynamics.ts";
import { dynamicsSpec } from "../dynamics-spec.ts";
import { readOptions } from "../options.ts";
import { drawTMaze } from "./draw-t-maze.ts";

export const T_MAZE_DEFAULTS = {
  /** Steps from the sign to the junction. */
  corridorLength: 10,
};

export type TMazeOptions = typeof T_MAZE_DEFAULTS;

const UP = 0;
const RIGHT = 1;
const DOWN = 2;

/** @throws ConfigError for an unknown option or a value that is not allowed */
export function tMaze(given: Partial<TMazeOptions> = {}): DynamicsWithNumbers<number> {
  const { corridorLength } = readOptions("TMaze-v0", given, T_MAZE_DEFAULTS);
  if (!Number.isInteger(corridorLength) || corridorLength < 1 || corridorLength > 100) {
    const field = "TMaze-v0 option corridorLength";
    throw new ConfigError({ field, value: corridorLength, allowed: "an integer from 1 to 100" });
  }
  return {
    stateSize: 3,
    observationSpace: new Box(0, 1, [3]),
    actionSpace: new Discrete(4),

    start(states, offset, random): void {
      states[offset] = 0;
      states[offset + 1] = 1 - 2 * random.integer(2);
      states[offset + 2] = 0;
    },

    advance(states, actions, rewards, terminated, count): void {
      for (let n = 0, i = 0; n < count; n++, i += 3) {
        const action = actions[n];
        const turns = (action === UP || action === DOWN) && states[i] === corridorLength;
        if (turns) {
          const isRight = (action === UP ? 1 : -1) === states[i + 1];
          states[i + 2] = isRight ? 1 : -1;
          rewards[n] = isRight ? 4 : -0.1;
        } else {
          const step = action === UP || action === DOWN ? 0 : action === RIGHT ? 1 : -1;
          const next = Math.min(Math.max(states[i] + step, 0), corridorLength);
          rewards[n] = next === states[i] ? -0.1 : 0;
          states[i] = next;
        }
        terminated[n] = turns ? 1 : 0;
      }
    },

    observe(states, observations, from, to): void {
      for (let i = 3 * from; i < 3 * to; i += 3) {
        const isStart = states[i] === 0;
        const isJunction = states[i] === corridorLength;
        observations[i] = isStart ? +(states[i + 1] < 0) : isJunction ? 0 : 1;
        observations[i + 1] = isStart || isJunction ? 1 : 0;
        observations[i + 2] = isStart ? +(states[i + 1] > 0) : isJunction ? 0 : 1;
      }
    },

    draw: (canvas, state) => drawTMaze(canvas, corridorLength, state),
  };
}

/** Registry entry. */
export const tMazeSpec = dynamicsSpec(
  {
    id: "TMaze-v0",
    maxEpisodeSteps: 200,
    rewardThreshold: 4,
    description: "Remember a sign at the start of a corridor for the turn at its end.",
    source: "Bakker 2002",
  },
  tMaze,
);
