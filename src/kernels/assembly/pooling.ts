// Sums of squares of pixels.

import { real, size } from "./row";

/** Op.Pool: x [bands, side, width], out [bands, width / side], bands, side, width, scale */
export function pool<T>(p: usize): void {
  const S = sizeof<T>();
  let x = size(p, 0), out = size(p, 1);
  const bands = size(p, 2), side = size(p, 3), width = size(p, 4), scale = <T>real(p, 5);
  const row = width * S;
  for (let band: usize = 0; band < bands; band++) {
    let column: usize = 0;
    if (sizeof<T>() == 4 && side == 4) {
      for (; column + 16 <= width; column += 16) {
        const at = x + column * S;
        const a = down(at, row), b = down(at + 16, row), c = down(at + 32, row), d = down(at + 48, row);
        v128.store(out, f32x4.mul(across(a, b, c, d), f32x4.splat(<f32>scale)));
        out += 16;
      }
    }
    for (; column < width; column += side) {
      let sum: T = 0;
      for (let j: usize = 0; j < side; j++) {
        let at = x + (column + j) * S;
        let below = load<T>(at);
        for (let i: usize = 1; i < side; i++) { at += row; below += load<T>(at); }
        sum = j ? sum + below : below;
      }
      store<T>(out, sum * scale);
      out += S;
    }
    x += side * row;
  }
}

/** Four columns of four rows: their sums. */
// @ts-ignore: decorator
@inline
function down(at: usize, row: usize): v128 {
  const two = f32x4.add(v128.load(at), v128.load(at + row));
  return f32x4.add(f32x4.add(two, v128.load(at + 2 * row)), v128.load(at + 3 * row));
}

/** The sums of the entries of each, from left to right. */
// @ts-ignore: decorator
@inline
function across(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab01 = i32x4.shuffle(a, b, 0, 4, 1, 5), ab23 = i32x4.shuffle(a, b, 2, 6, 3, 7);
  const cd01 = i32x4.shuffle(c, d, 0, 4, 1, 5), cd23 = i32x4.shuffle(c, d, 2, 6, 3, 7);
  const e0 = i64x2.shuffle(ab01, cd01, 0, 2), e1 = i64x2.shuffle(ab01, cd01, 1, 3);
  const e2 = i64x2.shuffle(ab23, cd23, 0, 2), e3 = i64x2.shuffle(ab23, cd23, 1, 3);
  return f32x4.add(f32x4.add(f32x4.add(e0, e1), e2), e3);
}
