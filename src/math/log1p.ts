import { sumError } from "./double-double.ts";
import { logLow, logPair } from "./log-pair.ts";

/** ln(1 + x) without cancellation near 0, error below 0.51 ulp. NaN for x < -1, -Infinity for x = -1. */
export function log1p(x: number): number {
  if (!(x > -1 && x < Number.POSITIVE_INFINITY)) {
    return x === -1 ? Number.NEGATIVE_INFINITY : x > 0 ? x : Number.NaN;
  }
  if (Math.abs(x) < 1.1102230246251565e-16) return x;
  const sum = 1 + x;
  const high = logPair(sum, sumError(1, x, sum));
  return high + logLow[0];
}
