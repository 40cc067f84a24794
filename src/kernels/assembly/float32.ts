// float32 transcendental functions on four lanes. Reductions follow Cody and Waite; polynomials are own minimax fits (Remez),
// the degree chosen so that their error stays well under half a unit in the last place. Largest errors are measured in
// src/kernels/mathematics.test.ts. There is no fused multiply-add: every operation rounds once, the same on every machine.

import { k32, select, zero } from "./lanes";

/** 1.5·2²³: adding and subtracting it rounds to the nearest integer, which stays readable in the low bits. */
// @ts-ignore: decorator
@lazy @inline const MAGIC = memory.data<f32>([12582912.0]);
// @ts-ignore: decorator
@lazy @inline const LOG2E = memory.data<f32>([1.4426950408889634]);
/** ln 2 in two parts; the first has nine zero bits at its end, so that its product with an exponent is exact. */
// @ts-ignore: decorator
@lazy @inline const LN2 = memory.data<f32>([0.693145751953125, 1.428606820309417e-6]);
/** (e^r − 1 − r)/r² for |r| <= ln 2 / 2, highest power first */
// @ts-ignore: decorator
@lazy @inline const EXP = memory.data<f32>([0.0013946554061532604, 0.008366643946361628, 0.041666280639064274, 0.16666542545589816, 0.5]);
/** Where e^x has overflown, where it has become 0, where e^x − 1 has become −1 */
// @ts-ignore: decorator
@lazy @inline const EXP_RANGE = memory.data<f32>([89.0, -104.0, -18.0]);
// @ts-ignore: decorator
@lazy @inline const ONE = memory.data<f32>([1.0]);
// @ts-ignore: decorator
@lazy @inline const HALF = memory.data<f32>([0.5]);
// @ts-ignore: decorator
@lazy @inline const TWO = memory.data<f32>([2.0]);
// @ts-ignore: decorator
@lazy @inline const SIGN = memory.data<f32>([-0.0]);
// @ts-ignore: decorator
@lazy @inline const INFINITE = memory.data<f32>([Infinity]);
/** Below this, e^x − 1 is x. */
// @ts-ignore: decorator
@lazy @inline const LINEAR = memory.data<f32>([1e-20]);

/** q·x + entry i of the table */
// @ts-ignore: decorator
@inline
function horner(q: v128, x: v128, table: usize, i: usize): v128 { return f32x4.add(f32x4.mul(q, x), k32(table, i)); }

/** e^x; below −104 the result is 0, above 88.73 Infinity. The scale is applied in two steps because 2ⁿ alone may not exist. */
// @ts-ignore: decorator
@inline
export function exp32(x: v128): v128 {
  return exp32With(x, k32(EXP_RANGE), k32(EXP_RANGE, 1), k32(LOG2E), k32(MAGIC), k32(LN2), k32(LN2, 1),
    k32(EXP), k32(EXP, 1), k32(EXP, 2), k32(EXP, 3), k32(EXP, 4), k32(ONE));
}

/** The same with its constants at hand. The bits of 1 are those of the exponent's bias. */
// @ts-ignore: decorator
@inline
function exp32With(x: v128, high: v128, low: v128, log2e: v128, magic: v128, ln2: v128, ln2Low: v128, e0: v128, e1: v128, e2: v128, e3: v128, e4: v128, unit: v128): v128 {
  x = f32x4.pmax(f32x4.pmin(x, high), low);
  const t = f32x4.add(f32x4.mul(x, log2e), magic);
  const n = f32x4.sub(t, magic);
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(n, ln2)), f32x4.mul(n, ln2Low));
  let q = f32x4.add(f32x4.mul(e0, r), e1);
  q = f32x4.add(f32x4.mul(q, r), e2);
  q = f32x4.add(f32x4.mul(q, r), e3);
  q = f32x4.add(f32x4.mul(q, r), e4);
  const p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(r, r), q), r), unit);
  const k = i32x4.sub(t, magic);
  const half = i32x4.shr_s(k, 1);
  const s = i32x4.add(i32x4.shl(half, 23), unit);
  return f32x4.mul(f32x4.mul(p, s), i32x4.add(i32x4.shl(i32x4.sub(k, half), 23), unit));
}

/** n bytes of full vectors from x to out, the constants read once. */
export function expRun32(x: usize, out: usize, n: usize): void {
  const high = k32(EXP_RANGE), low = k32(EXP_RANGE, 1), log2e = k32(LOG2E), magic = k32(MAGIC), ln2 = k32(LN2), ln2Low = k32(LN2, 1);
  const e0 = k32(EXP), e1 = k32(EXP, 1), e2 = k32(EXP, 2), e3 = k32(EXP, 3), e4 = k32(EXP, 4), unit = k32(ONE);
  for (const end = x + n; x != end; x += 16) {
    v128.store(out, exp32With(v128.load(x), high, low, log2e, magic, ln2, ln2Low, e0, e1, e2, e3, e4, unit));
    out += 16;
  }
}

/** e^x − 1 = 2·(2ⁿ⁻¹·(e^r − 1) + (2ⁿ⁻¹ − ½)); the halved scale exists up to the overflow threshold. */
// @ts-ignore: decorator
@inline
export function expm1_32(x: v128): v128 {
  const z = f32x4.pmax(f32x4.pmin(x, k32(EXP_RANGE)), k32(EXP_RANGE, 2));
  const t = f32x4.add(f32x4.mul(z, k32(LOG2E)), k32(MAGIC));
  const n = f32x4.sub(t, k32(MAGIC));
  const r = f32x4.sub(f32x4.sub(z, f32x4.mul(n, k32(LN2))), f32x4.mul(n, k32(LN2, 1)));
  let q = horner(k32(EXP), r, EXP, 1);
  q = horner(q, r, EXP, 2);
  q = horner(q, r, EXP, 3);
  q = horner(q, r, EXP, 4);
  const e = f32x4.add(f32x4.mul(f32x4.mul(r, r), q), r);
  const s = i32x4.add(i32x4.shl(t, 23), k32(HALF));
  const y = f32x4.add(f32x4.mul(s, e), f32x4.sub(s, k32(HALF)));
  return select(f32x4.lt(f32x4.abs(x), k32(LINEAR)), x, f32x4.add(y, y));
}

