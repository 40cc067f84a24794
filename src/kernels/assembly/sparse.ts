// Matrix products, float32, whose left side is full of zeros: what comes out of a rectifier, and the gradients that go back through one.
//
// Only what is not 0 is multiplied. The chain of additions stays the one of gemm.ts: a product with 0 is ±0 as long as the right side is
// finite, and adding ±0 changes nothing but the sign of a zero. Each row of op(a) becomes two lists: where the rows of the
// panel lie that count, and the values. A register tile holds one row by six vectors, so that the lists of rows need not agree. Six: V8 loads all
// of a step before it uses the first, and with more vectors it would keep sums in memory, at half the speed.

/** Columns of a panel, and the bytes from one of its rows to the next. */
export const WIDTH: usize = 24;
const PITCH: usize = WIDTH * 4;
/** Entries along k of a panel, which then fills the first-level cache, and rows whose lists are kept. */
export const SPARSE_K: usize = 256;
export const SPARSE_ROWS: usize = 256;
/** Bytes from one list to the next: rows of the panel, then the values; four of each may be written beyond the end. */
const VALUES: usize = SPARSE_K * 4 + 16;
const LIST: usize = 2 * VALUES;
/** Rows that are looked at to decide, and the share of their entries that may differ from 0: less in short rows, whose lists cost more. */
const LOOKED_AT: usize = 8;
const DENSE: f64 = 0.7;
const DENSE_IF_SHORT: f64 = 0.55;
const SHORT: usize = 128;

/** Ends of the lists, then the panel, then the lists. */
const PANEL: usize = SPARSE_ROWS * 4;
const LISTS: usize = PANEL + SPARSE_K * PITCH;
export const SPARSE_BYTES: usize = LISTS + SPARSE_ROWS * LIST;

/** For each set of lanes of four: bytes that bring these lanes to the front, and how many bytes they are. */
const FRONT = memory.data<u8>([
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  4, 5, 6, 7, 0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  8, 9, 10, 11, 0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15,
  0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14, 15,
  4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3, 12, 13, 14, 15,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
  12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
  0, 1, 2, 3, 12, 13, 14, 15, 4, 5, 6, 7, 8, 9, 10, 11,
  4, 5, 6, 7, 12, 13, 14, 15, 0, 1, 2, 3, 8, 9, 10, 11,
  0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15, 8, 9, 10, 11,
  8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7,
  0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, 4, 5, 6, 7,
  4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3,
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
], 16);
const BYTES = memory.data<u8>([0, 4, 4, 8, 4, 8, 8, 12, 4, 8, 8, 12, 8, 12, 12, 16]);

/** Lists those of four entries of a row that are not 0, their values `apart` bytes from their rows, and returns where its list goes on. */
// @ts-ignore: decorator
@inline
export function listFour(values: v128, panelRows: v128, list: usize, apart: usize): usize {
  const lanes = <usize>i32x4.bitmask(f32x4.ne(values, f32x4.splat(0)));
  const front = v128.load(FRONT + (lanes << 4));
  v128.store(list, i8x16.swizzle(panelRows, front));
  v128.store(list + apart, i8x16.swizzle(values, front));
  return list + <usize>load<u8>(BYTES + lanes);
}

/** The same for one. */
// @ts-ignore: decorator
@inline
export function listOne(value: f32, panelRow: usize, list: usize, apart: usize): usize {
  store<u32>(list, <u32>panelRow);
  store<f32>(list + apart, value);
  return list + (<usize>(value != 0) << 2);
}

/** Writes the list of a row, and returns its end. */
function listRow(x: usize, k: usize, panel: usize, list: usize): usize {
  let at = i32x4.add(i32x4.splat(<i32>panel), i32x4(0, <i32>PITCH, 2 * <i32>PITCH, 3 * <i32>PITCH));
  for (let q = k >> 2; q; q--) {
    list = listFour(v128.load(x), at, list, VALUES);
    at = i32x4.add(at, i32x4.splat(4 * <i32>PITCH));
    x += 16;
  }
  panel += (k & ~3) * PITCH;
  for (let q = k & 3; q; q--) {
    list = listOne(load<f32>(x), panel, list, VALUES);
    panel += PITCH;
    x += 4;
  }
  return list;
}

