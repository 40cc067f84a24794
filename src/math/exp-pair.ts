import { POWER_BIAS, powerOfTwo } from "./bits.ts";
import { expTable, ROUNDER, STEP_HIGH, STEP_LOW, STEPS_PER_E } from "./exp-table.ts";

/** Where {@link expPair} leaves the low part of its result. */
export const expLow = new Float64Array(1);

/**
 * e^(x + xLow) · 2^-scale to about 61 bits: returns the high part and leaves the low part in `expLow[0]`. For |x| <=
 * 746 and
 * |xLow| tiny beside x; `scale` keeps results that would overflow or be subnormal inside the normal range.
 */
export function expPair(x: number, xLow: number, scale: number): number {
  const n = x * STEPS_PER_E + ROUNDER - ROUNDER;
  const r = x - n * STEP_HIGH - n * STEP_LOW + xLow;
  const r2 = r * r;
  const p = r + r2 * (0.5 + r * (1 / 6)) + r2 * r2 * (1 / 24 + r * (1 / 120 + r * (1 / 720)));
  const k = n | 0;
  const j = (k & 127) << 1;
  const t = expTable[j];
  const rest = expTable[j + 1] + t * p;
  const power = powerOfTwo[(k >> 7) - scale + POWER_BIAS];
  const high = t + rest;
  expLow[0] = (t - high + rest) * power;
  return high * power;
}
