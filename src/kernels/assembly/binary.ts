// Elementwise functions of two operands with broadcasting: a, b, out, d, (size, stride of a, stride of b)×d; out is contiguous.

import { add, div, loadPart, mul, one, ragged, storePart, sub, wholeBytes, zero } from "./lanes";
import { int, size } from "./row";

@unmanaged @final class Add { @inline of<T>(a: v128, b: v128): v128 { return add<T>(a, b); } }
@unmanaged @final class Sub { @inline of<T>(a: v128, b: v128): v128 { return sub<T>(a, b); } }
@unmanaged @final class Mul { @inline of<T>(a: v128, b: v128): v128 { return mul<T>(a, b); } }
@unmanaged @final class Div { @inline of<T>(a: v128, b: v128): v128 { return div<T>(a, b); } }
/** NaN where either is, like PyTorch's maximum. */
@unmanaged @final class Max { @inline of<T>(a: v128, b: v128): v128 { return v128.max<T>(a, b); } }
@unmanaged @final class Min { @inline of<T>(a: v128, b: v128): v128 { return v128.min<T>(a, b); } }
@unmanaged @final class Greater { @inline of<T>(a: v128, b: v128): v128 { return v128.and(v128.gt<T>(a, b), one<T>()); } }
@unmanaged @final class GreaterEqual { @inline of<T>(a: v128, b: v128): v128 { return v128.and(v128.ge<T>(a, b), one<T>()); } }
@unmanaged @final class Less { @inline of<T>(a: v128, b: v128): v128 { return v128.and(v128.lt<T>(a, b), one<T>()); } }
@unmanaged @final class LessEqual { @inline of<T>(a: v128, b: v128): v128 { return v128.and(v128.le<T>(a, b), one<T>()); } }
@unmanaged @final class Equal { @inline of<T>(a: v128, b: v128): v128 { return v128.and(v128.eq<T>(a, b), one<T>()); } }

// @ts-ignore: decorator
@inline
function both<T, F>(a: usize, b: usize, out: usize, n: usize): void {
  const f = changetype<F>(0);
  const end = a + wholeBytes<T>(n);
  while (a != end) {
    v128.store(out, f.of<T>(v128.load(a), v128.load(b)));
    a += 16;
    b += 16;
    out += 16;
  }
  const r = ragged<T>(n);
  if (r) storePart<T>(out, r, f.of<T>(loadPart<T>(a, r, zero()), loadPart<T>(b, r, zero())));
}

// @ts-ignore: decorator
@inline
function left<T, F>(a: usize, b: v128, out: usize, n: usize): void {
  const f = changetype<F>(0);
  const end = a + wholeBytes<T>(n);
  while (a != end) { v128.store(out, f.of<T>(v128.load(a), b)); a += 16; out += 16; }
  const r = ragged<T>(n);
  if (r) storePart<T>(out, r, f.of<T>(loadPart<T>(a, r, zero()), b));
}

// @ts-ignore: decorator
@inline
function right<T, F>(a: v128, b: usize, out: usize, n: usize): void {
  const f = changetype<F>(0);
  const end = b + wholeBytes<T>(n);
  while (b != end) { v128.store(out, f.of<T>(a, v128.load(b))); b += 16; out += 16; }
  const r = ragged<T>(n);
  if (r) storePart<T>(out, r, f.of<T>(a, loadPart<T>(b, r, zero())));
}

/** One innermost run: the strides that broadcasting makes, as vectors; any others, one by one. */
function run<T, F>(a: usize, sa: usize, b: usize, sb: usize, out: usize, n: usize): void {
  const S = sizeof<T>();
  if (n == 0) return;
  if (sa == S) {
    if (sb == S) return both<T, F>(a, b, out, n);
    if (sb == 0) return left<T, F>(a, v128.splat<T>(load<T>(b)), out, n);
  } else if (sa == 0 && sb == S) return right<T, F>(v128.splat<T>(load<T>(a)), b, out, n);
  const f = changetype<F>(0);
  for (; n; n--) {
    store<T>(out, v128.extract_lane<T>(f.of<T>(v128.splat<T>(load<T>(a)), v128.splat<T>(load<T>(b))), 0));
    a += sa;
    b += sb;
    out += S;
  }
}

/** Returns where out has come to. */
function walk<T, F>(dims: usize, d: i32, a: usize, b: usize, out: usize): usize {
  const S = sizeof<T>();
  let n = size(dims, 0);
  const sa = <usize>(int(dims, 1) * <i32>S), sb = <usize>(int(dims, 2) * <i32>S);
  if (d > 2) {
    for (; n; n--) { out = walk<T, F>(dims + 24, d - 1, a, b, out); a += sa; b += sb; }
    return out;
  }
  const m = size(dims, 3), ta = <usize>(int(dims, 4) * <i32>S), tb = <usize>(int(dims, 5) * <i32>S);
  for (; n; n--) { run<T, F>(a, ta, b, tb, out, m); a += sa; b += sb; out += m * S; }
  return out;
}

// @ts-ignore: decorator
@inline
function broadcast<T, F>(p: usize): void {
  const d = int(p, 3), a = size(p, 0), b = size(p, 1), out = size(p, 2);
  if (d > 1) { walk<T, F>(p + 32, d, a, b, out); return; }
  run<T, F>(a, <usize>(int(p, 5) * <i32>sizeof<T>()), b, <usize>(int(p, 6) * <i32>sizeof<T>()), out, size(p, 4));
}

export function addKernel<T>(p: usize): void { broadcast<T, Add>(p); }
export function subKernel<T>(p: usize): void { broadcast<T, Sub>(p); }
export function mulKernel<T>(p: usize): void { broadcast<T, Mul>(p); }
export function divKernel<T>(p: usize): void { broadcast<T, Div>(p); }
export function maxKernel<T>(p: usize): void { broadcast<T, Max>(p); }
export function minKernel<T>(p: usize): void { broadcast<T, Min>(p); }
export function greaterKernel<T>(p: usize): void { broadcast<T, Greater>(p); }
export function greaterEqualKernel<T>(p: usize): void { broadcast<T, GreaterEqual>(p); }
export function lessKernel<T>(p: usize): void { broadcast<T, Less>(p); }
export function lessEqualKernel<T>(p: usize): void { broadcast<T, LessEqual>(p); }
export function equalKernel<T>(p: usize): void { broadcast<T, Equal>(p); }
