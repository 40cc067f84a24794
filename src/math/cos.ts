import { reduceHalfPi, remainder } from "./reduce-half-pi.ts";
import { cosKernel, sinKernel } from "./sin-cos-kernel.ts";

/** Cosine of x in radians, error below 0.76 ulp for every finite x; NaN for ±Infinity. */
export function cos(x: number): number {
  const a = Math.abs(x);
  if (a <= 0.7853981633974483) return cosKernel(x, 0);
  if (!(a < Number.POSITIVE_INFINITY)) return Number.NaN;
  const quadrant = reduceHalfPi(x);
  const y = quadrant & 1 ? sinKernel(remainder[0], remainder[1]) : cosKernel(remainder[0], remainder[1]);
  return ((quadrant + 1) & 2) !== 0 ? -y : y;
}
