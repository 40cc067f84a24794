import { log } from "../math/index.ts";

/**
 * The standard normal quantile Φ⁻¹(½ + q) for |q| < ½: Wichura 1988, "Algorithm AS 241: the percentage points of the
 * normal distribution", routine PPND16, relative error below 2e-15. The argument is the distance from the middle,
 * because ½ - |q| is then exact and the two tails are mirror images to the last bit.
 */
export function normalQuantile(q: number): number {
  const a = Math.abs(q);
  if (a <= 0.425) {
    const r = 0.180625 - q * q;
    let p = 2509.0809287301227;
    p = p * r + 33430.57558358813;
    p = p * r + 67265.7709270087;
    p = p * r + 45921.95393154987;
    p = p * r + 13731.69376550946;
    p = p * r + 1971.5909503065513;
    p = p * r + 133.14166789178438;
    p = p * r + 3.3871328727963665;
    let d = 5226.495278852854;
    d = d * r + 28729.085735721943;
    d = d * r + 39307.89580009271;
    d = d * r + 21213.794301586597;
    d = d * r + 5394.196021424751;
    d = d * r + 687.1870074920579;
    d = d * r + 42.31333070160091;
    d = d * r + 1;
    return (q * p) / d;
  }
  const s = Math.sqrt(-log(0.5 - a));
  const z = s <= 5 ? nearTail(s - 1.6) : farTail(s - 5);
  return q < 0 ? -z : z;
}

/** The tail of probability e^-(r + 1.6)², down to about 1e-11. */
function nearTail(r: number): number {
  let p = 0.0007745450142783414;
  p = p * r + 0.022723844989269184;
  p = p * r + 0.2417807251774506;
  p = p * r + 1.2704582524523684;
  p = p * r + 3.6478483247632045;
  p = p * r + 5.769497221460691;
  p = p * r + 4.630337846156546;
  p = p * r + 1.4234371107496835;
  let d = 1.0507500716444169e-9;
  d = d * r + 0.0005475938084995345;
  d = d * r + 0.015198666563616457;
  d = d * r + 0.14810397642748008;
  d = d * r + 0.6897673349851;
  d = d * r + 1.6763848301838038;
  d = d * r + 2.053191626637759;
  d = d * r + 1;
  return p / d;
}

/** The tail of probability e^-(r + 5)². */
function farTail(r: number): number {
  let p = 2.0103343992922881e-7;
  p = p * r + 2.7115555687434876e-5;
  p = p * r + 0.0012426609473880784;
  p = p * r + 0.026532189526576124;
  p = p * r + 0.29656057182850487;
  p = p * r + 1.7848265399172913;
  p = p * r + 5.463784911164114;
  p = p * r + 6.657904643501103;
  let d = 2.0442631033899397e-15;
  d = d * r + 1.421511758316446e-7;
  d = d * r + 1.8463183175100548e-5;
  d = d * r + 0.0007868691311456133;
  d = d * r + 0.014875361290850615;
  d = d * r + 0.1369298809227358;
  d = d * r + 0.599832206555888;
  d = d * r + 1;
  return p / d;
}