/** Up to four rows that lie side by side, `step` bytes from one k to the next. */
function listColumns(x: usize, step: usize, k: usize, height: usize, panel: usize, list: usize, ends: usize): void {
  let l0 = list, l1 = l0 + LIST, l2 = l1 + LIST, l3 = l2 + LIST;
  let q = k;
  if (height == 4) {
    let at = i32x4.add(i32x4.splat(<i32>panel), i32x4(0, <i32>PITCH, 2 * <i32>PITCH, 3 * <i32>PITCH));
    for (; q >= 4; q -= 4) {
      const r0 = v128.load(x), r1 = v128.load(x + step), r2 = v128.load(x + 2 * step), r3 = v128.load(x + 3 * step);
      const t0 = i32x4.shuffle(r0, r1, 0, 4, 1, 5), t1 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
      const t2 = i32x4.shuffle(r2, r3, 0, 4, 1, 5), t3 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
      l0 = listFour(i64x2.shuffle(t0, t2, 0, 2), at, l0, VALUES);
      l1 = listFour(i64x2.shuffle(t0, t2, 1, 3), at, l1, VALUES);
      l2 = listFour(i64x2.shuffle(t1, t3, 0, 2), at, l2, VALUES);
      l3 = listFour(i64x2.shuffle(t1, t3, 1, 3), at, l3, VALUES);
      at = i32x4.add(at, i32x4.splat(4 * <i32>PITCH));
      x += 4 * step;
    }
  }
  panel += (k - q) * PITCH;
  for (; q; q--) {
    l0 = listOne(load<f32>(x), panel, l0, VALUES);
    if (height > 1) l1 = listOne(load<f32>(x, 4), panel, l1, VALUES);
    if (height > 2) l2 = listOne(load<f32>(x, 8), panel, l2, VALUES);
    if (height > 3) l3 = listOne(load<f32>(x, 12), panel, l3, VALUES);
    x += step;
    panel += PITCH;
  }
  store<u32>(ends, <u32>l0);
  if (height > 1) store<u32>(ends, <u32>l1, 4);
  if (height > 2) store<u32>(ends, <u32>l2, 8);
  if (height > 3) store<u32>(ends, <u32>l3, 12);
}

/** Writes the lists of rows `from … to`. */
function listRows(place: usize, a: usize, m: usize, k: usize, kc: usize, transposeA: bool, from: usize, to: usize): void {
  const panel = place + PANEL, lists = place + LISTS;
  if (transposeA) {
    for (let i = from; i < to; i += 4) {
      listColumns(a + 4 * i, 4 * m, kc, min<usize>(4, to - i), panel, lists + i * LIST, place + 4 * i);
    }
  } else {
    for (let i = from; i < to; i++) store<u32>(place + 4 * i, <u32>listRow(a + 4 * i * k, kc, panel, lists + i * LIST));
  }
}

/**
 * Lists `rows` rows of op(a), of which `a` is the first entry, if it is worth it.
 * @param place SPARSE_BYTES of memory
 * @returns false where the first rows hold too few zeros; then nothing is to be used
 */
export function listNonzero(place: usize, a: usize, m: usize, k: usize, kc: usize, rows: usize, transposeA: bool): bool {
  listRows(place, a, m, k, kc, transposeA, 0, LOOKED_AT);
  let found: usize = 0;
  for (let i: usize = 0; i < LOOKED_AT; i++) found += (<usize>load<u32>(place + 4 * i) - (place + LISTS + i * LIST)) >> 2;
  if (<f64>found > (kc < SHORT ? DENSE_IF_SHORT : DENSE) * <f64>(LOOKED_AT * kc)) return false;
  listRows(place, a, m, k, kc, transposeA, LOOKED_AT, rows);
  return true;
}

