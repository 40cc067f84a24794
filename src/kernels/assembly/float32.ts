// float32 transcendental functions on four lanes. Reductions follow Cody and Waite; polynomials are own minimax fits (Remez),
// the degree chosen so that their error stays well under half a unit in the last place. Largest errors are measured in
// src/kernels/mathematics.test.ts. There is no fused multiply-add: every operation rounds once, the same on every machine.

import { select } from "./lanes";

/** 1.5·2²³: adding and subtracting it rounds to the nearest integer, which stays readable in the low bits. */
const MAGIC: f32 = 12582912.0;
const LOG2E: f32 = 1.4426950408889634;
/** ln 2 in two parts; the first has nine zero bits at its end, so that its product with an exponent is exact. */
const LN2_HI: f32 = 0.693145751953125;
const LN2_LO: f32 = 1.428606820309417e-6;

// @ts-ignore: decorator
@inline
function c(x: f32): v128 { return f32x4.splat(x); }

/** (e^r − 1 − r)/r² for |r| <= ln 2 / 2 */
// @ts-ignore: decorator
@inline
function expTail(r: v128): v128 {
  let q = f32x4.add(f32x4.mul(c(0.0013946554061532604), r), c(0.008366643946361628));
  q = f32x4.add(f32x4.mul(q, r), c(0.041666280639064274));
  q = f32x4.add(f32x4.mul(q, r), c(0.16666542545589816));
  return f32x4.add(f32x4.mul(q, r), c(0.5000000062268605));
}

/** 2ⁿ for the integers n held in the low bits of x + MAGIC; −126 <= n <= 127 */
// @ts-ignore: decorator
@inline
function powerOfTwo(t: v128): v128 { return i32x4.add(i32x4.shl(t, 23), i32x4.splat(0x3f800000)); }

/** Below −104 the result is 0, above 88.73 it is Infinity; the scale is applied in two steps because 2ⁿ alone may not exist. */
// @ts-ignore: decorator
@inline
export function exp32(x: v128): v128 {
  x = f32x4.pmax(f32x4.pmin(x, c(89)), c(-104));
  const t = f32x4.add(f32x4.mul(x, c(LOG2E)), c(MAGIC));
  const n = f32x4.sub(t, c(MAGIC));
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(n, c(LN2_HI))), f32x4.mul(n, c(LN2_LO)));
  const p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(r, r), expTail(r)), r), c(1));
  const k = i32x4.sub(t, i32x4.splat(0x4b400000));
  const half = i32x4.shr_s(k, 1);
  const s = i32x4.add(i32x4.shl(half, 23), i32x4.splat(0x3f800000));
  return f32x4.mul(f32x4.mul(p, s), powerOfTwo(i32x4.sub(k, half)));
}

/** e^x − 1 = 2·(2ⁿ⁻¹·(e^r − 1) + (2ⁿ⁻¹ − ½)); the halved scale exists up to the overflow threshold. */
// @ts-ignore: decorator
@inline
export function expm1_32(x: v128): v128 {
  const z = f32x4.pmax(f32x4.pmin(x, c(89)), c(-18));
  const t = f32x4.add(f32x4.mul(z, c(LOG2E)), c(MAGIC));
  const n = f32x4.sub(t, c(MAGIC));
  const r = f32x4.sub(f32x4.sub(z, f32x4.mul(n, c(LN2_HI))), f32x4.mul(n, c(LN2_LO)));
  const e = f32x4.add(f32x4.mul(f32x4.mul(r, r), expTail(r)), r);
  const s = i32x4.add(i32x4.shl(t, 23), i32x4.splat(0x3f000000));
  const y = f32x4.add(f32x4.mul(s, e), f32x4.sub(s, c(0.5)));
  return select(f32x4.lt(f32x4.abs(x), c(1e-20)), x, f32x4.add(y, y));
}

/** 2·atanh(s) = 2s + s·R(s²), |s| <= (√2 − 1)/(√2 + 1): R, as in fdlibm's log */
// @ts-ignore: decorator
@inline
function logTail(z: v128): v128 {
  let q = f32x4.add(f32x4.mul(c(0.2987172867368005), z), c(0.39977541540762224));
  q = f32x4.add(f32x4.mul(q, z), c(0.6666677638196025));
  return f32x4.mul(q, z);
}

/** k·ln 2 + log(1 + f) + correction, where 1 + f lies between √½ and √2. The high part of ln 2 here has 7 zero bits at its end. */
// @ts-ignore: decorator
@inline
function logSum(f: v128, k: v128, correction: v128): v128 {
  const s = f32x4.div(f, f32x4.add(f, c(2)));
  const h = f32x4.mul(f32x4.mul(f, f), c(0.5));
  const small = f32x4.add(f32x4.add(f32x4.mul(s, f32x4.add(h, logTail(f32x4.mul(s, s)))), f32x4.mul(k, c(9.0580006145e-6))), correction);
  return f32x4.add(f32x4.sub(f, f32x4.sub(h, small)), f32x4.mul(k, c(0.69313812256)));
}

