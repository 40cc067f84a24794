// The hyperbolic tangent in float32, the most used of all activations.
//
// tanh x = x/8 + x·S(x²)/Q(x²), a minimax fit of degree 9 over 8 with a part taken out whose product is exact: towards saturation,
// where S and Q collect most rounding errors, the quotient is small (3.8 units in the last place at most, 0.53 on average; without
// that, 5.8). x is clamped where the formula gives 1, which it never exceeds. One division and no exponential: forms with e^2x err
// by 2.5 units, but take half as long again.

import { k32 } from "./lanes";

/** S, then Q without its last coefficient, highest powers first */
// @ts-ignore: decorator
@lazy @inline const FIT = memory.data<f32>([-8.60589466e-8, -2.05517663e-5, 0.000273132173, 0.0755874291, 0.875, 7.99652582e-7, 0.000332364754, 0.0259648934, 0.467337877]);
/** Q's last coefficient, 1/8, where the result has become ±1 */
// @ts-ignore: decorator
@lazy @inline const REST = memory.data<f32>([1.0, 0.125, 8.69999886, -8.69999886]);

// @ts-ignore: decorator
@inline
export function tanh32(x: v128): v128 {
  return tanh32With(x, k32(FIT), k32(FIT, 1), k32(FIT, 2), k32(FIT, 3), k32(FIT, 4), k32(FIT, 5), k32(FIT, 6), k32(FIT, 7), k32(FIT, 8),
    k32(REST), k32(REST, 1), k32(REST, 2), k32(REST, 3));
}

/** The same with its constants at hand. */
// @ts-ignore: decorator
@inline
function tanh32With(x: v128, s0: v128, s1: v128, s2: v128, s3: v128, s4: v128, q0: v128, q1: v128, q2: v128, q3: v128, q4: v128, eighth: v128, high: v128, low: v128): v128 {
  x = f32x4.pmax(f32x4.pmin(x, high), low);
  const u = f32x4.mul(x, x);
  let s = f32x4.add(f32x4.mul(u, s0), s1);
  s = f32x4.add(f32x4.mul(s, u), s2);
  s = f32x4.add(f32x4.mul(s, u), s3);
  s = f32x4.add(f32x4.mul(s, u), s4);
  let q = f32x4.add(f32x4.mul(u, q0), q1);
  q = f32x4.add(f32x4.mul(q, u), q2);
  q = f32x4.add(f32x4.mul(q, u), q3);
  q = f32x4.add(f32x4.mul(q, u), q4);
  return f32x4.add(f32x4.mul(x, eighth), f32x4.div(f32x4.mul(x, s), q));
}

/** n bytes of full vectors from x to out, the constants read once. */
export function tanhRun32(x: usize, out: usize, n: usize): void {
  const s0 = k32(FIT), s1 = k32(FIT, 1), s2 = k32(FIT, 2), s3 = k32(FIT, 3), s4 = k32(FIT, 4);
  const q0 = k32(FIT, 5), q1 = k32(FIT, 6), q2 = k32(FIT, 7), q3 = k32(FIT, 8), q4 = k32(REST);
  const eighth = k32(REST, 1), high = k32(REST, 2), low = k32(REST, 3);
  for (const end = x + n; x != end; x += 16) {
    v128.store(out, tanh32With(v128.load(x), s0, s1, s2, s3, s4, q0, q1, q2, q3, q4, eighth, high, low));
    out += 16;
  }
}