/** Where the panel is to be packed: `width` columns in rows of 24. */
// @ts-ignore: decorator
@inline
export function panelOf(place: usize): usize { return place + PANEL; }

/** Packs `width` (16 or 24) columns of b[k, n], `row` bytes from one k to the next. */
export function packWide(b: usize, row: usize, k: usize, width: usize, to: usize): void {
  for (; k; k--) {
    v128.store(to, v128.load(b));
    v128.store(to, v128.load(b, 16), 16);
    v128.store(to, v128.load(b, 32), 32);
    v128.store(to, v128.load(b, 48), 48);
    if (width == WIDTH) {
      v128.store(to, v128.load(b, 64), 64);
      v128.store(to, v128.load(b, 80), 80);
    }
    b += row;
    to += PITCH;
  }
}

/** Whether the packed panel holds neither infinity nor NaN. */
export function isFinitePanel(place: usize, k: usize, width: usize): bool {
  const zero = f32x4.splat(0);
  let differences = zero;
  let at = place + PANEL;
  for (const end = at + k * PITCH; at != end; at += PITCH) {
    for (let j: usize = 0; j < 4 * width; j += 16) {
      const x = v128.load(at + j);
      differences = v128.or(differences, f32x4.ne(f32x4.sub(x, x), zero));
    }
  }
  return !v128.any_true(differences);
}

/** All listed rows against the packed panel; `init` as in gemm.ts. */
export function sparseBlock(place: usize, init: usize, initRow: usize, out: usize, outRow: usize, rows: usize, width: usize): void {
  let list = place + LISTS;
  for (const last = place + 4 * rows; place != last; place += 4) {
    if (width == WIDTH) row24(list, load<u32>(place), init, out);
    else row16(list, load<u32>(place), init, out);
    list += LIST;
    init += initRow;
    out += outRow;
  }
}

// @ts-ignore: decorator
@inline
function row24(list: usize, end: usize, init: usize, out: usize): void {
  let c0 = v128.load(init), c1 = v128.load(init, 16), c2 = v128.load(init, 32), c3 = v128.load(init, 48);
  let c4 = v128.load(init, 64), c5 = v128.load(init, 80);
  while (list != end) {
    const b = <usize>load<u32>(list);
    const s = v128.load32_splat(list, VALUES);
    c0 = f32x4.add(c0, f32x4.mul(s, v128.load(b)));
    c1 = f32x4.add(c1, f32x4.mul(s, v128.load(b, 16)));
    c2 = f32x4.add(c2, f32x4.mul(s, v128.load(b, 32)));
    c3 = f32x4.add(c3, f32x4.mul(s, v128.load(b, 48)));
    c4 = f32x4.add(c4, f32x4.mul(s, v128.load(b, 64)));
    c5 = f32x4.add(c5, f32x4.mul(s, v128.load(b, 80)));
    list += 4;
  }
  v128.store(out, c0); v128.store(out, c1, 16); v128.store(out, c2, 32); v128.store(out, c3, 48);
  v128.store(out, c4, 64); v128.store(out, c5, 80);
}

// @ts-ignore: decorator
@inline
function row16(list: usize, end: usize, init: usize, out: usize): void {
  let c0 = v128.load(init), c1 = v128.load(init, 16), c2 = v128.load(init, 32), c3 = v128.load(init, 48);
  while (list != end) {
    const b = <usize>load<u32>(list);
    const s = v128.load32_splat(list, VALUES);
    c0 = f32x4.add(c0, f32x4.mul(s, v128.load(b)));
    c1 = f32x4.add(c1, f32x4.mul(s, v128.load(b, 16)));
    c2 = f32x4.add(c2, f32x4.mul(s, v128.load(b, 32)));
    c3 = f32x4.add(c3, f32x4.mul(s, v128.load(b, 48)));
    list += 4;
  }
  v128.store(out, c0); v128.store(out, c1, 16); v128.store(out, c2, 32); v128.store(out, c3, 48);
}
