import { POWER_BIAS, powerOfTwo } from "./bits.ts";
import { sumError } from "./double-double.ts";
import { exp } from "./exp.ts";
import { expTable, ROUNDER, STEP_HIGH, STEP_LOW, STEPS_PER_E } from "./exp-table.ts";

/**
 * e^x - 1 without cancellation near 0, error below 0.53 ulp. With s = 2^m 2^(j/128) as in `exp`,
 * e^x - 1 = (s - 1) + p + (s - 1) p where p = e^r - 1: the two large terms are added with their rounding error kept.
 */
export function expm1(x: number): number {
  if (!(x > -40 && x < 40)) return x < 0 ? -1 : exp(x);
  if (Math.abs(x) < 1.1102230246251565e-16) return x;
  const n = x * STEPS_PER_E + ROUNDER - ROUNDER;
  const exact = x - n * STEP_HIGH;
  const small = n * STEP_LOW;
  const r = exact - small;
  const rLow = exact - r - small;
  const r2 = r * r;
  const q = r2 * (0.5 + r * (1 / 6)) + r2 * r2 * (1 / 24 + r * (1 / 120 + r * (1 / 720)));
  const k = n | 0;
  const j = (k & 127) << 1;
  const power = powerOfTwo[(k >> 7) + POWER_BIAS];
  const s = expTable[j] * power;
  const sLow = expTable[j + 1] * power;
  const sMinus1 = s - 1;
  const high = sMinus1 + r;
  const low = sumError(sMinus1, r, high) + (sumError(s, -1, sMinus1) + sLow + rLow);
  return high + (low + (q + (sMinus1 + sLow) * (r + q)));
}
