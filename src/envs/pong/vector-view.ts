import { Box } from "../../spaces/index.ts";
import * as court from "./court.ts";
import * as game from "./rules.ts";
import type { PongView } from "./view.ts";

/** Numbers in an observation. */
export const VECTOR_SIZE = 9;

/**
 * The game as nine numbers from −1 to 1:
 *
 * | | |
 * |---|---|
 * | 0, 1 | place and speed of one's own paddle; down is positive |
 * | 2, 3 | of the other's |
 * | 4, 5 | place of the ball: 1 is on one's own side, and at the bottom |
 * | 6, 7 | its speed, likewise |
 * | 8 | share of the pause that is left until the serve, 0 while the ball is in play |
 */
export const vectorView: PongView = {
  space: new Box(-1, 1, [VECTOR_SIZE]),
  pictures: 0,
  isStack: false,
  write(states, s, out, at) {
    writePaddles(states, s + game.RIGHT_Y, s + game.LEFT_Y, out, at);
    out[at + 4] = (states[s + game.BALL_X] - court.MIDDLE_X) / HALF_WIDTH;
    out[at + 6] = states[s + game.BALL_SPEED_X] / court.FASTEST_SPEED;
    writeRest(states, s, out, at);
  },
  writeMirrored(states, s, out, at) {
    writePaddles(states, s + game.LEFT_Y, s + game.RIGHT_Y, out, at);
    out[at + 4] = (court.MIDDLE_X - states[s + game.BALL_X]) / HALF_WIDTH;
    out[at + 6] = -states[s + game.BALL_SPEED_X] / court.FASTEST_SPEED;
    writeRest(states, s, out, at);
  },
};

const HALF_WIDTH = court.SCREEN_WIDTH - court.MIDDLE_X;
const PADDLE_MIDDLE = (court.PADDLE_MIN + court.PADDLE_MAX) / 2;
const PADDLE_RANGE = court.PADDLE_MAX - PADDLE_MIDDLE;
const BALL_SPEED_DOWN = (court.STEEPEST * court.FASTEST_SPEED) / 2;
const BALL_RANGE = court.BALL_MAX - court.MIDDLE_Y;

/** @param own index of the place of one's own paddle in the state, which its speed follows; `other` likewise */
function writePaddles(states: Float64Array, own: number, other: number, out: Float32Array, at: number): void {
  out[at] = (states[own] - PADDLE_MIDDLE) / PADDLE_RANGE;
  out[at + 1] = states[own + 1] / court.PADDLE_SPEED;
  out[at + 2] = (states[other] - PADDLE_MIDDLE) / PADDLE_RANGE;
  out[at + 3] = states[other + 1] / court.PADDLE_SPEED;
}

function writeRest(states: Float64Array, s: number, out: Float32Array, at: number): void {
  out[at + 5] = (states[s + game.BALL_Y] - court.MIDDLE_Y) / BALL_RANGE;
  out[at + 7] = states[s + game.BALL_SPEED_Y] / BALL_SPEED_DOWN;
  out[at + 8] = states[s + game.WAIT] / court.PAUSE;
}
