// Reductions and softmaxes along the last axis of a [rows, cols] matrix. Partial vectors are padded with the neutral element.

import { add, div, loadPart, maxLanes, mul, ragged, splat, storePart, sub, sumLanes, wholeBytes, zero } from "./lanes";
import { exp, log } from "./mathematics";
import { NARROW, narrowDot, narrowLogSoftmax, narrowLogSoftmaxGrad, narrowLogSumExp, narrowMax, narrowSoftmax, narrowSoftmaxGrad } from "./narrow";
import { dotOf, sumOf } from "./sums";
import { size } from "./row";

function maxOf<T>(x: usize, n: usize): T {
  const end = x + wholeBytes<T>(n);
  const lowest = splat<T>(-Infinity);
  let m = lowest;
  while (x != end) { m = v128.max<T>(m, v128.load(x)); x += 16; }
  const r = ragged<T>(n);
  if (r) m = v128.max<T>(m, loadPart<T>(x, r, lowest));
  return maxLanes<T>(m);
}

/** Where the exponentials of a row are measured from: its maximum, or 0 for a row of −Infinity (∞ − ∞ would be NaN). */
// @ts-ignore: decorator
@inline
function originOf<T>(x: usize, n: usize): T {
  const m = maxOf<T>(x, n);
  return abs<T>(m) == <T>Infinity ? <T>0 : m;
}

function sumExp<T>(x: usize, n: usize, origin: v128): T {
  const end = x + wholeBytes<T>(n);
  let s = zero();
  while (x != end) { s = add<T>(s, exp<T>(sub<T>(v128.load(x), origin))); x += 16; }
  const r = ragged<T>(n);
  if (r) s = add<T>(s, exp<T>(sub<T>(loadPart<T>(x, r, splat<T>(-Infinity)), origin)));
  return sumLanes<T>(s);
}

/** log Σ exp(x) measured from the origin */
// @ts-ignore: decorator
@inline
function logSumExp<T>(x: usize, n: usize, origin: T): T {
  return v128.extract_lane<T>(log<T>(v128.splat<T>(sumExp<T>(x, n, v128.splat<T>(origin)))), 0);
}

/** Op.MaxRows */
export function maxRows<T>(p: usize): void {
  let x = size(p, 0), out = size(p, 1);
  const rows = size(p, 2), cols = size(p, 3);
  if (cols <= NARROW) return narrowMax<T>(x, out, rows, cols);
  for (let r = rows; r; r--) {
    store<T>(out, maxOf<T>(x, cols));
    x += cols * sizeof<T>();
    out += sizeof<T>();
  }
}

/** Op.ArgMaxRows */
export function argMaxRows<T>(p: usize): void {
  let x = size(p, 0), out = size(p, 1);
  const cols = size(p, 3);
  for (let r = size(p, 2); r; r--) {
    let best = load<T>(x), index = 0;
    for (let c: usize = 1; c < cols; c++) {
      const v = load<T>(x + c * sizeof<T>());
      if (v > best) { best = v; index = <i32>c; }
    }
    store<i32>(out, index);
    x += cols * sizeof<T>();
    out += 4;
  }
}

/** Op.LogSumExpRows */
export function logSumExpRows<T>(p: usize): void {
  let x = size(p, 0), out = size(p, 1);
  const rows = size(p, 2), cols = size(p, 3);
  if (cols <= NARROW) return narrowLogSumExp<T>(x, out, rows, cols);
  for (let r = rows; r; r--) {
    const origin = originOf<T>(x, cols);
    store<T>(out, origin + logSumExp<T>(x, cols, origin));
    x += cols * sizeof<T>();
    out += sizeof<T>();
  }
}

