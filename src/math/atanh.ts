import { sumError } from "./double-double.ts";
import { logLow, logPair } from "./log-pair.ts";

/** Inverse hyperbolic tangent ½ ln((1 + x)/(1 - x)), error below 0.51 ulp. NaN for |x| > 1, ±Infinity at ±1. */
export function atanh(x: number): number {
  const a = Math.abs(x);
  if (!(a < 1)) return a === 1 ? x * Number.POSITIVE_INFINITY : Number.NaN;
  if (a < 1e-8) return x;
  const above = 1 + x;
  const logAbove = logPair(above, sumError(1, x, above));
  const lowAbove = logLow[0];
  const below = 1 - x;
  const logBelow = logPair(below, sumError(1, -x, below));
  const difference = logAbove - logBelow;
  return 0.5 * (difference + (sumError(logAbove, -logBelow, difference) + (lowAbove - logLow[0])));
}
