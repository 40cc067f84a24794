// The matrix product, all transposes: out = (out | bias | 0) + op(a)·op(b).
//
// The promise that everything else leans on: each element of the product is ONE chain of additions over k in ascending
// order, started from its initial value. Blocking, packing and edges only decide which chains run side by side, so the bits
// do not depend on the size of the batch, on the path taken here, or on how rows may one day be cut over threads.
//
// A register tile holds 4 rows by 2 vectors (8 columns of float32, 4 of float64). b is packed into panels of that width
// where its columns are not already contiguous; the k axis is cut so that a panel stays in the first-level cache.

import { fourRows } from "./four-rows";
import { lanes, storeTransposed } from "./lanes";
import { int, real, size } from "./row";
import { areFinite, holdNegativeZero, isScattered, scatteredColumns, scatteredRows, WIDE } from "./scattered";
import { isFinitePanel, listNonzero, packWide, panelOf, SPARSE_BYTES, SPARSE_K, SPARSE_ROWS, sparseBlock, WIDTH } from "./sparse";

/** Where panels and edge tiles are packed; set once by the host, so that instances that share a memory do not share this. */
let scratch: usize = 0;
export function setScratch(address: usize): void { scratch = address; }
/** Bytes that setScratch must provide. */
export const SCRATCH_BYTES: i32 = 1 << 21;

// Scratch layout: zeros (128) | edge tile in (128) | edge tile out (128) | b panel (KC·32 bytes) | a block (MC·KC elements) | for sparse.ts, or scattered.ts
const TILE_IN: usize = 128;
const TILE_OUT: usize = 128 + 128;
const PANEL: usize = 512;
const KC: usize = 512;
const A_BLOCK: usize = PANEL + KC * 32;
const MC: usize = 128;
const SPARSE: usize = A_BLOCK + MC * KC * 8;

/** One register tile, a's rows apart (k contiguous): mr rows by two vectors. */
// @ts-ignore: decorator
@inline
function tileRows<T>(mr: i32, a: usize, aRow: usize, b: usize, bRow: usize, init: usize, initRow: usize, out: usize, outRow: usize, k: usize): void {
  const S = sizeof<T>();
  let a0 = a, a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow;
  let c00 = v128.load(init), c01 = v128.load(init, 16);
  let c10 = c00, c11 = c01, c20 = c00, c21 = c01, c30 = c00, c31 = c01;
  if (mr > 1) { c10 = v128.load(init + initRow); c11 = v128.load(init + initRow, 16); }
  if (mr > 2) { c20 = v128.load(init + 2 * initRow); c21 = v128.load(init + 2 * initRow, 16); }
  if (mr > 3) { c30 = v128.load(init + 3 * initRow); c31 = v128.load(init + 3 * initRow, 16); }
  // Pointers move before they are used: V8 of Node 20 makes a faster loop of it (`npm run bench`, matrix products).
  a0 -= S; a1 -= S; a2 -= S; a3 -= S;
  b -= bRow;
  const end = b + k * bRow;
  while (b != end) {
    a0 += S;
    if (mr > 1) a1 += S;
    if (mr > 2) a2 += S;
    if (mr > 3) a3 += S;
    b += bRow;
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let s = v128.load_splat<T>(a0);
    c00 = v128.add<T>(c00, v128.mul<T>(s, b0)); c01 = v128.add<T>(c01, v128.mul<T>(s, b1));
    if (mr > 1) { s = v128.load_splat<T>(a1); c10 = v128.add<T>(c10, v128.mul<T>(s, b0)); c11 = v128.add<T>(c11, v128.mul<T>(s, b1)); }
    if (mr > 2) { s = v128.load_splat<T>(a2); c20 = v128.add<T>(c20, v128.mul<T>(s, b0)); c21 = v128.add<T>(c21, v128.mul<T>(s, b1)); }
    if (mr > 3) { s = v128.load_splat<T>(a3); c30 = v128.add<T>(c30, v128.mul<T>(s, b0)); c31 = v128.add<T>(c31, v128.mul<T>(s, b1)); }
  }
  v128.store(out, c00); v128.store(out, c01, 16);
  if (mr > 1) { out += outRow; v128.store(out, c10); v128.store(out, c11, 16); }
  if (mr > 2) { out += outRow; v128.store(out, c20); v128.store(out, c21, 16); }
  if (mr > 3) { out += outRow; v128.store(out, c30); v128.store(out, c31, 16); }
}

