// Reductions and softmaxes of matrices with few columns, such as the logits of a few actions: the lanes are rows, and sums run
// over the columns in order. A row's result depends on its own values only.

import { add, div, lanes, mul, put, splat, sub, zero } from "./lanes";
import { exp, log } from "./mathematics";

/** The most columns for which this is the faster way. */
export const NARROW: usize = 16;

/** One element of each of 16/sizeof(T) rows, or of the first r rows if r is not 0. */
// @ts-ignore: decorator
@inline
function gather<T>(x: usize, row: usize, r: usize): v128 {
  if (sizeof<T>() == 8) {
    const v = v128.load64_zero(x);
    return r ? v : v128.load64_lane(x + row, v, 1);
  }
  let v = v128.load32_zero(x);
  if (r == 1) return v;
  v = v128.load32_lane(x + row, v, 1);
  if (r == 2) return v;
  v = v128.load32_lane(x + 2 * row, v, 2);
  return r ? v : v128.load32_lane(x + 3 * row, v, 3);
}

// @ts-ignore: decorator
@inline
function scatter<T>(x: usize, row: usize, r: usize, v: v128): void {
  if (sizeof<T>() == 8) {
    v128.store64_lane(x, v, 0);
    if (r == 0) v128.store64_lane(x + row, v, 1);
    return;
  }
  v128.store32_lane(x, v, 0);
  if (r == 1) return;
  v128.store32_lane(x + row, v, 1);
  if (r == 2) return;
  v128.store32_lane(x + 2 * row, v, 2);
  if (r == 0) v128.store32_lane(x + 3 * row, v, 3);
}

// @ts-ignore: decorator
@inline
function maximum<T>(x: usize, row: usize, r: usize): v128 {
  const end = x + row;
  let m = splat<T>(-Infinity);
  while (x != end) { m = v128.max<T>(m, gather<T>(x, row, r)); x += sizeof<T>(); }
  return m;
}

/** Where the exponentials of each row are measured from: its maximum, or 0 where that is infinite. */
// @ts-ignore: decorator
@inline
function origins<T>(x: usize, row: usize, r: usize): v128 {
  const m = maximum<T>(x, row, r);
  return v128.andnot(m, v128.eq<T>(v128.abs<T>(m), splat<T>(Infinity)));
}

function sumExp<T>(x: usize, row: usize, r: usize, origin: v128): v128 {
  const end = x + row;
  let s = zero();
  while (x != end) { s = add<T>(s, exp<T>(sub<T>(gather<T>(x, row, r), origin))); x += sizeof<T>(); }
  return s;
}

/** How many rows the group that starts with `left` rows to go has, in gather's terms. */
// @ts-ignore: decorator
@inline
function part<T>(left: usize): usize { return left < lanes<T>() ? left : 0; }
// @ts-ignore: decorator
@inline
function after<T>(left: usize): usize { return left < lanes<T>() ? 0 : left - lanes<T>(); }

export function narrowMax<T>(x: usize, out: usize, rows: usize, cols: usize): void {
  const row = cols * sizeof<T>();
  for (let left = rows; left; left = after<T>(left)) {
    const r = part<T>(left);
    put<T>(out, r, maximum<T>(x, row, r));
    x += lanes<T>() * row;
    out += 16;
  }
}

export function narrowLogSumExp<T>(x: usize, out: usize, rows: usize, cols: usize): void {
  const row = cols * sizeof<T>();
  for (let left = rows; left; left = after<T>(left)) {
    const r = part<T>(left), origin = origins<T>(x, row, r);
    put<T>(out, r, add<T>(origin, log<T>(sumExp<T>(x, row, r, origin))));
    x += lanes<T>() * row;
    out += 16;
  }
}

export function narrowSoftmax<T>(x: usize, out: usize, rows: usize, cols: usize): void {
  const row = cols * sizeof<T>();
  for (let left = rows; left; left = after<T>(left)) {
    const r = part<T>(left), origin = origins<T>(x, row, r);
    let s = zero();
    for (let c: usize = 0; c < row; c += sizeof<T>()) {
      const e = exp<T>(sub<T>(gather<T>(x + c, row, r), origin));
      s = add<T>(s, e);
      scatter<T>(out + c, row, r, e);
    }
    for (let c: usize = 0; c < row; c += sizeof<T>()) scatter<T>(out + c, row, r, div<T>(gather<T>(out + c, row, r), s));
    x += lanes<T>() * row;
    out += lanes<T>() * row;
  }
}

export function narrowLogSoftmax<T>(x: usize, out: usize, rows: usize, cols: usize): void {
  const row = cols * sizeof<T>();
  for (let left = rows; left; left = after<T>(left)) {
    const r = part<T>(left), origin = origins<T>(x, row, r), total = log<T>(sumExp<T>(x, row, r, origin));
    for (let c: usize = 0; c < row; c += sizeof<T>())
      scatter<T>(out + c, row, r, sub<T>(sub<T>(gather<T>(x + c, row, r), origin), total));
    x += lanes<T>() * row;
    out += lanes<T>() * row;
  }
}

export function narrowSoftmaxGrad<T>(dy: usize, y: usize, dx: usize, rows: usize, cols: usize): void {
  const row = cols * sizeof<T>();
  for (let left = rows; left; left = after<T>(left)) {
    const r = part<T>(left), s = products<T>(dy, y, row, r);
    for (let c: usize = 0; c < row; c += sizeof<T>())
      scatter<T>(dx + c, row, r, mul<T>(gather<T>(y + c, row, r), sub<T>(gather<T>(dy + c, row, r), s)));
    dy += lanes<T>() * row;
    y += lanes<T>() * row;
    dx += lanes<T>() * row;
  }
}

export function narrowLogSoftmaxGrad<T>(dy: usize, y: usize, dx: usize, rows: usize, cols: usize): void {
  const row = cols * sizeof<T>();
  for (let left = rows; left; left = after<T>(left)) {
    const r = part<T>(left);
    let s = zero();
    for (let c: usize = 0; c < row; c += sizeof<T>()) s = add<T>(s, gather<T>(dy + c, row, r));
    for (let c: usize = 0; c < row; c += sizeof<T>())
      scatter<T>(dx + c, row, r, sub<T>(gather<T>(dy + c, row, r), mul<T>(exp<T>(gather<T>(y + c, row, r)), s)));
    dy += lanes<T>() * row;
    y += lanes<T>() * row;
    dx += lanes<T>() * row;
  }
}

// @ts-ignore: decorator
@inline
function products<T>(a: usize, b: usize, row: usize, r: usize): v128 {
  let s = zero();
  for (let c: usize = 0; c < row; c += sizeof<T>()) s = add<T>(s, mul<T>(gather<T>(a + c, row, r), gather<T>(b + c, row, r)));
  return s;
}

export function narrowDot<T>(a: usize, b: usize, out: usize, rows: usize, cols: usize): void {
  const row = cols * sizeof<T>();
  for (let left = rows; left; left = after<T>(left)) {
    const r = part<T>(left);
    put<T>(out, r, products<T>(a, b, row, r));
    a += lanes<T>() * row;
    b += lanes<T>() * row;
    out += 16;
  }
}
