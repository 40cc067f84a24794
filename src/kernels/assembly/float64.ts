// float64 transcendental functions on two lanes. exp is fdlibm's e_exp (Sun Microsystems 1993, error below one unit in the last
// place) written for vectors; what is rarely hot goes lane by lane through AssemblyScript's fdlibm port, compiled into the module.

import { logarithm } from "./logarithm";

// @ts-ignore: decorator
@inline
function c(x: f64): v128 { return f64x2.splat(x); }

/** 1.5·2⁵² */
const MAGIC: f64 = 6755399441055744.0;
const LOG2E: f64 = 1.4426950408889634;
const LN2_HI: f64 = 6.93147180369123816490e-1;
const LN2_LO: f64 = 1.90821492927058770002e-10;

// @ts-ignore: decorator
@inline
export function exp64(x: v128): v128 {
  x = f64x2.pmax(f64x2.pmin(x, c(710)), c(-746));
  const t = f64x2.add(f64x2.mul(x, c(LOG2E)), c(MAGIC));
  const n = f64x2.sub(t, c(MAGIC));
  const hi = f64x2.sub(x, f64x2.mul(n, c(LN2_HI))), lo = f64x2.mul(n, c(LN2_LO));
  const r = f64x2.sub(hi, lo);
  const z = f64x2.mul(r, r);
  let q = f64x2.add(f64x2.mul(c(4.13813679705723846039e-8), z), c(-1.65339022054652515390e-6));
  q = f64x2.add(f64x2.mul(q, z), c(6.61375632143793436117e-5));
  q = f64x2.add(f64x2.mul(q, z), c(-2.77777777770155933842e-3));
  q = f64x2.add(f64x2.mul(q, z), c(1.66666666666666019037e-1));
  const d = f64x2.sub(r, f64x2.mul(q, z));
  const p = f64x2.sub(c(1), f64x2.sub(f64x2.sub(lo, f64x2.div(f64x2.mul(r, d), f64x2.sub(c(2), d))), hi));
  // The integer n sits in the low half of t; n = h + (n − h) with h about n/2, so that both powers of two exist.
  const low = v128.shuffle<i32>(t, t, 0, 0, 2, 2);
  const half = i32x4.shr_s(low, 1);
  const high = i64x2.splat(<i64>0xffffffff00000000);
  const s = v128.and(i32x4.add(i32x4.shl(half, 20), i32x4.splat(0x3ff00000)), high);
  const u = v128.and(i32x4.add(i32x4.shl(i32x4.sub(low, half), 20), i32x4.splat(0x3ff00000)), high);
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
