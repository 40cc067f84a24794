import { multiply, squareRoot } from "./double-double.ts";

/**
 * `expTable[2 j]` is 2^(j/128) rounded and `expTable[2 j + 1]` what the rounding left over, j = 0 … 127 (the method of
 * Tang 1989, "Table-driven implementation of the exponential function"). Made when the module is loaded: seven square
 * roots of 2 in double-double arithmetic give 2^(1/128), products give the rest.
 */
export const expTable = new Float64Array(256);

let step = { high: 2, low: 0 };
for (let i = 0; i < 7; i++) step = squareRoot(step);
let power = { high: 1, low: 0 };
for (let j = 0; j < 128; j++) {
  expTable[2 * j] = power.high;
  expTable[2 * j + 1] = power.low;
  power = multiply(power, step);
}

/** 128 / ln 2. */
export const STEPS_PER_E = 184.6649652337873;

/** ln 2 / 128 in two parts: the first has 34 bits, so that its product with any step number here is exact. */
export const STEP_HIGH = 0.005415212347998022;
export const STEP_LOW = 1.2655086083325438e-13;

/** Adding and subtracting 1.5·2^52 rounds |x| < 2^51 to the nearest integer, ties to even. */
export const ROUNDER = 6755399441055744;