const SQRT_HALF_BITS: i32 = 0x3f3504f3;

// @ts-ignore: decorator
@inline
export function log32(x: v128): v128 {
  const subnormal = f32x4.lt(x, c(1.1754943508222875e-38));
  const scaled = select(subnormal, f32x4.mul(x, c(8388608)), x);
  const i = i32x4.sub(scaled, i32x4.splat(SQRT_HALF_BITS));
  const exponent = i32x4.sub(i32x4.shr_s(i, 23), v128.and(subnormal, i32x4.splat(23)));
  const m = i32x4.add(v128.and(i, i32x4.splat(0x7fffff)), i32x4.splat(SQRT_HALF_BITS));
  const y = logSum(f32x4.sub(m, c(1)), f32x4.convert_i32x4_s(exponent), c(0));
  const ordinary = v128.and(f32x4.gt(x, c(0)), f32x4.lt(x, c(Infinity)));
  if (i32x4.all_true(ordinary)) return y;
  const special = select(f32x4.eq(x, c(0)), c(-Infinity), select(f32x4.lt(x, c(0)), c(NaN), x));
  return select(ordinary, y, special);
}

/** log1p for 0 <= x <= 1, or NaN */
// @ts-ignore: decorator
@inline
export function log1pOfUnit32(x: v128): v128 {
  const u = f32x4.add(x, c(1));
  const i = i32x4.sub(u, i32x4.splat(SQRT_HALF_BITS));
  const m = i32x4.add(v128.and(i, i32x4.splat(0x7fffff)), i32x4.splat(SQRT_HALF_BITS));
  return logSum(f32x4.sub(m, c(1)), f32x4.convert_i32x4_s(i32x4.shr_s(i, 23)), f32x4.div(f32x4.sub(x, f32x4.sub(u, c(1))), u));
}

/** log of u = 1 + x rounded, plus what the rounding lost, divided by u. */
// @ts-ignore: decorator
@inline
export function log1p32(x: v128): v128 {
  const u = f32x4.add(x, c(1));
  const lost = select(f32x4.ge(x, c(1)), f32x4.sub(c(1), f32x4.sub(u, x)), f32x4.sub(x, f32x4.sub(u, c(1))));
  const i = i32x4.sub(u, i32x4.splat(SQRT_HALF_BITS));
  const m = i32x4.add(v128.and(i, i32x4.splat(0x7fffff)), i32x4.splat(SQRT_HALF_BITS));
  const y = logSum(f32x4.sub(m, c(1)), f32x4.convert_i32x4_s(i32x4.shr_s(i, 23)), f32x4.div(lost, u));
  const ordinary = v128.and(v128.and(f32x4.gt(u, c(0)), f32x4.lt(u, c(Infinity))), f32x4.ne(x, c(0)));
  if (i32x4.all_true(ordinary)) return y;
  const special = select(f32x4.eq(u, c(0)), c(-Infinity), select(f32x4.lt(u, c(0)), c(NaN), x));
  return select(ordinary, y, special);
}

/**
 * tanh x = x/8 + x·S(x²)/Q(x²), a minimax fit of degree 9 over 8 with a part taken out whose product is exact: towards saturation,
 * where S and Q collect most rounding errors, the quotient is small (3.8 units in the last place at most, 0.53 on average; without
 * it 5.8). x is clamped where the formula gives 1, which it never exceeds. One division and no exponential: the error of forms with
 * e^2x is 2.5 units, but they take 1.7 times as long.
 */
// @ts-ignore: decorator
@inline
export function tanh32(x: v128): v128 {
  x = f32x4.pmax(f32x4.pmin(x, c(8.69999886)), c(-8.69999886));
  const u = f32x4.mul(x, x);
  let s = f32x4.add(f32x4.mul(u, c(-8.60589466e-8)), c(-2.05517663e-5));
  s = f32x4.add(f32x4.mul(s, u), c(0.000273132173));
  s = f32x4.add(f32x4.mul(s, u), c(0.0755874291));
  s = f32x4.add(f32x4.mul(s, u), c(0.875));
  let q = f32x4.add(f32x4.mul(u, c(7.99652582e-7)), c(0.000332364754));
  q = f32x4.add(f32x4.mul(q, u), c(0.0259648934));
  q = f32x4.add(f32x4.mul(q, u), c(0.467337877));
  q = f32x4.add(f32x4.mul(q, u), c(1));
  return f32x4.add(f32x4.mul(x, c(0.125)), f32x4.div(f32x4.mul(x, s), q));
}

/** atanh(x) = ½·log1p(2x/(1 − x)), on |x|, with x's sign */
// @ts-ignore: decorator
@inline
export function atanh32(x: v128): v128 {
  const a = f32x4.abs(x);
  const y = f32x4.mul(log1p32(f32x4.div(f32x4.add(a, a), f32x4.sub(c(1), a))), c(0.5));
  return v128.bitselect(x, y, i32x4.splat(0x80000000));
}
