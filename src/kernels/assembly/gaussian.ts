// The standard normal distribution function Φ, for GELU, by way of Mills' ratio M(a) = Φ(−a)/φ(a), which is smooth: with
// t = (a − 4)/(a + 4) the product (a + 4)·M(a) is a polynomial in t (own minimax fit; the change of variable is Shepherd and
// Laframboise's, Math. Comp. 36 (1981) 249). No cancellation in the left tail, so x·Φ(x) keeps its relative accuracy there.

import { k64, one, select, zero } from "./lanes";
import { exp64 } from "./float64";

/** A mask that leaves 26 bits of a number, and the constants −½, 1/√2π, 1/6, ½ */
// @ts-ignore: decorator
@lazy @inline const TOP = memory.data<u64>([0xfffffffff8000000]);
// @ts-ignore: decorator
@lazy @inline const DENSITY = memory.data<f64>([-0.5, 0.3989422804014327, 0.16666666666666666, 0.5]);
// @ts-ignore: decorator
@lazy @inline const FOUR = memory.data<f64>([4.0]);
/** (a + 4)·M(a) in powers of t, highest first: to 2⁻³² for a <= 15, enough for float32; to 2⁻⁵⁵ for a <= 40 */
// @ts-ignore: decorator
@lazy @inline const SHORT = memory.data<f64>([4.1092523096849215e-5, -3.183049777003817e-5, -0.0005465596567444543, 0.00035957391001846626, 0.004078705067528436, -0.00873060775923025, -0.018899244106871767, 0.1513928905427706, -0.46754104211625397, 0.9704095011348584, -1.5237709088137115, 1.8932190637069508]);
// @ts-ignore: decorator
@lazy @inline const LONG = memory.data<f64>([
  -3.072360584809748e-9, -1.008641734254021e-9, 3.68017912745383e-8, 4.080696948018629e-8, -1.9360402409428252e-7,
  -3.932691673755618e-7, 6.620247410241085e-7, 2.562015811740865e-6, -1.5670521596895951e-6, -1.4839562256739e-5,
  1.792081691281132e-6, 8.809446399716687e-5, -4.782224402467832e-6, -0.0005792690379297448, 0.00033424445775783216,
  0.004087855647961723, -0.00872229526001267, -0.018900450859473325, 0.15139176231178147, -0.4675409629984001,
  0.9704095548676004, -1.5237709108199828, 1.8932190633084853,
]);

/** φ(a) for a >= 0. a² is taken in two parts, since its rounding error would be multiplied by a²/2. */
// @ts-ignore: decorator
@inline
export function density(a: v128): v128 {
  const top = v128.and(a, k64(TOP));
  const d = f64x2.mul(f64x2.mul(f64x2.sub(a, top), f64x2.add(a, top)), k64(DENSITY));
  const e = exp64(f64x2.mul(f64x2.mul(top, top), k64(DENSITY)));
  const series = f64x2.add(f64x2.mul(k64(DENSITY, 2), d), k64(DENSITY, 3));
  const rest = f64x2.mul(d, f64x2.add(f64x2.mul(d, series), one<f64>()));
  return f64x2.mul(f64x2.add(e, f64x2.mul(e, rest)), k64(DENSITY, 1));
}

/** Mills' ratio; `short` for results in float32 */
// @ts-ignore: decorator
@inline
export function mills(a: v128, short: bool): v128 {
  const w = f64x2.div(one<f64>(), f64x2.add(a, k64(FOUR)));
  const t = f64x2.mul(f64x2.sub(a, k64(FOUR)), w);
  return f64x2.mul(short ? shortFit(t) : longFit(t), w);
}

// @ts-ignore: decorator
@inline
function horner(q: v128, t: v128, table: usize, i: usize): v128 { return f64x2.add(f64x2.mul(q, t), k64(table, i)); }

// @ts-ignore: decorator
@inline
function shortFit(t: v128): v128 {
  let q = k64(SHORT);
  q = horner(q, t, SHORT, 1); q = horner(q, t, SHORT, 2); q = horner(q, t, SHORT, 3); q = horner(q, t, SHORT, 4);
  q = horner(q, t, SHORT, 5); q = horner(q, t, SHORT, 6); q = horner(q, t, SHORT, 7); q = horner(q, t, SHORT, 8);
  q = horner(q, t, SHORT, 9); q = horner(q, t, SHORT, 10); q = horner(q, t, SHORT, 11);
  return q;
}

// @ts-ignore: decorator
@inline
function longFit(t: v128): v128 {
  let q = k64(LONG);
  q = horner(q, t, LONG, 1); q = horner(q, t, LONG, 2); q = horner(q, t, LONG, 3); q = horner(q, t, LONG, 4);
  q = horner(q, t, LONG, 5); q = horner(q, t, LONG, 6); q = horner(q, t, LONG, 7); q = horner(q, t, LONG, 8);
  q = horner(q, t, LONG, 9); q = horner(q, t, LONG, 10); q = horner(q, t, LONG, 11); q = horner(q, t, LONG, 12);
  q = horner(q, t, LONG, 13); q = horner(q, t, LONG, 14); q = horner(q, t, LONG, 15); q = horner(q, t, LONG, 16);
  q = horner(q, t, LONG, 17); q = horner(q, t, LONG, 18); q = horner(q, t, LONG, 19); q = horner(q, t, LONG, 20);
  q = horner(q, t, LONG, 21); q = horner(q, t, LONG, 22);
  return q;
}

/** Φ(x), given φ(|x|) and Mills' ratio of |x| */
// @ts-ignore: decorator
@inline
export function cumulative(x: v128, phi: v128, ratio: v128): v128 {
  const tail = f64x2.mul(phi, ratio);
  return select(f64x2.lt(x, zero()), tail, f64x2.sub(one<f64>(), tail));
}
