/**
 * Catch: move a paddle under a ball that falls straight down. One reward at the end: +1 caught, −1 missed.
 *
 * Source: Mnih et al. (2014), "Recurrent Models of Visual Attention"; sizes and rules of Osband et al. (2020), "Behaviour
 * Suite for Reinforcement Learning".
 *
 * state: row and column of the ball, column of the paddle. observation: the board `[10, 5]`, 1 where ball or paddle are.
 * Actions: 0 left, 1 stay, 2 right.
 */

import { Box, Discrete } from "../../spaces/index.ts";
import { COLORS, disc, fillPolygon, scene, strokeLine } from "../drawing.ts";
import type { DynamicsWithNumbers } from "../dynamics.ts";
import { dynamicsSpec } from "../dynamics-spec.ts";
import { readOptions } from "../options.ts";

const ROWS = 10;
const COLUMNS = 5;
const CELLS = ROWS * COLUMNS;

/** It has no options. @throws ConfigError where one is given */
export function catchBall(given: Record<string, never> = {}): DynamicsWithNumbers<number> {
  readOptions("Catch-v0", given, {});
  return {
    stateSize: 3,
    observationSpace: new Box(0, 1, [ROWS, COLUMNS]),
    actionSpace: new Discrete(3),

    start(states, offset, random): void {
      states[offset] = 0;
      states[offset + 1] = random.integer(COLUMNS);
      states[offset + 2] = Math.floor(COLUMNS / 2);
    },

    advance(states, actions, rewards, terminated, count): void {
      for (let n = 0, i = 0; n < count; n++, i += 3) {
        const paddle = Math.min(Math.max(states[i + 2] + actions[n] - 1, 0), COLUMNS - 1);
        states[i]++;
        states[i + 2] = paddle;
        const isDown = states[i] === ROWS - 1;
        terminated[n] = isDown ? 1 : 0;
        rewards[n] = isDown ? (paddle === states[i + 1] ? 1 : -1) : 0;
      }
    },

    observe(states, observations, from, to): void {
      observations.fill(0, from * CELLS, to * CELLS);
      for (let n = from, i = 3 * from; n < to; n++, i += 3) {
        observations[n * CELLS + states[i] * COLUMNS + states[i + 1]] = 1;
        observations[n * CELLS + (ROWS - 1) * COLUMNS + states[i + 2]] = 1;
      }
    },

    draw: drawCatch,
  };
}

/** Registry entry. */
export const catchSpec = dynamicsSpec(
  {
    id: "Catch-v0",
    rewardThreshold: 1,
    description: "Move a paddle under a falling ball; one reward at the end.",
    source: "Mnih et al. 2014; Osband et al. 2020 (bsuite)",
  },
  catchBall,
);

function drawCatch(canvas: CanvasRenderingContext2D, [row, column, paddle]: Float64Array): void {
  scene(canvas, 60 * COLUMNS, 60 * ROWS, () => {
    fillPolygon(canvas, [0, 0, 300, 0, 300, 600, 0, 600], COLORS.ground);
    for (let c = 1; c < COLUMNS; c++) strokeLine(canvas, [60 * c, 0, 60 * c, 600], COLORS.paper, 2);
    disc(canvas, 60 * column + 30, 60 * row + 30, 22, COLORS.carried);
    strokeLine(canvas, [60 * paddle + 8, 585, 60 * paddle + 52, 585], COLORS.driven, 12);
  });
}
