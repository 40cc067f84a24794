// The standard normal distribution function Φ, for GELU, by way of Mills' ratio M(a) = Φ(−a)/φ(a), which is smooth: with
// t = (a − 4)/(a + 4) the product (a + 4)·M(a) is a polynomial in t (own minimax fit; the change of variable is Shepherd and
// Laframboise's, Math. Comp. 36 (1981) 249). No cancellation in the left tail, so x·Φ(x) keeps its relative accuracy there.

import { select } from "./lanes";
import { exp64 } from "./float64";

// @ts-ignore: decorator
@inline
function c(x: f64): v128 { return f64x2.splat(x); }
// @ts-ignore: decorator
@inline
function horner(q: v128, t: v128, k: f64): v128 { return f64x2.add(f64x2.mul(q, t), f64x2.splat(k)); }

/** φ(a) for a >= 0. a² is taken in two parts, since its rounding error would be multiplied by a²/2. */
// @ts-ignore: decorator
@inline
export function density(a: v128): v128 {
  const top = v128.and(a, i64x2.splat(<i64>0xfffffffff8000000));
  const d = f64x2.mul(f64x2.mul(f64x2.sub(a, top), f64x2.add(a, top)), c(-0.5));
  const e = exp64(f64x2.mul(f64x2.mul(top, top), c(-0.5)));
  const rest = f64x2.mul(d, f64x2.add(f64x2.mul(d, horner(c(0.16666666666666666), d, 0.5)), c(1)));
  return f64x2.mul(f64x2.add(e, f64x2.mul(e, rest)), c(0.3989422804014327));
}

/** Mills' ratio to 2⁻³² for 0 <= a <= 15, enough for float32 */
// @ts-ignore: decorator
@inline
export function millsShort(a: v128): v128 {
  const w = f64x2.div(c(1), f64x2.add(a, c(4)));
  const t = f64x2.mul(f64x2.sub(a, c(4)), w);
  let q = horner(c(4.1092523096849215e-5), t, -3.183049777003817e-5);
  q = horner(q, t, -0.0005465596567444543);
  q = horner(q, t, 0.00035957391001846626);
  q = horner(q, t, 0.004078705067528436);
  q = horner(q, t, -0.00873060775923025);
  q = horner(q, t, -0.018899244106871767);
  q = horner(q, t, 0.1513928905427706);
  q = horner(q, t, -0.46754104211625397);
  q = horner(q, t, 0.9704095011348584);
  q = horner(q, t, -1.5237709088137115);
  q = horner(q, t, 1.8932190637069508);
  return f64x2.mul(q, w);
}

/** Mills' ratio to 2⁻⁵⁵ for 0 <= a <= 40 */
export function millsLong(a: v128): v128 {
  const w = f64x2.div(c(1), f64x2.add(a, c(4)));
  const t = f64x2.mul(f64x2.sub(a, c(4)), w);
  let q = horner(c(-3.072360584809748e-9), t, -1.008641734254021e-9);
  q = horner(q, t, 3.68017912745383e-8);
  q = horner(q, t, 4.080696948018629e-8);
  q = horner(q, t, -1.9360402409428252e-7);
  q = horner(q, t, -3.932691673755618e-7);
  q = horner(q, t, 6.620247410241085e-7);
  q = horner(q, t, 2.562015811740865e-6);
  q = horner(q, t, -1.5670521596895951e-6);
  q = horner(q, t, -1.4839562256739e-5);
  q = horner(q, t, 1.792081691281132e-6);
  q = horner(q, t, 8.809446399716687e-5);
  q = horner(q, t, -4.782224402467832e-6);
  q = horner(q, t, -0.0005792690379297448);
  q = horner(q, t, 0.00033424445775783216);
  q = horner(q, t, 0.004087855647961723);
  q = horner(q, t, -0.00872229526001267);
  q = horner(q, t, -0.018900450859473325);
  q = horner(q, t, 0.15139176231178147);
  q = horner(q, t, -0.4675409629984001);
  q = horner(q, t, 0.9704095548676004);
  q = horner(q, t, -1.5237709108199828);
  q = horner(q, t, 1.8932190633084853);
  return f64x2.mul(q, w);
}

/** Φ(x), given φ(|x|) and Mills' ratio of |x| */
// @ts-ignore: decorator
@inline
export function cumulative(x: v128, phi: v128, mills: v128): v128 {
  const tail = f64x2.mul(phi, mills);
  return select(f64x2.lt(x, c(0)), tail, f64x2.sub(c(1), tail));
}