/** The same tile with a's rows side by side (one pointer, `aStep` bytes from one k to the next). */
// @ts-ignore: decorator
@inline
function tileColumns<T>(mr: i32, a: usize, aStep: usize, b: usize, bRow: usize, init: usize, initRow: usize, out: usize, outRow: usize, k: usize): void {
  let c00 = v128.load(init), c01 = v128.load(init, 16);
  let c10 = c00, c11 = c01, c20 = c00, c21 = c01, c30 = c00, c31 = c01;
  if (mr > 1) { c10 = v128.load(init + initRow); c11 = v128.load(init + initRow, 16); }
  if (mr > 2) { c20 = v128.load(init + 2 * initRow); c21 = v128.load(init + 2 * initRow, 16); }
  if (mr > 3) { c30 = v128.load(init + 3 * initRow); c31 = v128.load(init + 3 * initRow, 16); }
  const end = b + k * bRow;
  while (b != end) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let s = v128.load_splat<T>(a);
    c00 = v128.add<T>(c00, v128.mul<T>(s, b0)); c01 = v128.add<T>(c01, v128.mul<T>(s, b1));
    if (mr > 1) { s = v128.load_splat<T>(a, sizeof<T>()); c10 = v128.add<T>(c10, v128.mul<T>(s, b0)); c11 = v128.add<T>(c11, v128.mul<T>(s, b1)); }
    if (mr > 2) { s = v128.load_splat<T>(a, 2 * sizeof<T>()); c20 = v128.add<T>(c20, v128.mul<T>(s, b0)); c21 = v128.add<T>(c21, v128.mul<T>(s, b1)); }
    if (mr > 3) { s = v128.load_splat<T>(a, 3 * sizeof<T>()); c30 = v128.add<T>(c30, v128.mul<T>(s, b0)); c31 = v128.add<T>(c31, v128.mul<T>(s, b1)); }
    a += aStep;
    b += bRow;
  }
  v128.store(out, c00); v128.store(out, c01, 16);
  if (mr > 1) { out += outRow; v128.store(out, c10); v128.store(out, c11, 16); }
  if (mr > 2) { out += outRow; v128.store(out, c20); v128.store(out, c21, 16); }
  if (mr > 3) { out += outRow; v128.store(out, c30); v128.store(out, c31, 16); }
}

/** A tile of any height; a is `columns` (rows side by side) or not. Kept as one function so that the code stays small. */
function tile<T>(mr: i32, columns: bool, a: usize, aStride: usize, b: usize, bRow: usize, init: usize, initRow: usize, out: usize, outRow: usize, k: usize): void {
  if (columns) {
    if (mr == 4) tileColumns<T>(4, a, aStride, b, bRow, init, initRow, out, outRow, k);
    else if (mr == 3) tileColumns<T>(3, a, aStride, b, bRow, init, initRow, out, outRow, k);
    else if (mr == 2) tileColumns<T>(2, a, aStride, b, bRow, init, initRow, out, outRow, k);
    else tileColumns<T>(1, a, aStride, b, bRow, init, initRow, out, outRow, k);
  } else {
    if (mr == 4) tileRows<T>(4, a, aStride, b, bRow, init, initRow, out, outRow, k);
    else if (mr == 3) tileRows<T>(3, a, aStride, b, bRow, init, initRow, out, outRow, k);
    else if (mr == 2) tileRows<T>(2, a, aStride, b, bRow, init, initRow, out, outRow, k);
    else tileRows<T>(1, a, aStride, b, bRow, init, initRow, out, outRow, k);
  }
}

/** Packs `width` columns of op(b) = b[k, n] (row stride `row` bytes) into a panel [k][2·lanes], zeros on the right. */
function packColumns<T>(b: usize, row: usize, k: usize, width: usize, to: usize): void {
  if (width == 2 * lanes<T>()) {
    for (; k; k--) {
      v128.store(to, v128.load(b));
      v128.store(to, v128.load(b, 16), 16);
      b += row;
      to += 32;
    }
    return;
  }
  for (; k; k--) {
    v128.store(to, v128.splat<T>(<T>0));
    v128.store(to, v128.splat<T>(<T>0), 16);
    for (let j: usize = 0; j < width; j++) store<T>(to + j * sizeof<T>(), load<T>(b + j * sizeof<T>()));
    b += row;
    to += 32;
  }
}

