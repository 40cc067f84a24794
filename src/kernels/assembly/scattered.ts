// Matrix products, float32, whose left side is almost all zero: a frame less the one before. Where sparse.ts skips half of the
// work, a hundredth is left of it here, so that nothing may be done to the right side: no panel is packed.
//
// The bits are those of the dense product. A product with 0 is ±0 as long as the other factor is finite, and adding ±0 changes a sum
// only where that is −0, which no sum of terms is unless it began there. What does not hold this (a factor that is not
// finite, a bias of −0) is for the dense product.

import { listFour, listOne } from "./sparse";

/** Entries of a row that are listed at once; the lists of both take a fourth of what sparse.ts has for its own, in the same place. */
const CHUNK: usize = 16384;
/** Bytes from the list of rows to that of values; four of each may be written beyond the end. */
const VALUES: usize = CHUNK * 4 + 16;
/** Rows must have that many entries, rows that are looked at, and the share of their entries that may differ from 0. */
export const WIDE: usize = 512;
const LOOKED_AT: usize = 8;
const RARE: f64 = 0.125;

/** Are the first of `rows` rows of `width` entries almost all zero? */
export function isScattered(x: usize, rows: usize, width: usize): bool {
  const looked = min(LOOKED_AT, rows);
  const most = <i32>(RARE * <f64>(looked * width));
  let found = 0;
  for (let i: usize = 0; i < looked; i++) {
    for (let q = width >> 2; q; q--) {
      found += popcnt(i32x4.bitmask(f32x4.ne(v128.load(x), f32x4.splat(0))));
      x += 16;
    }
    for (let q = width & 3; q; q--) { found += <i32>(load<f32>(x) != 0); x += 4; }
    if (found > most) return false;
  }
  return true;
}

/** Whether none of n numbers is infinite or NaN. */
export function areFinite(x: usize, n: usize): bool {
  let d0 = f32x4.splat(0), d1 = d0, d2 = d0, d3 = d0;
  for (let q = n >> 4; q; q--) {
    const v0 = v128.load(x), v1 = v128.load(x, 16), v2 = v128.load(x, 32), v3 = v128.load(x, 48);
    d0 = f32x4.add(d0, f32x4.sub(v0, v0)); d1 = f32x4.add(d1, f32x4.sub(v1, v1));
    d2 = f32x4.add(d2, f32x4.sub(v2, v2)); d3 = f32x4.add(d3, f32x4.sub(v3, v3));
    x += 64;
  }
  const all = f32x4.add(f32x4.add(d0, d1), f32x4.add(d2, d3));
  let rest: f32 = 0;
  for (let q = n & 15; q; q--) { const v = load<f32>(x); rest += v - v; x += 4; }
  return !v128.any_true(f32x4.ne(all, f32x4.splat(0))) && rest == 0;
}

/** Whether one of n numbers is −0; none where x is 0. */
export function holdNegativeZero(x: usize, n: usize): bool {
  if (x == 0) return false;
  for (; n; n--) { if (load<u32>(x) == 0x80000000) return true; x += 4; }
  return false;
}

/** The same of bytes; all of them, zeros too, where `isWhole`. */
function listBytes(x: usize, count: usize, first: usize, pitch: usize, list: usize, isWhole: bool): usize {
  let row = first;
  for (let q = count >> 4; q; q--) {
    if (isWhole || v128.any_true(v128.load(x))) {
      for (let i: usize = 0; i < 16; i++) list = listByte(load<u8>(x + i), row + i * pitch, list, isWhole);
    }
    x += 16;
    row += 16 * pitch;
  }
  for (let q = count & 15; q; q--) { list = listByte(load<u8>(x), row, list, isWhole); x++; row += pitch; }
  return list;
}

// @ts-ignore: decorator
@inline
function listByte(value: u8, row: usize, list: usize, isWhole: bool): usize {
  store<u32>(list, <u32>row);
  store<f32>(list + VALUES, <f32>value);
  return list + (<usize>(isWhole || value != 0) << 2);
}

/** Lists what is not 0 among `count` entries: rows `first + i · pitch`, and values. Returns the end of the list of rows. */
// @ts-ignore: decorator
@inline
function listOf<S>(x: usize, count: usize, first: usize, pitch: usize, list: usize, isWhole: bool): usize {
  return sizeof<S>() == 1 ? listBytes(x, count, first, pitch, list, isWhole) : listScattered(x, count, first, pitch, list);
}

function listScattered(x: usize, count: usize, first: usize, pitch: usize, list: usize): usize {
  const p = <i32>pitch;
  let at = i32x4.add(i32x4.splat(<i32>first), i32x4(0, p, 2 * p, 3 * p));
  const four = i32x4.splat(4 * p);
  for (let q = count >> 4; q; q--) {
    const v0 = v128.load(x), v1 = v128.load(x, 16), v2 = v128.load(x, 32), v3 = v128.load(x, 48);
    if (v128.any_true(v128.or(v128.or(v0, v1), v128.or(v2, v3)))) {
      let here = at;
      list = listFour(v0, here, list, VALUES); here = i32x4.add(here, four);
      list = listFour(v1, here, list, VALUES); here = i32x4.add(here, four);
      list = listFour(v2, here, list, VALUES); here = i32x4.add(here, four);
      list = listFour(v3, here, list, VALUES);
    }
    at = i32x4.add(at, i32x4.splat(16 * p));
    x += 64;
  }
  let row = first + (count & ~15) * pitch;
  for (let q = count & 15; q; q--) {
    list = listOne(load<f32>(x), row, list, VALUES);
    row += pitch;
    x += 4;
  }
  return list;
}

