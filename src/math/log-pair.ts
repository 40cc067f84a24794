import { double, HIGH, POWER_BIAS, powerOfTwo, words } from "./bits.ts";
import { sumError } from "./double-double.ts";
import { HALVER, LN2_HIGH, LN2_LOW, LOG_START, logTable } from "./log-table.ts";

/** Where {@link logPair} leaves the low part of its result. */
export const logLow = new Float64Array(1);

/**
 * ln(x + xLow) to a relative error of about 2^-66: returns the high part and leaves the low part in `logLow[0]`. For
 * finite x > 0 and |xLow| at most half a unit in the last place of x. Relative accuracy holds near 1 too, when x = 1
 * + t rounded and xLow is what the rounding lost.
 */
export function logPair(x: number, xLow: number): number {
  let k = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984;
    k = -54;
  }
  double[0] = x;
  const top = words[HIGH] - LOG_START;
  const e = top >> 20;
  const i = 3 * ((top >> 13) & 127);
  const scale = powerOfTwo[POWER_BIAS - e];
  const m = x * scale;
  k += e;

  // rHigh has at most 27 bits, so its square below is exact.
  const mHigh = m + HALVER - HALVER;
  const mLow = m - mHigh + xLow * scale;
  const inverse = logTable[i];
  const rHigh = mHigh * inverse - 1;
  const rLow = mLow * inverse;
  const r = rHigh + rLow;

  const base = k * LN2_HIGH + logTable[i + 1] + rHigh;
  const half = -0.5 * rHigh * rHigh;
  const first = base + half;
  const second = first + rLow;
  const r2 = r * r;
  const p = 1 / 3 + r * (-1 / 4) + r2 * (1 / 5 + r * (-1 / 6)) + r2 * r2 * (1 / 7 + r * (-1 / 8) + r2 * (1 / 9));
  const rest =
    base -
    first +
    half +
    sumError(first, rLow, second) +
    (k * LN2_LOW + logTable[i + 2]) +
    (r * r2 * p - rLow * (rHigh + 0.5 * rLow));
  const high = second + rest;
  logLow[0] = second - high + rest;
  return high;
}