/** Packs `height` rows of x (k contiguous, row stride `row` bytes) side by side: [k][group], zeros on the right. */
function packRows<T>(x: usize, row: usize, k: usize, height: usize, group: usize, to: usize): void {
  const S = sizeof<T>();
  const step = group * S;
  let j: usize = 0;
  if (sizeof<T>() == 4) {
    for (; j + 4 <= height; j += 4) {
      let x0 = x + j * row, x1 = x0 + row, x2 = x1 + row, x3 = x2 + row, p = to + j * S;
      for (let q = k >> 2; q; q--) {
        storeTransposed(v128.load(x0), v128.load(x1), v128.load(x2), v128.load(x3), p, step);
        p += 4 * step;
        x0 += 16; x1 += 16; x2 += 16; x3 += 16;
      }
      for (let q = k & 3; q; q--) {
        store<T>(p, load<T>(x0)); store<T>(p + S, load<T>(x1)); store<T>(p + 2 * S, load<T>(x2)); store<T>(p + 3 * S, load<T>(x3));
        p += step; x0 += S; x1 += S; x2 += S; x3 += S;
      }
    }
  }
  for (; j < group; j++) {
    let p = to + j * S;
    if (j < height) {
      let from = x + j * row;
      for (let q = k; q; q--) { store<T>(p, load<T>(from)); from += S; p += step; }
    } else {
      for (let q = k; q; q--) { store<T>(p, <T>0); p += step; }
    }
  }
}

/** One panel of b against all rows of a. `init` rows are out's own (accumulate), the bias repeated (row stride 0), or zeros. */
function block<T>(columns: bool, a: usize, aStride: usize, b: usize, bRow: usize, init: usize, initRow: usize, out: usize, outRow: usize, m: usize, width: usize, k: usize): void {
  const S = sizeof<T>();
  const aTile: usize = columns ? 4 * S : 4 * aStride;
  if (width < 2 * lanes<T>()) return edge<T>(columns, a, aStride, aTile, b, bRow, init, initRow, out, outRow, m, width, k);
  // The tall tiles are inlined into their loops: at 64 columns a call per tile costs 5 % of the product.
  const end = out + (m >> 2) * 4 * outRow;
  if (columns) {
    for (; out != end; a += aTile, init += 4 * initRow, out += 4 * outRow) tileColumns<T>(4, a, aStride, b, bRow, init, initRow, out, outRow, k);
  } else {
    for (; out != end; a += aTile, init += 4 * initRow, out += 4 * outRow) tileRows<T>(4, a, aStride, b, bRow, init, initRow, out, outRow, k);
  }
  if (m & 3) tile<T>(<i32>(m & 3), columns, a, aStride, b, bRow, init, initRow, out, outRow, k);
}

/** A panel with fewer columns than a tile: through a full tile on the side. */
function edge<T>(columns: bool, a: usize, aStride: usize, aTile: usize, b: usize, bRow: usize, init: usize, initRow: usize, out: usize, outRow: usize, m: usize, width: usize, k: usize): void {
  const S = sizeof<T>();
  const tileIn = scratch + TILE_IN, tileOut = scratch + TILE_OUT;
  for (let i: usize = 0; i < m; i += 4) {
    const height = min<usize>(4, m - i);
    for (let r: usize = 0; r < height; r++) for (let j: usize = 0; j < width; j++)
      store<T>(tileIn + 32 * r + j * S, load<T>(init + r * initRow + j * S));
    tile<T>(<i32>height, columns, a, aStride, b, bRow, tileIn, 32, tileOut, 32, k);
    for (let r: usize = 0; r < height; r++) for (let j: usize = 0; j < width; j++)
      store<T>(out + r * outRow + j * S, load<T>(tileOut + 32 * r + j * S));
    a += aTile;
    init += 4 * initRow;
    out += 4 * outRow;
  }
}

/** op(b) has few columns (a head of 1 to 4 outputs, b transposed): the roles change so that the vectors run along m. */
function narrow<T>(a: usize, b: usize, bias: usize, out: usize, m: usize, n: usize, k: usize, accumulate: bool): void {
  const S = sizeof<T>();
  const NR: usize = 2 * lanes<T>();
  const panel = scratch + PANEL, edgeIn = scratch + TILE_IN, edgeOut = scratch + TILE_OUT;
  for (let k0: usize = 0; k0 < k || k0 == 0; k0 += KC) {
    const kc = min(KC, k - k0);
    const fromOut = accumulate || k0 > 0;
    for (let i: usize = 0; i < m; i += NR) {
      const height = min(NR, m - i);
      packRows<T>(a + (i * k + k0) * S, k * S, kc, height, NR, panel);
      for (let j: usize = 0; j < n; j++) for (let r: usize = 0; r < height; r++)
        store<T>(edgeIn + 32 * j + r * S, fromOut ? load<T>(out + ((i + r) * n + j) * S) : bias ? load<T>(bias + j * S) : <T>0);
      tile<T>(<i32>n, false, b + k0 * S, k * S, panel, 32, edgeIn, 32, edgeOut, 32, kc);
      for (let j: usize = 0; j < n; j++) for (let r: usize = 0; r < height; r++)
        store<T>(out + ((i + r) * n + j) * S, load<T>(edgeOut + 32 * j + r * S));
    }
  }
}

