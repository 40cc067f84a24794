import { POWER_BIAS, powerOfTwo } from "./bits.ts";
import { expTable, ROUNDER, STEP_HIGH, STEP_LOW, STEPS_PER_E } from "./exp-table.ts";

/**
 * e^x, error below 0.52 ulp (1 where the result is subnormal). x = (128 m + j) ln2/128 + r with |r| <= ln2/256, so
 * e^x = 2^m · 2^(j/128) · e^r: a power of two, a table entry and five terms of the series.
 */
export function exp(x: number): number {
  if (!(x > -708 && x < 709)) return expNearLimits(x);
  const n = x * STEPS_PER_E + ROUNDER - ROUNDER;
  const r = x - n * STEP_HIGH - n * STEP_LOW;
  const r2 = r * r;
  const p = r + r2 * (0.5 + r * (1 / 6)) + r2 * r2 * (1 / 24 + r * (1 / 120));
  const k = n | 0;
  const j = (k & 127) << 1;
  const t = expTable[j];
  return (t + (expTable[j + 1] + t * p)) * powerOfTwo[(k >> 7) + POWER_BIAS];
}

/** Results that overflow, are subnormal or close to it, and NaN. */
function expNearLimits(x: number): number {
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -745.1332191019412) return 0;
  if (Number.isNaN(x)) return x;
  // A power of two taken out of the exponent and put back by one product, which alone may round into a subnormal.
  const scale = x > 0 ? 64 : -64;
  const inRange = expScaled(x, scale);
  return scale > 0 ? inRange * (4294967296 * 4294967296) : inRange * 5.421010862427522e-20;
}

/** e^x · 2^-scale for |x| up to 746, without leaving the range of normal numbers when `scale` is ±64. */
function expScaled(x: number, scale: number): number {
  const n = x * STEPS_PER_E + ROUNDER - ROUNDER;
  const r = x - n * STEP_HIGH - n * STEP_LOW;
  const p = r + r * r * (0.5 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120))));
  const k = n | 0;
  const j = (k & 127) << 1;
  const t = expTable[j];
  return (t + (expTable[j + 1] + t * p)) * powerOfTwo[(k >> 7) - scale + POWER_BIAS];
}
