// The gradient norm, its clipping, and the counters of the optimisers.

import { highHalf, lowHalf } from "./mathematics";
import { add, mul, sumLanes, zero } from "./lanes";
import { int, real, size } from "./row";

/** Op.SumSquares: x, out, n, accumulate. Element i goes to float64 sum i mod 4; the sums are added as (0 + 2) + (1 + 3). */
export function sumSquares<T>(p: usize): void {
  let x = size(p, 0), n = size(p, 2), a = zero(), b = zero();
  const out = size(p, 1);
  for (; n >= 4; n -= 4) {
    const v = v128.load(x);
    const low = sizeof<T>() == 4 ? lowHalf(v) : v, high = sizeof<T>() == 4 ? highHalf(v) : v128.load(x, 16);
    a = add<f64>(a, mul<f64>(low, low));
    b = add<f64>(b, mul<f64>(high, high));
    x += 4 * sizeof<T>();
  }
  if (n) { const e = <f64>load<T>(x); a = f64x2.replace_lane(a, 0, f64x2.extract_lane(a, 0) + e * e); x += sizeof<T>(); }
  if (n > 1) { const e = <f64>load<T>(x); a = f64x2.replace_lane(a, 1, f64x2.extract_lane(a, 1) + e * e); x += sizeof<T>(); }
  if (n > 2) { const e = <f64>load<T>(x); b = f64x2.replace_lane(b, 0, f64x2.extract_lane(b, 0) + e * e); }
  const sum = sumLanes<f64>(add<f64>(a, b));
  store<f64>(out, int(p, 3) ? load<f64>(out) + sum : sum);
}

/** Op.ClipCoefficient: sumSquares, maxNorm, norm, coefficient (PyTorch's clip_grad_norm_); NaN stays */
export function clipCoefficient<T>(p: usize): void {
  const norm = Math.sqrt(load<f64>(size(p, 0)));
  const c = real(p, 1) / (norm + 1e-6);
  store<f64>(size(p, 2), norm);
  store<f64>(size(p, 3), c > 1 ? 1 : c);
}

/** Op.Tick: hyper, index, count, (power, base)×count */
export function tick<T>(p: usize): void {
  const hyper = size(p, 0), counter = hyper + (size(p, 1) << 3);
  store<f64>(counter, load<f64>(counter) + 1);
  let pair = p + 24;
  for (let n = int(p, 2); n > 0; n--) {
    const power = hyper + (size(pair, 0) << 3), base = hyper + (size(pair, 1) << 3);
    store<f64>(power, load<f64>(power) * load<f64>(base));
    pair += 16;
  }
}
