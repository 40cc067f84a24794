// The standard normal quantile Φ⁻¹(½ + q), |q| < ½, operation for operation that of src/random/normal-quantile.ts: Wichura 1988,
// "Algorithm AS 241", PPND16.

import { logarithm } from "./logarithm";

// @ts-ignore: decorator
@inline
function horner(p: v128, r: v128, k: f64): v128 { return f64x2.add(f64x2.mul(p, r), f64x2.splat(k)); }

/** Both lanes by the middle's formula, which holds for 85 % of all numbers; then the others one by one. */
export function normalQuantiles(q: v128): v128 {
  const r = f64x2.sub(f64x2.splat(0.180625), f64x2.mul(q, q));
  let p = f64x2.splat(2509.0809287301227);
  p = horner(p, r, 33430.57558358813);
  p = horner(p, r, 67265.7709270087);
  p = horner(p, r, 45921.95393154987);
  p = horner(p, r, 13731.69376550946);
  p = horner(p, r, 1971.5909503065513);
  p = horner(p, r, 133.14166789178438);
  p = horner(p, r, 3.3871328727963665);
  let d = f64x2.splat(5226.495278852854);
  d = horner(d, r, 28729.085735721943);
  d = horner(d, r, 39307.89580009271);
  d = horner(d, r, 21213.794301586597);
  d = horner(d, r, 5394.196021424751);
  d = horner(d, r, 687.1870074920579);
  d = horner(d, r, 42.31333070160091);
  d = horner(d, r, 1);
  let z = f64x2.div(f64x2.mul(q, p), d);
  const q0 = f64x2.extract_lane(q, 0), q1 = f64x2.extract_lane(q, 1);
  if (!(abs<f64>(q0) <= 0.425)) z = f64x2.replace_lane(z, 0, tail(q0));
  if (!(abs<f64>(q1) <= 0.425)) z = f64x2.replace_lane(z, 1, tail(q1));
  return z;
}

function tail(q: f64): f64 {
  const s = Math.sqrt(-logarithm(0.5 - abs<f64>(q)));
  const z = s <= 5 ? nearTail(s - 1.6) : farTail(s - 5);
  return q < 0 ? -z : z;
}

/** The tail of probability e^-(r + 1.6)², down to about 1e-11 */
// @ts-ignore: decorator
@inline
function nearTail(r: f64): f64 {
  let p: f64 = 0.0007745450142783414;
  p = p * r + 0.022723844989269184;
  p = p * r + 0.2417807251774506;
  p = p * r + 1.2704582524523684;
  p = p * r + 3.6478483247632045;
  p = p * r + 5.769497221460691;
  p = p * r + 4.630337846156546;
  p = p * r + 1.4234371107496835;
  let d: f64 = 1.0507500716444169e-9;
  d = d * r + 0.0005475938084995345;
  d = d * r + 0.015198666563616457;
  d = d * r + 0.14810397642748008;
  d = d * r + 0.6897673349851;
  d = d * r + 1.6763848301838038;
  d = d * r + 2.053191626637759;
  d = d * r + 1;
  return p / d;
}

/** The tail of probability e^-(r + 5)² */
// @ts-ignore: decorator
@inline
function farTail(r: f64): f64 {
  let p: f64 = 2.0103343992922881e-7;
  p = p * r + 2.7115555687434876e-5;
  p = p * r + 0.0012426609473880784;
  p = p * r + 0.026532189526576124;
  p = p * r + 0.29656057182850487;
  p = p * r + 1.7848265399172913;
  p = p * r + 5.463784911164114;
  p = p * r + 6.657904643501103;
  let d: f64 = 2.0442631033899397e-15;
  d = d * r + 1.421511758316446e-7;
  d = d * r + 1.8463183175100548e-5;
  d = d * r + 0.0007868691311456133;
  d = d * r + 0.014875361290850615;
  d = d * r + 0.1369298809227358;
  d = d * r + 0.599832206555888;
  d = d * r + 1;
  return p / d;
}
