// Optimiser steps, the semantics of PyTorch's torch.optim. Constants are computed in float64 and rounded once to T.
//
// WebAssembly has no flush-to-zero, and arithmetic on subnormal numbers is tens of times slower. The averages of a unit that
// stopped learning decay into them, so they are set to 0 on the way, by rules that depend on nothing but the value.

import { add, div, get, mul, put, ragged, splat, sub, wholeBytes } from "./lanes";
import { real, size } from "./row";

/** Gradients and momenta below this change nothing (2⁻¹⁰⁰, 2⁻⁹⁰⁰), and no factor in a step makes them subnormal. */
// @ts-ignore: decorator
@inline
function negligible<T>(): v128 { return sizeof<T>() == 4 ? f32x4.splat(7.888609052210118e-31) : f64x2.splat(1.1830521861667747e-271); }
/** Twice the smallest normal number: an average of squares may still be halved. */
// @ts-ignore: decorator
@inline
function smallest<T>(): f64 { return sizeof<T>() == 4 ? 2.350988701644575e-38 : 4.450147717014403e-308; }

/** x, or 0 where |x| < limit; NaN stays */
// @ts-ignore: decorator
@inline
function flush<T>(x: v128, limit: v128): v128 { return v128.andnot(x, v128.lt<T>(v128.abs<T>(x), limit)); }

/** The same for x >= 0, limit: the smallest average of squares */
// @ts-ignore: decorator
@inline
function flushSquares<T>(x: v128): v128 { return v128.andnot(x, v128.lt<T>(x, splat<T>(smallest<T>()))); }

/** The factor on the gradient: 1 without gradient clipping. */
// @ts-ignore: decorator
@inline
function factor<T>(coefficient: usize): v128 { return splat<T>(coefficient ? load<f64>(coefficient) : 1); }

/** Below this a gradient's share of an average of squares, (1 − decay)·g², is not a normal number; the gradient counts as 0. */
// @ts-ignore: decorator
@inline
function squareFloor<T>(share: f64): v128 { return splat<T>(Math.sqrt(smallest<T>() / share)); }

/** Op.Sgd: param, grad, momentum, n, hyper, coefficient */
export function sgd<T>(p: usize): void {
  let x = size(p, 0), g = size(p, 1), m = size(p, 2);
  const n = size(p, 3), hyper = size(p, 4);
  const f = factor<T>(size(p, 5)), lr = splat<T>(real(hyper, 0)), momentum = splat<T>(real(hyper, 1));
  const share = splat<T>(1 - real(hyper, 2)), decay = real(hyper, 3), nesterov = real(hyper, 4) != 0, first = real(hyper, 5) == 0;
  const weightDecay = splat<T>(decay), hasDecay = decay != 0;
  const end = x + wholeBytes<T>(n);
  while (x != end) {
    sgdLanes<T>(x, g, m, 0, f, lr, momentum, share, weightDecay, hasDecay, nesterov, first);
    x += 16;
    g += 16;
    if (m) m += 16;
  }
  const r = ragged<T>(n);
  if (r) sgdLanes<T>(x, g, m, r, f, lr, momentum, share, weightDecay, hasDecay, nesterov, first);
}

// @ts-ignore: decorator
@inline
function sgdLanes<T>(x: usize, g: usize, m: usize, r: usize, f: v128, lr: v128, momentum: v128, share: v128, weightDecay: v128, hasDecay: bool, nesterov: bool, first: bool): void {
  const w = get<T>(x, r);
  let d = mul<T>(get<T>(g, r), f);
  if (hasDecay) d = add<T>(d, mul<T>(weightDecay, w));
  if (m) {
    const buffer = flush<T>(first ? d : add<T>(mul<T>(get<T>(m, r), momentum), mul<T>(share, d)), negligible<T>());
    put<T>(m, r, buffer);
    d = nesterov ? add<T>(d, mul<T>(momentum, buffer)) : buffer;
  }
  put<T>(x, r, sub<T>(w, mul<T>(lr, d)));
}

/** Op.RmsProp: param, grad, squareAverage, momentum, gradAverage, n, hyper, coefficient */
export function rmsProp<T>(p: usize): void {
  let x = size(p, 0), g = size(p, 1), s = size(p, 2), m = size(p, 3), a = size(p, 4);
  const n = size(p, 5), hyper = size(p, 6);
  const f = factor<T>(size(p, 7)), lr = splat<T>(real(hyper, 0)), keep = splat<T>(real(hyper, 1)), share = splat<T>(1 - real(hyper, 1));
  const eps = splat<T>(real(hyper, 2)), decay = real(hyper, 3), momentum = splat<T>(real(hyper, 4)), inside = real(hyper, 5) != 0;
  const weightDecay = splat<T>(decay), hasDecay = decay != 0, floor = squareFloor<T>(1 - real(hyper, 1));
  const end = x + wholeBytes<T>(n);
  while (x != end) {
    rmsPropLanes<T>(x, g, s, m, a, 0, f, lr, keep, share, eps, momentum, weightDecay, floor, hasDecay, inside);
    x += 16;
    g += 16;
    s += 16;
    if (m) m += 16;
    if (a) a += 16;
  }
  const r = ragged<T>(n);
  if (r) rmsPropLanes<T>(x, g, s, m, a, r, f, lr, keep, share, eps, momentum, weightDecay, floor, hasDecay, inside);
}