/** 2·atanh(s) = 2s + s·R(s²), |s| <= (√2 − 1)/(√2 + 1): R(z)/z, as in fdlibm's log */
// @ts-ignore: decorator
@lazy @inline const LOG = memory.data<f32>([0.2987172867368005, 0.39977541540762224, 0.6666677638196025]);
/** ln 2 in two parts; here the first has seven zero bits at its end. */
// @ts-ignore: decorator
@lazy @inline const LN2_LOG = memory.data<f32>([0.69313812256, 9.0580006145e-6]);
/** Bits: √½, the fraction's mask, 23 */
// @ts-ignore: decorator
@lazy @inline const LOG_BITS = memory.data<i32>([0x3f3504f3, 0x7fffff, 23]);
/** The smallest normal number, and 2²³, which makes a subnormal one normal */
// @ts-ignore: decorator
@lazy @inline const SUBNORMAL = memory.data<f32>([1.1754943508222875e-38, 8388608.0]);

/** k·ln 2 + log(1 + f) + correction, where 1 + f lies between √½ and √2. */
// @ts-ignore: decorator
@inline
function logSum(f: v128, k: v128, correction: v128): v128 {
  const s = f32x4.div(f, f32x4.add(f, k32(TWO)));
  const z = f32x4.mul(s, s);
  const tail = f32x4.mul(horner(horner(k32(LOG), z, LOG, 1), z, LOG, 2), z);
  const h = f32x4.mul(f32x4.mul(f, f), k32(HALF));
  const small = f32x4.add(f32x4.add(f32x4.mul(s, f32x4.add(h, tail)), f32x4.mul(k, k32(LN2_LOG, 1))), correction);
  return f32x4.add(f32x4.sub(f, f32x4.sub(h, small)), f32x4.mul(k, k32(LN2_LOG)));
}

/** From the bits of a positive number less those of √½: its factor between √½ and √2, less 1 */
// @ts-ignore: decorator
@inline
function fraction(i: v128): v128 { return f32x4.sub(i32x4.add(v128.and(i, k32(LOG_BITS, 1)), k32(LOG_BITS)), k32(ONE)); }

// @ts-ignore: decorator
@inline
export function log32(x: v128): v128 {
  const subnormal = f32x4.lt(x, k32(SUBNORMAL));
  const i = i32x4.sub(select(subnormal, f32x4.mul(x, k32(SUBNORMAL, 1)), x), k32(LOG_BITS));
  const exponent = i32x4.sub(i32x4.shr_s(i, 23), v128.and(subnormal, k32(LOG_BITS, 2)));
  const y = logSum(fraction(i), f32x4.convert_i32x4_s(exponent), zero());
  const ordinary = v128.and(f32x4.gt(x, zero()), f32x4.lt(x, k32(INFINITE)));
  if (i32x4.all_true(ordinary)) return y;
  return select(ordinary, y, logSpecial(x, x));
}

/** u is 0, negative, infinite or NaN; so is the result, or else x. */
function logSpecial(u: v128, x: v128): v128 {
  return select(f32x4.eq(u, zero()), f32x4.splat(-Infinity), select(f32x4.lt(u, zero()), f32x4.splat(NaN), x));
}

/** log of u = 1 + x rounded, plus what the rounding lost, divided by u. */
// @ts-ignore: decorator
@inline
export function log1p32(x: v128): v128 {
  const u = f32x4.add(x, k32(ONE));
  const lost = select(f32x4.ge(x, k32(ONE)), f32x4.sub(k32(ONE), f32x4.sub(u, x)), f32x4.sub(x, f32x4.sub(u, k32(ONE))));
  const i = i32x4.sub(u, k32(LOG_BITS));
  const y = logSum(fraction(i), f32x4.convert_i32x4_s(i32x4.shr_s(i, 23)), f32x4.div(lost, u));
  const ordinary = v128.and(v128.and(f32x4.gt(u, zero()), f32x4.lt(u, k32(INFINITE))), f32x4.ne(x, zero()));
  if (i32x4.all_true(ordinary)) return y;
  return select(ordinary, y, logSpecial(u, x));
}

/** log1p for 0 <= x <= 1, or NaN */
// @ts-ignore: decorator
@inline
export function log1pOfUnit32(x: v128): v128 {
  const u = f32x4.add(x, k32(ONE));
  const i = i32x4.sub(u, k32(LOG_BITS));
  return logSum(fraction(i), f32x4.convert_i32x4_s(i32x4.shr_s(i, 23)), f32x4.div(f32x4.sub(x, f32x4.sub(u, k32(ONE))), u));
}

/** atanh(x) = ½·log1p(2x/(1 − x)), on |x|, with x's sign */
// @ts-ignore: decorator
@inline
export function atanh32(x: v128): v128 {
  const a = f32x4.abs(x);
  const y = f32x4.mul(log1p32(f32x4.div(f32x4.add(a, a), f32x4.sub(k32(ONE), a))), k32(HALF));
  return v128.bitselect(x, y, k32(SIGN));
}
