// Sums over contiguous data. The order is fixed: full vectors go to four accumulators in turn, the partial last one (padded with
// zeros) to the fourth; then (first + second) + (third + fourth), then the lanes as in sumLanes.

import { add, loadPart, mul, ragged, sumLanes, wholeBytes, zero } from "./lanes";

export function sumOf<T>(x: usize, n: usize): T {
  const end = x + wholeBytes<T>(n);
  let a = zero(), b = zero(), c = zero(), d = zero();
  while (x + 64 <= end) {
    a = add<T>(a, v128.load(x));
    b = add<T>(b, v128.load(x, 16));
    c = add<T>(c, v128.load(x, 32));
    d = add<T>(d, v128.load(x, 48));
    x += 64;
  }
  if (x != end) { a = add<T>(a, v128.load(x)); x += 16; }
  if (x != end) { b = add<T>(b, v128.load(x)); x += 16; }
  if (x != end) { c = add<T>(c, v128.load(x)); x += 16; }
  const r = ragged<T>(n);
  if (r) d = add<T>(d, loadPart<T>(x, r, zero()));
  return sumLanes<T>(add<T>(add<T>(a, b), add<T>(c, d)));
}

/** Σ x·y in the order of sumOf */
export function dotOf<T>(x: usize, y: usize, n: usize): T {
  const end = x + wholeBytes<T>(n);
  let a = zero(), b = zero(), c = zero(), d = zero();
  while (x + 64 <= end) {
    a = add<T>(a, mul<T>(v128.load(x), v128.load(y)));
    b = add<T>(b, mul<T>(v128.load(x, 16), v128.load(y, 16)));
    c = add<T>(c, mul<T>(v128.load(x, 32), v128.load(y, 32)));
    d = add<T>(d, mul<T>(v128.load(x, 48), v128.load(y, 48)));
    x += 64;
    y += 64;
  }
  if (x != end) { a = add<T>(a, mul<T>(v128.load(x), v128.load(y))); x += 16; y += 16; }
  if (x != end) { b = add<T>(b, mul<T>(v128.load(x), v128.load(y))); x += 16; y += 16; }
  if (x != end) { c = add<T>(c, mul<T>(v128.load(x), v128.load(y))); x += 16; y += 16; }
  const r = ragged<T>(n);
  if (r) d = add<T>(d, mul<T>(loadPart<T>(x, r, zero()), loadPart<T>(y, r, zero())));
  return sumLanes<T>(add<T>(add<T>(a, b), add<T>(c, d)));
}
