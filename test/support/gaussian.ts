/** The standard normal distribution to a few units in the last place of a double; slow and plain. */
import * as math from "../../src/math/index.ts";

/** φ(x); x² in two parts, because its rounding error is multiplied by x²/2. */
export function density(x: number): number {
  const top = Math.fround(x);
  return (math.exp(-0.5 * top * top) * math.exp(-0.5 * (x - top) * (x + top))) / Math.sqrt(2 * Math.PI);
}

/** Φ(x): series near 0, continued fraction in the tails (Abramowitz and Stegun 26.2.11 and 26.2.14). */
export function cumulative(x: number): number {
  const a = Math.abs(x);
  if (a < 1.5) {
    let term = x;
    let sum = x;
    for (let n = 3; Math.abs(term) > 1e-19; n += 2) {
      term *= (x * x) / n;
      sum += term;
    }
    return 0.5 + density(x) * sum;
  }
  let fraction = a;
  for (let k = 400; k > 0; k--) fraction = a + k / fraction;
  return x < 0 ? density(a) / fraction : 1 - density(a) / fraction;
}
