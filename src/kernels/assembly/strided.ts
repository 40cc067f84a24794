// Copies and sums over strided walks: x, out, d, (size, stride of x, stride of out)×d, outermost first.

import { add, loadPart, mul, ragged, splat, storePart, sub, wholeBytes, zero } from "./lanes";
import { sumOf } from "./sums";
import { transpose } from "./transpose";
import { int, real, size } from "./row";

// @ts-ignore: decorator
@inline
function bytes<T>(dims: usize, i: usize): usize { return <usize>(int(dims, i) * <i32>sizeof<T>()); }

export function fillWith<T>(out: usize, n: usize, v: v128): void {
  const end = out + wholeBytes<T>(n);
  while (out != end) { v128.store(out, v); out += 16; }
  const r = ragged<T>(n);
  if (r) storePart<T>(out, r, v);
}

/** Op.Fill: out, n, value */
export function fill<T>(p: usize): void { fillWith<T>(size(p, 0), size(p, 1), splat<T>(real(p, 2))); }

/** A call into the engine's own copy pays from about half a kilobyte on. */
export function copyRun<T>(x: usize, out: usize, n: usize): void {
  if (n * sizeof<T>() >= 512) { memory.copy(out, x, n * sizeof<T>()); return; }
  const end = x + wholeBytes<T>(n);
  while (x != end) { v128.store(out, v128.load(x)); x += 16; out += 16; }
  const r = ragged<T>(n);
  if (r) storePart<T>(out, r, loadPart<T>(x, r, zero()));
}

function copyWalk<T>(dims: usize, d: i32, x: usize, out: usize): void {
  const S = sizeof<T>();
  let n = size(dims, 0);
  const sx = bytes<T>(dims, 1), so = bytes<T>(dims, 2);
  if (d > 1) {
    if (d == 2 && sx == S && bytes<T>(dims, 5) == S && bytes<T>(dims, 4) != S)
      return transpose<T>(x, bytes<T>(dims, 4), out, so, n, size(dims, 3));
    for (; n; n--) { copyWalk<T>(dims + 24, d - 1, x, out); x += sx; out += so; }
    return;
  }
  if (so == S) {
    if (sx == S) return copyRun<T>(x, out, n);
    if (sx == 0) { if (n) fillWith<T>(out, n, v128.splat<T>(load<T>(x))); return; }
  }
  for (; n; n--) { store<T>(out, load<T>(x)); x += sx; out += so; }
}

/** Op.Copy */
export function copy<T>(p: usize): void { copyWalk<T>(p + 24, int(p, 2), size(p, 0), size(p, 1)); }

export function addRun<T>(x: usize, out: usize, n: usize): void {
  const end = x + wholeBytes<T>(n);
  while (x != end) { v128.store(out, add<T>(v128.load(out), v128.load(x))); x += 16; out += 16; }
  const r = ragged<T>(n);
  if (r) storePart<T>(out, r, add<T>(loadPart<T>(out, r, zero()), loadPart<T>(x, r, zero())));
}

// @ts-ignore: decorator
@inline
function addConstant<T>(v: v128, out: usize, n: usize): void {
  const end = out + wholeBytes<T>(n);
  while (out != end) { v128.store(out, add<T>(v128.load(out), v)); out += 16; }
  const r = ragged<T>(n);
  if (r) storePart<T>(out, r, add<T>(loadPart<T>(out, r, zero()), v));
}

/** out[c] = ((out[c] + x[0, c]) + x[1, c]) + …: the vectors run along c, and stay in registers down the rows. */
function addRows<T>(x: usize, row: usize, rows: usize, out: usize, n: usize): void {
  const end = out + wholeBytes<T>(n);
  while (out + 64 <= end) {
    let a = v128.load(out), b = v128.load(out, 16), c = v128.load(out, 32), d = v128.load(out, 48);
    let from = x;
    for (let r = rows; r; r--) {
      a = add<T>(a, v128.load(from));
      b = add<T>(b, v128.load(from, 16));
      c = add<T>(c, v128.load(from, 32));
      d = add<T>(d, v128.load(from, 48));
      from += row;
    }
    v128.store(out, a); v128.store(out, b, 16); v128.store(out, c, 32); v128.store(out, d, 48);
    x += 64;
    out += 64;
  }
  while (out != end) {
    let a = v128.load(out), from = x;
    for (let r = rows; r; r--) { a = add<T>(a, v128.load(from)); from += row; }
    v128.store(out, a);
    x += 16;
    out += 16;
  }
  for (let i = ragged<T>(n); i; i--) {
    let a = load<T>(out), from = x;
    for (let r = rows; r; r--) { a += load<T>(from); from += row; }
    store<T>(out, a);
    x += sizeof<T>();
    out += sizeof<T>();
  }
}

function addWalk<T>(dims: usize, d: i32, x: usize, out: usize): void {
  const S = sizeof<T>();
  let n = size(dims, 0);
  const sx = bytes<T>(dims, 1), so = bytes<T>(dims, 2);
  if (d > 1) {
    if (d == 2 && so == 0 && bytes<T>(dims, 4) == S && bytes<T>(dims, 5) == S)
      return addRows<T>(x, sx, n, out, size(dims, 3));
    for (; n; n--) { addWalk<T>(dims + 24, d - 1, x, out); x += sx; out += so; }
    return;
  }
  if (so == 0) {
    if (sx == S) { store<T>(out, load<T>(out) + sumOf<T>(x, n)); return; }
    let sum: T = <T>0;
    for (; n; n--) { sum += load<T>(x); x += sx; }
    store<T>(out, load<T>(out) + sum);
    return;
  }
  if (so == S) {
    if (sx == S) return addRun<T>(x, out, n);
    if (sx == 0) { if (n) addConstant<T>(v128.splat<T>(load<T>(x)), out, n); return; }
  }
  for (; n; n--) { store<T>(out, load<T>(out) + load<T>(x)); x += sx; out += so; }
}

/** Op.AddTo */
export function addTo<T>(p: usize): void { addWalk<T>(p + 24, int(p, 2), size(p, 0), size(p, 1)); }

// @ts-ignore: decorator
@inline
function towards<T>(out: v128, x: v128, tau: v128): v128 { return add<T>(out, mul<T>(tau, sub<T>(x, out))); }

/** Op.MoveTowards: x, out, n, tau */
export function moveTowards<T>(p: usize): void {
  let x = size(p, 0), out = size(p, 1);
  const n = size(p, 2), share = real(p, 3);
  if (share == 1.0) return copyRun<T>(x, out, n);
  const tau = splat<T>(share), end = out + wholeBytes<T>(n);
  while (out != end) {
    v128.store(out, towards<T>(v128.load(out), v128.load(x), tau));
    x += 16;
    out += 16;
  }
  const r = ragged<T>(n);
  if (r) storePart<T>(out, r, towards<T>(loadPart<T>(out, r, zero()), loadPart<T>(x, r, zero()), tau));
}
