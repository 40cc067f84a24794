// The two loops of all elementwise kernels. The operation is a class without state: `changetype<F>(0)` is its only instance,
// so that the compiler knows every call and inlines it.

import { loadPart, ragged, storePart, wholeBytes, zero } from "./lanes";

/** out[i] = f(x[i]); a and b are the operation's constants in every lane. */
// @ts-ignore: decorator
@inline
export function map<T, F>(x: usize, out: usize, n: usize, a: v128, b: v128): void {
  const f = changetype<F>(0);
  const end = x + wholeBytes<T>(n);
  while (x != end) {
    v128.store(out, f.of<T>(v128.load(x), a, b));
    x += 16;
    out += 16;
  }
  const r = ragged<T>(n);
  if (r) storePart<T>(out, r, f.of<T>(loadPart<T>(x, r, zero()), a, b));
}

/** out[i] = f(x[i], y[i]) */
// @ts-ignore: decorator
@inline
export function zip<T, F>(x: usize, y: usize, out: usize, n: usize, a: v128, b: v128): void {
  const f = changetype<F>(0);
  const end = x + wholeBytes<T>(n);
  while (x != end) {
    v128.store(out, f.of<T>(v128.load(x), v128.load(y), a, b));
    x += 16;
    y += 16;
    out += 16;
  }
  const r = ragged<T>(n);
  if (r) storePart<T>(out, r, f.of<T>(loadPart<T>(x, r, zero()), loadPart<T>(y, r, zero()), a, b));
}
