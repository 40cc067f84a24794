// float32 sine and cosine, reduced and evaluated in float64: the result is the rounded one but for rare ties.

import { select } from "./lanes";

// @ts-ignore: decorator
@inline
function c(x: f64): v128 { return f64x2.splat(x); }

/** sin(x + quarter·π/2) of two lanes in float64, |x| < 2²⁰. π/2 in two parts; the first has 33 bits, so its multiples are exact. */
// @ts-ignore: decorator
@inline
function sinTurned(x: v128, quarter: i32): v128 {
  const t = f64x2.add(f64x2.mul(x, c(0.6366197723675814)), c(6755399441055744.0));
  const n = f64x2.sub(t, c(6755399441055744.0));
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(n, c(1.57079632673412561417))), f64x2.mul(n, c(6.07710050650619224932e-11)));
  const z = f64x2.mul(r, r);
  let s = f64x2.add(f64x2.mul(c(2.7183041197871406e-6), z), c(-0.00019839334069151826));
  s = f64x2.add(f64x2.mul(s, z), c(0.00833332938352775));
  s = f64x2.add(f64x2.mul(s, z), c(-0.16666666641606365));
  s = f64x2.add(f64x2.mul(f64x2.mul(s, z), r), r);
  let k = f64x2.add(f64x2.mul(c(2.4383480946702528e-5), z), c(-0.0013886680729811595));
  k = f64x2.add(f64x2.mul(k, z), c(0.04166662032811202));
  k = f64x2.add(f64x2.mul(k, z), c(-0.49999999694222114));
  k = f64x2.add(f64x2.mul(k, z), c(1));
  const turn = i32x4.add(v128.shuffle<i32>(t, t, 0, 0, 2, 2), i32x4.splat(quarter));
  const odd = i32x4.shr_s(i32x4.shl(turn, 31), 31);
  const sign = v128.and(i32x4.shl(turn, 30), i64x2.splat(<i64>0x8000000000000000));
  return v128.xor(select(odd, k, s), sign);
}

// @ts-ignore: decorator
@inline
function turned(x: v128, quarter: i32): v128 {
  const low = f32x4.demote_f64x2_zero(sinTurned(f64x2.promote_low_f32x4(x), quarter));
  const high = f32x4.demote_f64x2_zero(sinTurned(f64x2.promote_low_f32x4(v128.shuffle<i32>(x, x, 2, 3, 2, 3)), quarter));
  let y = v128.shuffle<i32>(low, high, 0, 1, 4, 5);
  const large = v128.not(f32x4.lt(f32x4.abs(x), f32x4.splat(1048576)));
  if (v128.any_true(large)) y = select(large, lanewise(x, quarter), y);
  return y;
}

/** For arguments beyond the two-part reduction: fdlibm's, in float64. */
function lanewise(x: v128, quarter: i32): v128 {
  let y = f32x4.splat(one(f32x4.extract_lane(x, 0), quarter));
  y = f32x4.replace_lane(y, 1, one(f32x4.extract_lane(x, 1), quarter));
  y = f32x4.replace_lane(y, 2, one(f32x4.extract_lane(x, 2), quarter));
  return f32x4.replace_lane(y, 3, one(f32x4.extract_lane(x, 3), quarter));
}
function one(x: f32, quarter: i32): f32 { return <f32>(quarter ? NativeMath.cos(<f64>x) : NativeMath.sin(<f64>x)); }

export function sin32(x: v128): v128 { return select(f32x4.lt(f32x4.abs(x), f32x4.splat(1e-20)), x, turned(x, 0)); }
export function cos32(x: v128): v128 { return turned(x, 1); }
