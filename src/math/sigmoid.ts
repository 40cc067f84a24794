import { productError } from "./double-double.ts";
import { exp } from "./exp.ts";
import { expLow, expPair } from "./exp-pair.ts";

/** The logistic function 1/(1 + e^-x), error below 0.54 ulp; no overflow or cancellation on either side. */
export function sigmoid(x: number): number {
  if (!(x > -40 && x < 40)) return x > 0 ? 1 : exp(x);
  const e = expPair(-Math.abs(x), 0, 0);
  const eLow = expLow[0];
  const d = 1 + e;
  const dLow = 1 - d + e + eLow;
  const numerator = x < 0 ? e : 1;
  const numeratorLow = x < 0 ? eLow : 0;
  const q = numerator / d;
  const product = q * d;
  return q + (numerator - product - productError(q, d, product) + (numeratorLow - q * dLow)) / d;
}
