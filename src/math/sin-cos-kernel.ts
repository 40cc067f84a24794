/**
 * Sine and cosine on [-π/4, π/4] of a number given as x + xLow. The coefficients are fdlibm's (Sun Microsystems 1993,
 * `k_sin.c`, `k_cos.c`: Remez polynomials with errors 2^-58 and 2^-58), the evaluation keeps what 1 - x²/2 loses.
 */
const S1 = -0.16666666666666632;
const S2 = 0.00833333333332249;
const S3 = -0.0001984126982985795;
const S4 = 2.7557313707070068e-6;
const S5 = -2.5050760253406863e-8;
const S6 = 1.58969099521155e-10;

const C1 = 0.0416666666666666;
const C2 = -0.001388888888887411;
const C3 = 2.480158728947673e-5;
const C4 = -2.7557314351390663e-7;
const C5 = 2.087572321298175e-9;
const C6 = -1.1359647557788195e-11;

export function sinKernel(x: number, xLow: number): number {
  const z = x * x;
  const w = z * z;
  const r = S2 + z * (S3 + z * S4) + z * w * (S5 + z * S6);
  const v = z * x;
  return x - (z * (0.5 * xLow - v * r) - xLow - v * S1);
}

export function cosKernel(x: number, xLow: number): number {
  const z = x * x;
  const w = z * z;
  const r = z * (C1 + z * (C2 + z * C3)) + w * w * (C4 + z * (C5 + z * C6));
  const half = 0.5 * z;
  const high = 1 - half;
  return high + (1 - high - half + (z * r - x * xLow));
}
