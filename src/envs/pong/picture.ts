/**
 * What is to be seen of a game in one moment: where the two paddles and the ball are, in whole pixels. A view of pictures
 * remembers the last k of them, in the state behind the numbers of the game: first the k that the last observation showed, then
 * the k that the next one is to show, each oldest first.
 */

import { SCREEN_WIDTH } from "./court.ts";
import * as game from "./rules.ts";

/** Numbers of a picture: the upper edges of the left and the right paddle, the ball's left and upper edge. */
export const PICTURE_SIZE = 4;
/** Where the ball is when it is not to be seen: beyond the screen. */
const UNSEEN = SCREEN_WIDTH;

/** Where the remembered pictures begin in the state of a game. */
const FIRST = game.GAME_SIZE;

/** Numbers that k remembered pictures take. */
export function memorySize(k: number): number {
  return 2 * k * PICTURE_SIZE;
}

/** Index in the states of the i-th of k pictures that the last observation showed. */
export function shownAt(s: number, i: number): number {
  return s + FIRST + i * PICTURE_SIZE;
}

/** Index in the states of the i-th of k pictures that the next observation is to show. */
export function toShowAt(s: number, k: number, i: number): number {
  return s + FIRST + (k + i) * PICTURE_SIZE;
}

/** The next observation is to show the present picture, after all but the oldest that the last one showed. */
export function remember(states: Float64Array, s: number, k: number): void {
  const first = s + FIRST;
  const size = k * PICTURE_SIZE;
  for (let i = first; i < first + size; i++) states[i] = states[i + size];
  for (let i = first + size; i < first + 2 * size - PICTURE_SIZE; i++) states[i] = states[i + PICTURE_SIZE];
  writePicture(states, s, first + 2 * size - PICTURE_SIZE);
}

/** A game begins: the next observation is to show the present picture alone, k times. */
export function rememberStart(states: Float64Array, s: number, k: number): void {
  const first = s + FIRST;
  const size = k * PICTURE_SIZE;
  for (let i = first; i < first + size; i++) states[i] = states[i + size];
  for (let i = 0; i < k; i++) writePicture(states, s, first + size + i * PICTURE_SIZE);
}

function writePicture(states: Float64Array, s: number, at: number): void {
  states[at] = Math.floor(states[s + game.LEFT_Y]);
  states[at + 1] = Math.floor(states[s + game.RIGHT_Y]);
  states[at + 2] = states[s + game.WAIT] > 0 ? UNSEEN : states[s + game.BALL_X];
  states[at + 3] = Math.floor(states[s + game.BALL_Y]);
}