/** Op.SoftmaxRows */
export function softmaxRows<T>(p: usize): void {
  let x = size(p, 0), out = size(p, 1);
  const rows = size(p, 2), cols = size(p, 3);
  if (cols <= NARROW) return narrowSoftmax<T>(x, out, rows, cols);
  const whole = wholeBytes<T>(cols), rest = ragged<T>(cols);
  for (let r = rows; r; r--) {
    const origin = v128.splat<T>(originOf<T>(x, cols));
    let s = zero(), i: usize = 0;
    for (; i < whole; i += 16) {
      const e = exp<T>(sub<T>(v128.load(x + i), origin));
      s = add<T>(s, e);
      v128.store(out + i, e);
    }
    if (rest) {
      const e = exp<T>(sub<T>(loadPart<T>(x + i, rest, splat<T>(-Infinity)), origin));
      s = add<T>(s, e);
      storePart<T>(out + i, rest, e);
    }
    const total = v128.splat<T>(sumLanes<T>(s));
    for (i = 0; i < whole; i += 16) v128.store(out + i, div<T>(v128.load(out + i), total));
    if (rest) storePart<T>(out + i, rest, div<T>(loadPart<T>(out + i, rest, zero()), total));
    x += cols * sizeof<T>();
    out += cols * sizeof<T>();
  }
}

/** Op.LogSoftmaxRows */
export function logSoftmaxRows<T>(p: usize): void {
  let x = size(p, 0), out = size(p, 1);
  const rows = size(p, 2), cols = size(p, 3);
  if (cols <= NARROW) return narrowLogSoftmax<T>(x, out, rows, cols);
  const whole = wholeBytes<T>(cols), rest = ragged<T>(cols);
  for (let r = rows; r; r--) {
    const start = originOf<T>(x, cols);
    const origin = v128.splat<T>(start), total = v128.splat<T>(logSumExp<T>(x, cols, start));
    let i: usize = 0;
    for (; i < whole; i += 16) v128.store(out + i, sub<T>(sub<T>(v128.load(x + i), origin), total));
    if (rest) storePart<T>(out + i, rest, sub<T>(sub<T>(loadPart<T>(x + i, rest, zero()), origin), total));
    x += cols * sizeof<T>();
    out += cols * sizeof<T>();
  }
}

/** Op.SoftmaxRowsGrad: dx = y·(dy − Σ dy·y) */
export function softmaxRowsGrad<T>(p: usize): void {
  let dy = size(p, 0), y = size(p, 1), dx = size(p, 2);
  const rows = size(p, 3), cols = size(p, 4);
  if (cols <= NARROW) return narrowSoftmaxGrad<T>(dy, y, dx, rows, cols);
  const whole = wholeBytes<T>(cols), rest = ragged<T>(cols), row = cols * sizeof<T>();
  for (let r = rows; r; r--) {
    const s = v128.splat<T>(dotOf<T>(dy, y, cols));
    let i: usize = 0;
    for (; i < whole; i += 16) v128.store(dx + i, mul<T>(v128.load(y + i), sub<T>(v128.load(dy + i), s)));
    if (rest) storePart<T>(dx + i, rest, mul<T>(loadPart<T>(y + i, rest, zero()), sub<T>(loadPart<T>(dy + i, rest, zero()), s)));
    dy += row; y += row; dx += row;
  }
}

/** Op.LogSoftmaxRowsGrad: dx = dy − exp(y)·Σ dy */
export function logSoftmaxRowsGrad<T>(p: usize): void {
  let dy = size(p, 0), y = size(p, 1), dx = size(p, 2);
  const rows = size(p, 3), cols = size(p, 4);
  if (cols <= NARROW) return narrowLogSoftmaxGrad<T>(dy, y, dx, rows, cols);
  const whole = wholeBytes<T>(cols), rest = ragged<T>(cols), row = cols * sizeof<T>();
  for (let r = rows; r; r--) {
    const s = v128.splat<T>(sumOf<T>(dy, cols));
    let i: usize = 0;
    for (; i < whole; i += 16) v128.store(dx + i, sub<T>(v128.load(dy + i), mul<T>(exp<T>(v128.load(y + i)), s)));
    if (rest) storePart<T>(dx + i, rest, sub<T>(loadPart<T>(dy + i, rest, zero()), mul<T>(exp<T>(loadPart<T>(y + i, rest, zero())), s)));
    dy += row; y += row; dx += row;
  }
}

/** Op.DotRows */
export function dotRows<T>(p: usize): void {
  let a = size(p, 0), b = size(p, 1), out = size(p, 2);
  const rows = size(p, 3), cols = size(p, 4);
  if (cols <= NARROW) return narrowDot<T>(a, b, out, rows, cols);
  for (let r = rows; r; r--) {
    store<T>(out, dotOf<T>(a, b, cols));
    a += cols * sizeof<T>();
    b += cols * sizeof<T>();
    out += sizeof<T>();
  }
}
