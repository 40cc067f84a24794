// The functions of mathematics on vectors of T.

import { add, div, mul, one, select, splat, zero } from "./lanes";
import { atanh32, exp32, expm1_32, log1p32, log1pOfUnit32, log32 } from "./float32";
import { atanh64, cos64, exp64, expm1_64, log1p64, log64, sin64, tanh64 } from "./float64";
import { cumulative, density, mills } from "./gaussian";
import { tanh32 } from "./tanh32";
import { cos32, sin32 } from "./trigonometry";

// @ts-ignore: decorator
@inline
export function exp<T>(x: v128): v128 { return sizeof<T>() == 4 ? exp32(x) : exp64(x); }
// @ts-ignore: decorator
@inline
export function expm1<T>(x: v128): v128 { return sizeof<T>() == 4 ? expm1_32(x) : expm1_64(x); }
// @ts-ignore: decorator
@inline
export function log<T>(x: v128): v128 { return sizeof<T>() == 4 ? log32(x) : log64(x); }
// @ts-ignore: decorator
@inline
export function log1p<T>(x: v128): v128 { return sizeof<T>() == 4 ? log1p32(x) : log1p64(x); }
// @ts-ignore: decorator
@inline
export function sin<T>(x: v128): v128 { return sizeof<T>() == 4 ? sin32(x) : sin64(x); }
// @ts-ignore: decorator
@inline
export function cos<T>(x: v128): v128 { return sizeof<T>() == 4 ? cos32(x) : cos64(x); }
// @ts-ignore: decorator
@inline
export function tanh<T>(x: v128): v128 { return sizeof<T>() == 4 ? tanh32(x) : tanh64(x); }
// @ts-ignore: decorator
@inline
export function atanh<T>(x: v128): v128 { return sizeof<T>() == 4 ? atanh32(x) : atanh64(x); }

/** 1/(1 + e^−x), through e^−|x|, which cannot overflow: e^−|x|/(1 + e^−|x|) where x < 0 */
// @ts-ignore: decorator
@inline
export function sigmoid<T>(x: v128): v128 {
  const unit = one<T>();
  const t = exp<T>(v128.neg<T>(v128.abs<T>(x)));
  return div<T>(select(v128.lt<T>(x, zero()), t, unit), add<T>(unit, t));
}

/** log(1 + e^x) = max(x, 0) + log1p(e^−|x|) */
// @ts-ignore: decorator
@inline
export function softplus<T>(x: v128): v128 {
  const t = exp<T>(v128.neg<T>(v128.abs<T>(x)));
  return add<T>(v128.pmax<T>(x, zero()), sizeof<T>() == 4 ? log1pOfUnit32(t) : log1p64(t));
}

// @ts-ignore: decorator
@inline
function gelu64(x: v128, limit: f64, short: bool): v128 {
  x = f64x2.pmax(x, f64x2.splat(-limit));
  const a = f64x2.pmin(f64x2.abs(x), f64x2.splat(limit));
  return f64x2.mul(x, cumulative(x, density(a), mills(a, short)));
}

// @ts-ignore: decorator
@inline
function geluSlope64(x: v128, limit: f64, short: bool): v128 {
  x = f64x2.pmin(f64x2.pmax(x, f64x2.splat(-limit)), f64x2.splat(limit));
  const a = f64x2.abs(x);
  const phi = density(a);
  return f64x2.add(cumulative(x, phi, mills(a, short)), f64x2.mul(x, phi));
}

// @ts-ignore: decorator
@inline
export function lowHalf(x: v128): v128 { return f64x2.promote_low_f32x4(x); }
// @ts-ignore: decorator
@inline
export function highHalf(x: v128): v128 { return f64x2.promote_low_f32x4(v128.shuffle<i32>(x, x, 2, 3, 2, 3)); }
/** Two float64 vectors, rounded into one of float32. */
// @ts-ignore: decorator
@inline
export function join(low: v128, high: v128): v128 {
  return v128.shuffle<i32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}

/** x·Φ(x), the exact GELU (Hendrycks and Gimpel 2016), PyTorch's default. The limits are where the result has become 0 or x. */
// @ts-ignore: decorator
@inline
export function gelu<T>(x: v128): v128 {
  if (sizeof<T>() == 8) return gelu64(x, 39, false);
  return join(gelu64(lowHalf(x), 15, true), gelu64(highHalf(x), 15, true));
}

/** Φ(x) + x·φ(x) */
// @ts-ignore: decorator
@inline
export function geluSlope<T>(x: v128): v128 {
  if (sizeof<T>() == 8) return geluSlope64(x, 39, false);
  return join(geluSlope64(lowHalf(x), 15, true), geluSlope64(highHalf(x), 15, true));
}

/** x·σ(x) */
// @ts-ignore: decorator
@inline
export function silu<T>(x: v128): v128 {
  const unit = one<T>();
  const t = exp<T>(v128.neg<T>(v128.abs<T>(x)));
  const finite = v128.pmax<T>(x, splat<T>(-1e4));
  return div<T>(mul<T>(finite, select(v128.lt<T>(x, zero()), t, unit)), add<T>(unit, t));
}

/** σ·(1 + x·(1 − σ)) */
// @ts-ignore: decorator
@inline
export function siluSlope<T>(x: v128): v128 {
  const unit = one<T>();
  const finite = v128.pmin<T>(v128.pmax<T>(x, splat<T>(-1e4)), splat<T>(1e4));
  const s = sigmoid<T>(finite);
  return mul<T>(s, add<T>(mul<T>(finite, sigmoid<T>(v128.neg<T>(finite))), unit));
}
