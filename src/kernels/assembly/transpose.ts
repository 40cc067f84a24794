// out[i, j] = x[j, i], in square blocks of one vector's width.

import { lanes } from "./lanes";

/** x has rows of `xRow` bytes, out rows of `outRow` bytes; out is [n, m]. */
export function transpose<T>(x: usize, xRow: usize, out: usize, outRow: usize, n: usize, m: usize): void {
  const S = sizeof<T>(), L = lanes<T>();
  let i: usize = 0;
  for (; i + L <= n; i += L) {
    let from = x + i * S, to = out + i * outRow, j: usize = 0;
    for (; j + L <= m; j += L) {
      if (S == 4) {
        const r0 = v128.load(from), r1 = v128.load(from + xRow), r2 = v128.load(from + 2 * xRow), r3 = v128.load(from + 3 * xRow);
        const t0 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5), t1 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
        const t2 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5), t3 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
        v128.store(to, v128.shuffle<i64>(t0, t2, 0, 2));
        v128.store(to + outRow, v128.shuffle<i64>(t0, t2, 1, 3));
        v128.store(to + 2 * outRow, v128.shuffle<i64>(t1, t3, 0, 2));
        v128.store(to + 3 * outRow, v128.shuffle<i64>(t1, t3, 1, 3));
      } else {
        const r0 = v128.load(from), r1 = v128.load(from + xRow);
        v128.store(to, v128.shuffle<i64>(r0, r1, 0, 2));
        v128.store(to + outRow, v128.shuffle<i64>(r0, r1, 1, 3));
      }
      from += L * xRow;
      to += 16;
    }
    for (; j < m; j++) {
      for (let k: usize = 0; k < L; k++) store<T>(to + k * outRow, load<T>(from + k * S));
      from += xRow;
      to += S;
    }
  }
  for (; i < n; i++) {
    let from = x + i * S, to = out + i * outRow;
    for (let j = m; j; j--) { store<T>(to, load<T>(from)); from += xRow; to += S; }
  }
}
