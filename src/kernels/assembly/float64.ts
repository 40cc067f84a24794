// float64 transcendental functions on two lanes. exp is fdlibm's e_exp (Sun Microsystems 1993, error below one unit in the last
// place) written for vectors; what is rarely hot goes lane by lane through AssemblyScript's fdlibm port, compiled into the module.

import { k64, one } from "./lanes";
import { logarithm } from "./logarithm";

/** 1.5·2⁵², log2 e, ln 2 in two parts, where e^x has overflown, where it has become 0 */
// @ts-ignore: decorator
@lazy @inline const REDUCE = memory.data<f64>([6755399441055744.0, 1.4426950408889634, 6.93147180369123816490e-1, 1.90821492927058770002e-10, 710.0, -746.0]);
/** fdlibm's P5 … P1 */
// @ts-ignore: decorator
@lazy @inline const EXP = memory.data<f64>([4.13813679705723846039e-8, -1.65339022054652515390e-6, 6.61375632143793436117e-5, -2.77777777770155933842e-3, 1.66666666666666019037e-1]);
// @ts-ignore: decorator
@lazy @inline const TWO = memory.data<f64>([2.0]);
/** The high half of a float64. The bits of 1 there are those of the exponent's bias; its low half is 0. */
// @ts-ignore: decorator
@lazy @inline const HIGH = memory.data<u64>([0xffffffff00000000]);

// @ts-ignore: decorator
@inline
export function exp64(x: v128): v128 {
  x = f64x2.pmax(f64x2.pmin(x, k64(REDUCE, 4)), k64(REDUCE, 5));
  const t = f64x2.add(f64x2.mul(x, k64(REDUCE, 1)), k64(REDUCE));
  const n = f64x2.sub(t, k64(REDUCE));
  const hi = f64x2.sub(x, f64x2.mul(n, k64(REDUCE, 2))), lo = f64x2.mul(n, k64(REDUCE, 3));
  const r = f64x2.sub(hi, lo);
  const z = f64x2.mul(r, r);
  let q = f64x2.add(f64x2.mul(k64(EXP), z), k64(EXP, 1));
  q = f64x2.add(f64x2.mul(q, z), k64(EXP, 2));
  q = f64x2.add(f64x2.mul(q, z), k64(EXP, 3));
  q = f64x2.add(f64x2.mul(q, z), k64(EXP, 4));
  const d = f64x2.sub(r, f64x2.mul(q, z));
  const p = f64x2.sub(one<f64>(), f64x2.sub(f64x2.sub(lo, f64x2.div(f64x2.mul(r, d), f64x2.sub(k64(TWO), d))), hi));
  // The integer n sits in the low half of t; n = h + (n − h) with h about n/2, so that both powers of two exist.
  const low = v128.shuffle<i32>(t, t, 0, 0, 2, 2);
  const half = i32x4.shr_s(low, 1);
  const s = v128.and(i32x4.add(i32x4.shl(half, 20), one<f64>()), k64(HIGH));
  const u = v128.and(i32x4.add(i32x4.shl(i32x4.sub(low, half), 20), one<f64>()), k64(HIGH));
  return f64x2.mul(f64x2.mul(p, s), u);
}

// @ts-ignore: decorator
@inline
function pair(a: f64, b: f64): v128 { return f64x2.replace_lane(f64x2.splat(a), 1, b); }
// @ts-ignore: decorator
@inline
function first(x: v128): f64 { return f64x2.extract_lane(x, 0); }
// @ts-ignore: decorator
@inline
function second(x: v128): f64 { return f64x2.extract_lane(x, 1); }

export function expm1_64(x: v128): v128 { return pair(NativeMath.expm1(first(x)), NativeMath.expm1(second(x))); }
export function log64(x: v128): v128 { return pair(logarithm(first(x)), logarithm(second(x))); }
export function log1p64(x: v128): v128 { return pair(NativeMath.log1p(first(x)), NativeMath.log1p(second(x))); }
export function sin64(x: v128): v128 { return pair(NativeMath.sin(first(x)), NativeMath.sin(second(x))); }
export function cos64(x: v128): v128 { return pair(NativeMath.cos(first(x)), NativeMath.cos(second(x))); }
export function tanh64(x: v128): v128 { return pair(NativeMath.tanh(first(x)), NativeMath.tanh(second(x))); }
export function atanh64(x: v128): v128 { return pair(NativeMath.atanh(first(x)), NativeMath.atanh(second(x))); }
