// Layer normalisation over the last axis (Ba et al. 2016), with the biased variance, as in PyTorch.

import { add, get, loadPart, mul, put, ragged, splat, sub, sumLanes, wholeBytes, zero } from "./lanes";
import { dotOf, sumOf } from "./sums";
import { real, size } from "./row";

/** Σ (x − mean)², two accumulators in turn, the partial vector to the first */
function spread<T>(x: usize, n: usize, mean: v128): T {
  const end = x + wholeBytes<T>(n);
  let a = zero(), b = zero();
  while (x + 32 <= end) {
    const d = sub<T>(v128.load(x), mean), e = sub<T>(v128.load(x, 16), mean);
    a = add<T>(a, mul<T>(d, d));
    b = add<T>(b, mul<T>(e, e));
    x += 32;
  }
  if (x != end) {
    const d = sub<T>(v128.load(x), mean);
    b = add<T>(b, mul<T>(d, d));
    x += 16;
  }
  const r = ragged<T>(n);
  if (r) {
    const d = sub<T>(loadPart<T>(x, r, mean), mean);
    a = add<T>(a, mul<T>(d, d));
  }
  return sumLanes<T>(add<T>(a, b));
}

/** Op.LayerNorm: x, gain, bias, out, xhat, rstd, rows, cols, eps */
export function layerNorm<T>(p: usize): void {
  let x = size(p, 0), out = size(p, 3), xhat = size(p, 4), rstd = size(p, 5);
  const gain = size(p, 1), bias = size(p, 2), cols = size(p, 7), eps = <T>real(p, 8);
  const whole = wholeBytes<T>(cols), rest = ragged<T>(cols), row = cols * sizeof<T>();
  for (let r = size(p, 6); r; r--) {
    const m = v128.splat<T>(sumOf<T>(x, cols) / <T>cols);
    const scale = <T>1 / sqrt<T>(spread<T>(x, cols, m) / <T>cols + eps);
    store<T>(rstd, scale);
    const s = v128.splat<T>(scale);
    let i: usize = 0;
    for (; i < whole; i += 16) normalise<T>(x + i, gain + i, bias + i, out + i, xhat + i, 0, m, s);
    if (rest) normalise<T>(x + i, gain + i, bias + i, out + i, xhat + i, rest, m, s);
    x += row;
    out += row;
    xhat += row;
    rstd += sizeof<T>();
  }
}

// @ts-ignore: decorator
@inline
function normalise<T>(x: usize, gain: usize, bias: usize, out: usize, xhat: usize, r: usize, mean: v128, scale: v128): void {
  const h = mul<T>(sub<T>(get<T>(x, r), mean), scale);
  put<T>(xhat, r, h);
  put<T>(out, r, add<T>(mul<T>(h, get<T>(gain, r)), get<T>(bias, r)));
}

/** Op.LayerNormGrad: dy, xhat, rstd, gain, dx, rows, cols: with g = dy·gain, dx = rstd·(g − mean g − xhat·mean(g·xhat)) */
export function layerNormGrad<T>(p: usize): void {
  let dy = size(p, 0), xhat = size(p, 1), rstd = size(p, 2), dx = size(p, 4);
  const gain = size(p, 3), cols = size(p, 6), whole = wholeBytes<T>(cols), rest = ragged<T>(cols), row = cols * sizeof<T>();
  for (let r = size(p, 5); r; r--) {
    let i: usize = 0;
    for (; i < whole; i += 16) put<T>(dx + i, 0, mul<T>(get<T>(dy + i, 0), get<T>(gain + i, 0)));
    if (rest) put<T>(dx + i, rest, mul<T>(get<T>(dy + i, rest), get<T>(gain + i, rest)));
    const mean = v128.splat<T>(sumOf<T>(dx, cols) / <T>cols), slope = v128.splat<T>(dotOf<T>(dx, xhat, cols) / <T>cols);
    const scale = v128.splat<T>(load<T>(rstd));
    for (i = 0; i < whole; i += 16) put<T>(dx + i, 0, mul<T>(scale, sub<T>(sub<T>(get<T>(dx + i, 0), mean), mul<T>(get<T>(xhat + i, 0), slope))));
    if (rest) put<T>(dx + i, rest, mul<T>(scale, sub<T>(sub<T>(get<T>(dx + i, rest), mean), mul<T>(get<T>(xhat + i, rest), slope))));
    dy += row;
    xhat += row;
    dx += row;
    rstd += sizeof<T>();
  }
}
