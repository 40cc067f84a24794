import { double, HIGH, POWER_BIAS, powerOfTwo, words } from "./bits.ts";
import { HALVER, LN2_HIGH, LN2_LOW, LOG_START, logTable } from "./log-table.ts";

/**
 * ln x, error below 0.52 ulp. x = 2^k m with m in [0.6875, 1.375), c near m from a table, r = m/c - 1 exactly, and
 * ln x = k ln2 + ln c + ln(1 + r) with nine terms of the series for |r| < 2^-7. NaN for x < 0, -Infinity for ±0.
 */
export function log(x: number): number {
  let k = 0;
  if (!(x >= 2.2250738585072014e-308 && x <= Number.MAX_VALUE)) {
    if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
    if (x === Number.POSITIVE_INFINITY) return x;
    x *= 18014398509481984;
    k = -54;
  }
  double[0] = x;
  const top = words[HIGH] - LOG_START;
  const e = top >> 20;
  const i = 3 * ((top >> 13) & 127);
  const m = x * powerOfTwo[POWER_BIAS - e];
  k += e;

  const mHigh = m + HALVER - HALVER;
  const inverse = logTable[i];
  const rHigh = mHigh * inverse - 1;
  const rLow = (m - mHigh) * inverse;
  const r = rHigh + rLow;
  const base = k * LN2_HIGH + logTable[i + 1];
  const high = base + r;
  const low = base - high + r + (rHigh - r + rLow) + (k * LN2_LOW + logTable[i + 2]);
  const r2 = r * r;
  const r4 = r2 * r2;
  const p =
    -0.5 + r * (1 / 3) + r2 * (-1 / 4 + r * (1 / 5)) + r4 * (-1 / 6 + r * (1 / 7) + r2 * (-1 / 8 + r * (1 / 9)));
  return high + (low + r2 * p);
}
