import { expLow, expPair } from "./exp-pair.ts";

/**
 * Hyperbolic tangent, error below 0.8 ulp. Up to 0.55 a rational form x + x z P(z)/Q(z), z = x² (interpolated at
 * Chebyshev nodes, relative error 2^-57); above it 1 - 2/(e^2x + 1).
 */
export function tanh(x: number): number {
  const a = Math.abs(x);
  if (a < 0.55) {
    if (a < 1e-8) return x;
    const z = x * x;
    const p = -0.3333333333333333 + z * (-0.02050169562939164 + z * -0.0001993063839766348);
    const q = 1 + z * (0.4615050868881738 + z * (0.02329519200247918 + z * 0.00020667119840528007));
    return x + (x * z * p) / q;
  }
  if (a > 20) return x > 0 ? 1 : -1;
  if (Number.isNaN(x)) return x;
  const e = expPair(2 * a, 0, 0);
  const d = e + 1;
  const dLow = e - d + 1 + expLow[0];
  const q = 2 / d;
  const high = 1 - q;
  const y = high + (1 - high - q + 0.5 * dLow * q * q);
  return x > 0 ? y : -y;
}