/**
 * out[m, n] = (bias | 0) + a[m, k]·b[k, n] for a of float32 or bytes; of bytes all are multiplied where `isWhole`. Each row of `out` sums the rows of `b` that count, in registers, some columns at a time.
 */
export function scatteredRows<S>(lists: usize, a: usize, b: usize, bias: usize, out: usize, m: usize, n: usize, k: usize, isWhole: bool): void {
  const pitch = 4 * n;
  for (; m; m--) {
    if (bias) memory.copy(out, bias, pitch);
    else memory.fill(out, 0, pitch);
    for (let k0: usize = 0; k0 < k; k0 += CHUNK) {
      const end = listOf<S>(a + sizeof<S>() * k0, min(CHUNK, k - k0), b + k0 * pitch, pitch, lists, isWhole);
      if (end != lists) addRows(lists, end, out, n);
    }
    a += sizeof<S>() * k;
    out += pitch;
  }
}

/** Adds the listed rows of n entries, each times its value, to one row. */
function addRows(lists: usize, end: usize, out: usize, n: usize): void {
  let j: usize = 0;
  for (; j + 24 <= n; j += 24) add24(lists, end, out + 4 * j, 4 * j);
  for (; j + 8 <= n; j += 8) add8(lists, end, out + 4 * j, 4 * j);
  for (; j < n; j++) add1(lists, end, out + 4 * j, 4 * j);
}

// @ts-ignore: decorator
@inline
function add24(list: usize, end: usize, out: usize, from: usize): void {
  let c0 = v128.load(out), c1 = v128.load(out, 16), c2 = v128.load(out, 32), c3 = v128.load(out, 48);
  let c4 = v128.load(out, 64), c5 = v128.load(out, 80);
  for (; list != end; list += 4) {
    const b = <usize>load<u32>(list) + from;
    const s = v128.load32_splat(list, VALUES);
    c0 = f32x4.add(c0, f32x4.mul(s, v128.load(b)));
    c1 = f32x4.add(c1, f32x4.mul(s, v128.load(b, 16)));
    c2 = f32x4.add(c2, f32x4.mul(s, v128.load(b, 32)));
    c3 = f32x4.add(c3, f32x4.mul(s, v128.load(b, 48)));
    c4 = f32x4.add(c4, f32x4.mul(s, v128.load(b, 64)));
    c5 = f32x4.add(c5, f32x4.mul(s, v128.load(b, 80)));
  }
  v128.store(out, c0); v128.store(out, c1, 16); v128.store(out, c2, 32); v128.store(out, c3, 48);
  v128.store(out, c4, 64); v128.store(out, c5, 80);
}

// @ts-ignore: decorator
@inline
function add8(list: usize, end: usize, out: usize, from: usize): void {
  let c0 = v128.load(out), c1 = v128.load(out, 16);
  for (; list != end; list += 4) {
    const b = <usize>load<u32>(list) + from;
    const s = v128.load32_splat(list, VALUES);
    c0 = f32x4.add(c0, f32x4.mul(s, v128.load(b)));
    c1 = f32x4.add(c1, f32x4.mul(s, v128.load(b, 16)));
  }
  v128.store(out, c0); v128.store(out, c1, 16);
}

// @ts-ignore: decorator
@inline
function add1(list: usize, end: usize, out: usize, from: usize): void {
  let c = load<f32>(out);
  for (; list != end; list += 4) c += load<f32>(list, VALUES) * load<f32>(<usize>load<u32>(list) + from);
  store<f32>(out, c);
}

/** out[m, n] = aᵀ·b of a[k, m], b[k, n]. Row after row of `a`, which is the order of the chains, adds to the rows of `out` that count. */
export function scatteredColumns<S>(lists: usize, a: usize, b: usize, out: usize, m: usize, n: usize, k: usize, isWhole: bool): void {
  const pitch = 4 * n;
  memory.fill(out, 0, m * pitch);
  for (; k; k--) {
    for (let m0: usize = 0; m0 < m; m0 += CHUNK) {
      const end = listOf<S>(a + sizeof<S>() * m0, min(CHUNK, m - m0), out + m0 * pitch, pitch, lists, isWhole);
      for (let list = lists; list != end; list += 4) addTimes(b, load<f32>(list, VALUES), <usize>load<u32>(list), n);
    }
    a += sizeof<S>() * m;
    b += pitch;
  }
}

/** out += s·x, n entries. */
// @ts-ignore: decorator
@inline
function addTimes(x: usize, s: f32, out: usize, n: usize): void {
  const v = f32x4.splat(s);
  for (let q = n >> 3; q; q--) {
    v128.store(out, f32x4.add(v128.load(out), f32x4.mul(v, v128.load(x))));
    v128.store(out, f32x4.add(v128.load(out, 16), f32x4.mul(v, v128.load(x, 16))), 16);
    x += 32;
    out += 32;
  }
  for (let q = n & 7; q; q--) { store<f32>(out, load<f32>(out) + s * load<f32>(x)); x += 4; out += 4; }
}