function product<T>(a: usize, b: usize, bias: usize, out: usize, m: usize, n: usize, k: usize, transposeA: bool, transposeB: bool, accumulate: bool): void {
  if (transposeB && !transposeA && n <= 4 && m >= 4) return narrow<T>(a, b, bias, out, m, n, k, accumulate);
  if (sizeof<T>() == 4 && !transposeB && !accumulate && n >= 8) {
    const lists = scratch + SPARSE;
    if (transposeA) {
      if (bias == 0 && m >= WIDE && isScattered(a, k, m) && areFinite(b, k * n)) return scatteredColumns<f32>(lists, a, b, out, m, n, k, false);
    } else if (k >= WIDE && m >= 4 && isScattered(a, m, k) && areFinite(b, k * n) && !holdNegativeZero(bias, n)) {
      return scatteredRows<f32>(lists, a, b, bias, out, m, n, k, false);
    }
  }
  if (sizeof<T>() == 4 && m >= 16 && n >= 32 && k >= 32) {
    return sparseOrDense(a, b, bias, out, m, n, k, transposeA, transposeB, accumulate);
  }
  if (sizeof<T>() == 4 && m == 4 && n >= 8 && k <= 2 * KC && bias && transposeB && !transposeA && !accumulate) {
    packRows<f32>(a, 4 * k, k, 4, 4, scratch + PANEL);
    fourRows(scratch + PANEL, b, bias, out, n, k);
    if (n & 7) dense<T>(a, b, bias, out, m, n, k, false, true, false, 0, m, 0, k, n & ~7);
    return;
  }
  dense<T>(a, b, bias, out, m, n, k, transposeA, transposeB, accumulate, 0, m, 0, k, 0);
}

/** Blocks of a with many zeros row by row, the others as they are. */
function sparseOrDense(a: usize, b: usize, bias: usize, out: usize, m: usize, n: usize, k: usize, transposeA: bool, transposeB: bool, accumulate: bool): void {
  const place = scratch + SPARSE, panel = panelOf(place);
  if (!listNonzero(place, a, m, k, min(SPARSE_K, k), min(SPARSE_ROWS, m), transposeA)) {
    return dense<f32>(a, b, bias, out, m, n, k, transposeA, transposeB, accumulate, 0, m, 0, k, 0);
  }
  for (let k0: usize = 0; k0 < k; k0 += SPARSE_K) {
    const kc = min(SPARSE_K, k - k0);
    const fromOut = accumulate || k0 > 0;
    for (let i0: usize = 0; i0 < m; i0 += SPARSE_ROWS) {
      const rows = min(SPARSE_ROWS, m - i0);
      const first = a + 4 * (transposeA ? k0 * m + i0 : i0 * k + k0);
      let j: usize = 0;
      const isListed = i0 + k0 == 0 || (rows >= 8 && listNonzero(place, first, m, k, kc, rows, transposeA));
      if (isListed) {
        for (let width = WIDTH; j + 16 <= n; j += width) {
          if (j + WIDTH > n) width = 16;
          if (transposeB) packRows<f32>(b + 4 * (j * k + k0), 4 * k, kc, width, WIDTH, panel);
          else packWide(b + 4 * (k0 * n + j), 4 * n, kc, width, panel);
          if (!isFinitePanel(place, kc, width)) break;
          const c = out + 4 * (i0 * n + j);
          const init = fromOut ? c : bias ? bias + 4 * j : scratch;
          sparseBlock(place, init, fromOut ? 4 * n : 0, c, 4 * n, rows, width);
        }
      }
      if (j < n) dense<f32>(a, b, bias, out, m, n, k, transposeA, transposeB, fromOut, i0, rows, k0, kc, j);
    }
  }
}

