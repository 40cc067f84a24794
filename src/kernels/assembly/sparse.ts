// Matrix products, float32, whose left side is full of zeros: what comes out of a rectifier, and the gradients that go back through one.
//
// Only what is not 0 is multiplied. The chain of additions stays the one of gemm.ts: a product with 0 is ±0 as long as the right side is
// finite, and adding ±0 changes nothing but the sign of a zero. Each row of op(a) becomes a list of pairs: where its row of the
// panel lies, and the value. A register tile holds one row by six vectors, so that the lists of rows need not agree. Six: V8 loads all
// of a step before it uses the first, and with more vectors it would keep sums in memory, at half the speed.

/** Columns of a panel, and the bytes from one of its rows to the next. */
export const WIDTH: usize = 24;
const PITCH: usize = WIDTH * 4;
/** Entries along k of a panel, which then fills the first-level cache, and rows whose lists are kept. */
export const SPARSE_K: usize = 256;
export const SPARSE_ROWS: usize = 256;
/** Bytes of the longest list. */
const LIST: usize = SPARSE_K * 8;
/** Rows that are looked at to decide, and the share of their entries that may differ from 0. */
const LOOKED_AT: usize = 8;
const DENSE: f64 = 0.75;

/** Ends of the lists, then the panel, then the lists. */
const PANEL: usize = SPARSE_ROWS * 4;
const LISTS: usize = PANEL + SPARSE_K * PITCH;
export const SPARSE_BYTES: usize = LISTS + SPARSE_ROWS * LIST;

/** Writes the list of a row whose entries are `step` bytes apart, and returns its end. */
// @ts-ignore: decorator
@inline
function listRow(x: usize, step: usize, k: usize, panel: usize, list: usize): usize {
  const end = panel + k * PITCH;
  while (panel != end) {
    const value = load<f32>(x);
    store<u32>(list, <u32>panel);
    store<f32>(list, value, 4);
    list += <usize>(value != 0) << 3;
    x += step;
    panel += PITCH;
  }
  return list;
}

/** The lists of four rows that lie side by side, `step` bytes from one k to the next. */
function listFour(x: usize, step: usize, k: usize, panel: usize, list: usize, ends: usize): void {
  let l0 = list, l1 = l0 + LIST, l2 = l1 + LIST, l3 = l2 + LIST;
  const end = panel + k * PITCH;
  while (panel != end) {
    const v0 = load<f32>(x), v1 = load<f32>(x, 4), v2 = load<f32>(x, 8), v3 = load<f32>(x, 12);
    store<u32>(l0, <u32>panel); store<f32>(l0, v0, 4); l0 += <usize>(v0 != 0) << 3;
    store<u32>(l1, <u32>panel); store<f32>(l1, v1, 4); l1 += <usize>(v1 != 0) << 3;
    store<u32>(l2, <u32>panel); store<f32>(l2, v2, 4); l2 += <usize>(v2 != 0) << 3;
    store<u32>(l3, <u32>panel); store<f32>(l3, v3, 4); l3 += <usize>(v3 != 0) << 3;
    x += step;
    panel += PITCH;
  }
  store<u32>(ends, <u32>l0); store<u32>(ends, <u32>l1, 4); store<u32>(ends, <u32>l2, 8); store<u32>(ends, <u32>l3, 12);
}

/** Writes the lists of rows `from … to`. */
function listRows(place: usize, a: usize, m: usize, k: usize, kc: usize, transposeA: bool, from: usize, to: usize): void {
  const panel = place + PANEL, lists = place + LISTS;
  let i = from;
  if (transposeA) {
    for (; i + 4 <= to; i += 4) listFour(a + 4 * i, 4 * m, kc, panel, lists + i * LIST, place + 4 * i);
    for (; i < to; i++) store<u32>(place + 4 * i, <u32>listRow(a + 4 * i, 4 * m, kc, panel, lists + i * LIST));
  } else {
    for (; i < to; i++) store<u32>(place + 4 * i, <u32>listRow(a + 4 * i * k, 4, kc, panel, lists + i * LIST));
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
  for (let i: usize = 0; i < LOOKED_AT; i++) found += (<usize>load<u32>(place + 4 * i) - (place + LISTS + i * LIST)) >> 3;
  if (<f64>found > DENSE * <f64>(LOOKED_AT * kc)) return false;
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
    const s = v128.load32_splat(list, 4);
    c0 = f32x4.add(c0, f32x4.mul(s, v128.load(b)));
    c1 = f32x4.add(c1, f32x4.mul(s, v128.load(b, 16)));
    c2 = f32x4.add(c2, f32x4.mul(s, v128.load(b, 32)));
    c3 = f32x4.add(c3, f32x4.mul(s, v128.load(b, 48)));
    c4 = f32x4.add(c4, f32x4.mul(s, v128.load(b, 64)));
    c5 = f32x4.add(c5, f32x4.mul(s, v128.load(b, 80)));
    list += 8;
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
    const s = v128.load32_splat(list, 4);
    c0 = f32x4.add(c0, f32x4.mul(s, v128.load(b)));
    c1 = f32x4.add(c1, f32x4.mul(s, v128.load(b, 16)));
    c2 = f32x4.add(c2, f32x4.mul(s, v128.load(b, 32)));
    c3 = f32x4.add(c3, f32x4.mul(s, v128.load(b, 48)));
    list += 8;
  }
  v128.store(out, c0); v128.store(out, c1, 16); v128.store(out, c2, 32); v128.store(out, c3, 48);
}