// @ts-ignore: decorator
@inline
function rmsPropLanes<T>(x: usize, g: usize, s: usize, m: usize, a: usize, r: usize, f: v128, lr: v128, keep: v128, share: v128, eps: v128, momentum: v128, weightDecay: v128, floor: v128, hasDecay: bool, inside: bool): void {
  const w = get<T>(x, r);
  let d = mul<T>(get<T>(g, r), f);
  if (hasDecay) d = add<T>(d, mul<T>(weightDecay, w));
  d = flush<T>(d, floor);
  const squares = flushSquares<T>(add<T>(mul<T>(get<T>(s, r), keep), mul<T>(mul<T>(share, d), d)));
  put<T>(s, r, squares);
  let spread = squares;
  if (a) {
    const mean = flush<T>(add<T>(mul<T>(get<T>(a, r), keep), mul<T>(share, d)), negligible<T>());
    put<T>(a, r, mean);
    const centre = flush<T>(mean, splat<T>(Math.sqrt(smallest<T>())));
    spread = sub<T>(squares, mul<T>(centre, centre));
  }
  const root = inside ? v128.sqrt<T>(add<T>(spread, eps)) : add<T>(v128.sqrt<T>(spread), eps);
  let step = div<T>(d, root);
  if (m) {
    step = flush<T>(add<T>(mul<T>(get<T>(m, r), momentum), step), negligible<T>());
    put<T>(m, r, step);
  }
  put<T>(x, r, sub<T>(w, mul<T>(lr, step)));
}

/** Op.Adam: param, grad, m, v, vMax, n, hyper, coefficient (Kingma and Ba 2015; AdamW: Loshchilov and Hutter 2019) */
export function adam<T>(p: usize): void {
  let x = size(p, 0), g = size(p, 1), m = size(p, 2), v = size(p, 3), top = size(p, 4);
  const n = size(p, 5), hyper = size(p, 6);
  const lr = real(hyper, 0), beta1 = real(hyper, 1), beta2 = real(hyper, 2), decay = real(hyper, 4), decoupled = real(hyper, 5) != 0;
  const f = factor<T>(size(p, 7)), b1 = splat<T>(beta1), c1 = splat<T>(1 - beta1), b2 = splat<T>(beta2), c2 = splat<T>(1 - beta2);
  const eps = splat<T>(real(hyper, 3)), step = splat<T>(lr / (1 - real(hyper, 6))), inverseRoot = splat<T>(1 / Math.sqrt(1 - real(hyper, 7)));
  const added = decay != 0 && !decoupled, weightDecay = splat<T>(decay);
  const shrunk = decay != 0 && decoupled, shrink = splat<T>(1 - lr * decay), floor = squareFloor<T>(1 - beta2);
  const end = x + wholeBytes<T>(n);
  while (x != end) {
    adamLanes<T>(x, g, m, v, top, 0, f, b1, c1, b2, c2, eps, step, inverseRoot, weightDecay, shrink, floor, added, shrunk);
    x += 16;
    g += 16;
    m += 16;
    v += 16;
    if (top) top += 16;
  }
  const r = ragged<T>(n);
  if (r) adamLanes<T>(x, g, m, v, top, r, f, b1, c1, b2, c2, eps, step, inverseRoot, weightDecay, shrink, floor, added, shrunk);
}

// @ts-ignore: decorator
@inline
function adamLanes<T>(x: usize, g: usize, m: usize, v: usize, top: usize, r: usize, f: v128, b1: v128, c1: v128, b2: v128, c2: v128, eps: v128, step: v128, inverseRoot: v128, weightDecay: v128, shrink: v128, floor: v128, added: bool, shrunk: bool): void {
  let w = get<T>(x, r);
  let d = mul<T>(get<T>(g, r), f);
  if (added) d = add<T>(d, mul<T>(weightDecay, w));
  if (shrunk) w = mul<T>(w, shrink);
  d = flush<T>(d, floor);
  const mean = flush<T>(add<T>(mul<T>(get<T>(m, r), b1), mul<T>(c1, d)), negligible<T>());
  let squares = flushSquares<T>(add<T>(mul<T>(get<T>(v, r), b2), mul<T>(mul<T>(c2, d), d)));
  put<T>(m, r, mean);
  put<T>(v, r, squares);
  if (top) {
    squares = v128.max<T>(get<T>(top, r), squares);
    put<T>(top, r, squares);
  }
  const spread = add<T>(mul<T>(v128.sqrt<T>(squares), inverseRoot), eps);
  put<T>(x, r, sub<T>(w, mul<T>(step, div<T>(mean, spread))));
}