/** `height` rows of the result from `iFrom` on, its columns from `jFrom` on, by `depth` entries along k from `kFrom` on. */
function dense<T>(a: usize, b: usize, bias: usize, out: usize, m: usize, n: usize, k: usize, transposeA: bool, transposeB: bool, accumulate: bool, iFrom: usize, height: usize, kFrom: usize, depth: usize, jFrom: usize): void {
  const S = sizeof<T>();
  const NR: usize = 2 * lanes<T>();
  const panel = scratch + PANEL;
  const iEnd = iFrom + height, kEnd = kFrom + depth;
  const packA = transposeA && height > 64 && n - jFrom >= 4 * NR;
  for (let k0 = kFrom; k0 < kEnd || k0 == kFrom; k0 += KC) {
    const kc = min(KC, kEnd - k0);
    const fromOut = accumulate || k0 > kFrom;
    const mc = packA ? MC : height;
    for (let i0 = iFrom; i0 < iEnd; i0 += mc) {
      const rows = min(mc, iEnd - i0);
      if (packA) packABlock<T>(a + (k0 * m + i0) * S, m * S, kc, rows, scratch + A_BLOCK);
      for (let j = jFrom; j < n; j += NR) {
        const width = min(NR, n - j);
        let b0 = b + (transposeB ? j * k + k0 : k0 * n + j) * S, bRow = n * S;
        if (transposeB) { packRows<T>(b0, k * S, kc, width, NR, panel); b0 = panel; bRow = 32; }
        else if (width < NR || (rows > 16 && n > 4 * NR)) { packColumns<T>(b0, bRow, kc, width, panel); b0 = panel; bRow = 32; }
        const c = out + (i0 * n + j) * S;
        const init = fromOut ? c : bias ? bias + j * S : scratch;
        const initRow = fromOut ? n * S : 0;
        if (packA) {
          for (let i: usize = 0; i < rows; i += 4)
            block<T>(true, scratch + A_BLOCK + i * kc * S, 4 * S, b0, bRow, init + i * initRow, initRow, c + i * n * S, n * S, min<usize>(4, rows - i), width, kc);
        } else if (transposeA) block<T>(true, a + (k0 * m + i0) * S, m * S, b0, bRow, init, initRow, c, n * S, rows, width, kc);
        else block<T>(false, a + (i0 * k + k0) * S, k * S, b0, bRow, init, initRow, c, n * S, rows, width, kc);
      }
    }
  }
}

/** Packs `rows` columns of aᵀ (stored [k, m]) into groups of four side by side: [rows/4][k][4]. */
function packABlock<T>(a: usize, row: usize, k: usize, rows: usize, to: usize): void {
  const S = sizeof<T>();
  for (let i: usize = 0; i < rows; i += 4) {
    const height = min<usize>(4, rows - i);
    let from = a + i * S;
    if (height == 4) {
      for (let q = k; q; q--) {
        v128.store(to, v128.load(from));
        if (sizeof<T>() == 8) v128.store(to, v128.load(from, 16), 16);
        from += row;
        to += 4 * S;
      }
    } else {
      for (let q = k; q; q--) {
        for (let r: usize = 0; r < height; r++) store<T>(to + r * S, load<T>(from + r * S));
        from += row;
        to += 4 * S;
      }
    }
  }
}

/** Op.Gemm: a, b, bias, out, m, n, k, transposeA, transposeB, accumulate, batch, strideA, strideB, strideOut. */
export function gemm<T>(p: usize): void {
  const S = sizeof<T>();
  let a = size(p, 0), b = size(p, 1), out = size(p, 3);
  const bias = size(p, 2), m = size(p, 4), n = size(p, 5), k = size(p, 6);
  const ta = int(p, 7) != 0, tb = int(p, 8) != 0, accumulate = int(p, 9) != 0;
  const strideA = <usize>(int(p, 11) * <i32>S), strideB = <usize>(int(p, 12) * <i32>S), strideOut = <usize>(int(p, 13) * <i32>S);
  for (let batch = int(p, 10); batch > 0; batch--) {
    product<T>(a, b, bias, out, m, n, k, ta, tb, accumulate);
    a += strideA;
    b += strideB;
    out += strideOut;
  }
}

/** Op.GemmBytes: a, b, bias, out, m, n, k, transposeA. */
export function gemmBytes<T>(p: usize): void {
  const a = size(p, 0), b = size(p, 1), bias = size(p, 2), out = size(p, 3), m = size(p, 4), n = size(p, 5), k = size(p, 6);
  const lists = scratch + SPARSE;
  if (int(p, 7)) scatteredColumns<u8>(lists, a, b, out, m, n, k, !areFinite(b, k * n));
  else scatteredRows<u8>(lists, a, b, bias, out, m, n, k, !areFinite(b, k * n) || holdNegativeZero(bias, n));
}
