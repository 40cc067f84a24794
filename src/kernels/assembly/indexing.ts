// Rows and elements chosen by an index or a mask. Indices are the caller's to check.

import { select, splat, zero } from "./lanes";
import { addRun, copyRun, fillWith } from "./strided";
import { real, size } from "./row";

/** Op.MaskFill: x, mask (uint8), out, n, value */
export function maskFill<T>(p: usize): void {
  const S = sizeof<T>();
  let x = size(p, 0), mask = size(p, 1), out = size(p, 2), n = size(p, 3);
  const value = splat<T>(real(p, 4));
  for (; n >= 4; n -= 4) {
    const m = i32x4.ne(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(mask))), zero());
    if (S == 4) v128.store(out, select(m, v128.load(x), value));
    else {
      v128.store(out, select(v128.shuffle<i32>(m, m, 0, 0, 1, 1), v128.load(x), value));
      v128.store(out, select(v128.shuffle<i32>(m, m, 2, 2, 3, 3), v128.load(x, 16), value), 16);
    }
    x += 4 * S;
    out += 4 * S;
    mask += 4;
  }
  for (; n; n--) {
    store<T>(out, load<u8>(mask) ? load<T>(x) : v128.extract_lane<T>(value, 0));
    x += S;
    out += S;
    mask++;
  }
}

/** Op.PickRows: x, index, out, rows, cols */
export function pickRows<T>(p: usize): void {
  let x = size(p, 0), index = size(p, 1), out = size(p, 2);
  const cols = size(p, 4);
  for (let r = size(p, 3); r; r--) {
    store<T>(out, load<T>(x + load<u32>(index) * sizeof<T>()));
    x += cols * sizeof<T>();
    index += 4;
    out += sizeof<T>();
  }
}

/** Op.PickRowsGrad: dy, index, dx, rows, cols */
export function pickRowsGrad<T>(p: usize): void {
  let dy = size(p, 0), index = size(p, 1), dx = size(p, 2);
  const rows = size(p, 3), cols = size(p, 4);
  fillWith<T>(dx, rows * cols, zero());
  for (let r = rows; r; r--) {
    store<T>(dx + load<u32>(index) * sizeof<T>(), load<T>(dy));
    dx += cols * sizeof<T>();
    index += 4;
    dy += sizeof<T>();
  }
}

/** Op.GatherRows: table, index, out, n, cols */
export function gatherRows<T>(p: usize): void {
  const table = size(p, 0);
  let index = size(p, 1), out = size(p, 2);
  const cols = size(p, 4), row = cols * sizeof<T>();
  if (cols == 1) {
    for (let n = size(p, 3); n; n--) {
      store<T>(out, load<T>(table + load<u32>(index) * sizeof<T>()));
      index += 4;
      out += sizeof<T>();
    }
    return;
  }
  for (let n = size(p, 3); n; n--) {
    copyRun<T>(table + load<u32>(index) * row, out, cols);
    index += 4;
    out += row;
  }
}

/** Op.GatherBytes: table, index, out, n, cols */
export function gatherBytes<T>(p: usize): void {
  const table = size(p, 0);
  let index = size(p, 1), out = size(p, 2);
  const cols = size(p, 4);
  for (let n = size(p, 3); n; n--) {
    memory.copy(out, table + load<u32>(index) * cols, cols);
    index += 4;
    out += cols;
  }
}

/** Op.ScatterAddRows: dy, index, dtable, n, cols; in the order of the index, so repeated rows always add up alike */
export function scatterAddRows<T>(p: usize): void {
  let dy = size(p, 0), index = size(p, 1);
  const dtable = size(p, 2), cols = size(p, 4), row = cols * sizeof<T>();
  for (let n = size(p, 3); n; n--) {
    addRun<T>(dy, dtable + load<u32>(index) * row, cols);
    index += 4;
    dy += row;
  }
}
