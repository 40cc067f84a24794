// float32 sine and cosine, reduced and evaluated in float64: the result is the rounded one but for rare ties.

import { k32, k64, select } from "./lanes";

/** 1.5·2⁵², 2/π, π/2 in two parts; the first has 33 bits, so that its multiples are exact. */
// @ts-ignore: decorator
@lazy @inline const REDUCE = memory.data<f64>([6755399441055744.0, 0.6366197723675814, 1.57079632673412561417, 6.07710050650619224932e-11]);
/** (sin r − r)/r³ and (cos r − 1)/r² in powers of r², highest first; |r| <= π/4 (own minimax fits) */
// @ts-ignore: decorator
@lazy @inline const SIN = memory.data<f64>([2.7183041197871406e-6, -0.00019839334069151826, 0.00833332938352775, -0.16666666641606365]);
// @ts-ignore: decorator
@lazy @inline const COS = memory.data<f64>([2.4383480946702528e-5, -0.0013886680729811595, 0.04166662032811202, -0.49999999694222114, 1.0]);
// @ts-ignore: decorator
@lazy @inline const SIGN = memory.data<f64>([-0.0]);
/** Where the two-part reduction ends; below what the sine is its argument */
// @ts-ignore: decorator
@lazy @inline const RANGE = memory.data<f32>([1048576.0, 1e-20]);

// @ts-ignore: decorator
@inline
function horner(q: v128, z: v128, table: usize, i: usize): v128 { return f64x2.add(f64x2.mul(q, z), k64(table, i)); }

/** sin(x + quarter·π/2) of two lanes in float64, |x| < 2²⁰ */
// @ts-ignore: decorator
@inline
function sinTurned(x: v128, quarter: i32): v128 {
  const t = f64x2.add(f64x2.mul(x, k64(REDUCE, 1)), k64(REDUCE));
  const n = f64x2.sub(t, k64(REDUCE));
  const r = f64x2.sub(f64x2.sub(x, f64x2.mul(n, k64(REDUCE, 2))), f64x2.mul(n, k64(REDUCE, 3)));
  const z = f64x2.mul(r, r);
  let s = horner(horner(horner(k64(SIN), z, SIN, 1), z, SIN, 2), z, SIN, 3);
  s = f64x2.add(f64x2.mul(f64x2.mul(s, z), r), r);
  const k = horner(horner(horner(horner(k64(COS), z, COS, 1), z, COS, 2), z, COS, 3), z, COS, 4);
  const low = v128.shuffle<i32>(t, t, 0, 0, 2, 2);
  const turn = quarter ? i32x4.sub(low, i32x4.eq(low, low)) : low;
  const odd = i32x4.shr_s(i32x4.shl(turn, 31), 31);
  return v128.xor(select(odd, k, s), v128.and(i32x4.shl(turn, 30), k64(SIGN)));
}

// @ts-ignore: decorator
@inline
function turned(x: v128, quarter: i32): v128 {
  const low = f32x4.demote_f64x2_zero(sinTurned(f64x2.promote_low_f32x4(x), quarter));
  const high = f32x4.demote_f64x2_zero(sinTurned(f64x2.promote_low_f32x4(v128.shuffle<i32>(x, x, 2, 3, 2, 3)), quarter));
  let y = v128.shuffle<i32>(low, high, 0, 1, 4, 5);
  const large = v128.not(f32x4.lt(f32x4.abs(x), k32(RANGE)));
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

export function sin32(x: v128): v128 { return select(f32x4.lt(f32x4.abs(x), k32(RANGE, 1)), x, turned(x, 0)); }
export function cos32(x: v128): v128 { return turned(x, 1); }
