/** Smaller pictures: of the court's pixels, those in certain rows and columns. Where the court is empty, they are 0. */

import * as court from "./court.ts";
import { PICTURE_SIZE } from "./picture.ts";

/** Which pixels are looked at. */
export interface Sampling {
  readonly height: number;
  readonly width: number;
  /** For each row of the court, from its top on, and for its end: the first sampled row that is not above it. */
  readonly firstRow: Uint8Array;
  /** The same of columns. */
  readonly firstColumn: Uint8Array;
}

/** @param rows sampled rows, counted from the top of the court, ascending; `columns` likewise from the left */
export function sampling(rows: readonly number[], columns: readonly number[]): Sampling {
  return {
    height: rows.length,
    width: columns.length,
    firstRow: firsts(rows, court.COURT_BOTTOM - court.COURT_TOP),
    firstColumn: firsts(columns, court.SCREEN_WIDTH),
  };
}

function firsts(sampled: readonly number[], size: number): Uint8Array {
  return Uint8Array.from({ length: size + 1 }, (_, place) => sampled.filter((other) => other < place).length);
}

/** Adds `value` in the sampled pixels `out[to …]` that paddles and ball take in a remembered picture, `states[at …]`. */
export function addPicture(
  pixels: Sampling,
  states: Float64Array,
  at: number,
  out: Float32Array,
  to: number,
  value: number,
): void {
  paint(pixels, states, at, out, to, 1, value);
}

/** The same in a mirror. */
export function addMirrored(
  pixels: Sampling,
  states: Float64Array,
  at: number,
  out: Float32Array,
  to: number,
  value: number,
): void {
  mirrored[0] = states[at + 1];
  mirrored[1] = states[at];
  mirrored[2] = court.SCREEN_WIDTH - court.BALL_WIDTH - states[at + 2];
  mirrored[3] = states[at + 3];
  paint(pixels, mirrored, 0, out, to, 1, value);
}

const mirrored = new Float64Array(PICTURE_SIZE);

/** Writes 0 into those pixels. */
export function clearPicture(pixels: Sampling, states: Float64Array, at: number, out: Float32Array, to: number): void {
  // Before the first observation nothing was shown.
  if (states[at] !== 0) paint(pixels, states, at, out, to, 0, 0);
}

/** Multiplies by `kept` and adds `value` where paddles and ball are. */
function paint(
  pixels: Sampling,
  states: Float64Array,
  at: number,
  out: Float32Array,
  to: number,
  kept: number,
  value: number,
): void {
  const { PADDLE_WIDTH, PADDLE_HEIGHT } = court;
  paintBox(pixels, court.LEFT_X, states[at], PADDLE_WIDTH, PADDLE_HEIGHT, out, to, kept, value);
  paintBox(pixels, court.RIGHT_X, states[at + 1], PADDLE_WIDTH, PADDLE_HEIGHT, out, to, kept, value);
  paintBox(pixels, states[at + 2], states[at + 3], court.BALL_WIDTH, court.BALL_HEIGHT, out, to, kept, value);
}

/** The same in a box of the screen, as far as it is in the court. */
function paintBox(
  { firstRow, firstColumn, width }: Sampling,
  x: number,
  y: number,
  wide: number,
  high: number,
  out: Float32Array,
  to: number,
  kept: number,
  value: number,
): void {
  const left = firstColumn[Math.max(x, 0)];
  const right = firstColumn[Math.min(x + wide, court.SCREEN_WIDTH)];
  const top = firstRow[Math.max(y, court.COURT_TOP) - court.COURT_TOP];
  const bottom = firstRow[Math.min(y + high, court.COURT_BOTTOM) - court.COURT_TOP];
  for (let row = top; row < bottom; row++) {
    const start = to + row * width;
    for (let i = start + left; i < start + right; i++) out[i] = kept * out[i] + value;
  }
}
