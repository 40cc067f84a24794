// Matrix products, float32, of four rows with b transposed: a policy that acts in four environments.
//
// The vectors run along the four rows of a. So b is read where it lies: to pack it, as gemm.ts does for vectors along its columns,
// takes as long as the product with so few rows. Each element is the same chain of additions as there.

import { storeTransposed } from "./lanes";

/**
 * out[4, n] = bias + a[4, k]·bᵀ, b [n, k], in all columns but the last n mod 8.
 * @param panel a, its rows side by side: [k, 4]
 */
export function fourRows(panel: usize, b: usize, bias: usize, out: usize, n: usize, k: usize): void {
  const row = 4 * k, outRow = 4 * n, end = panel + 16 * k - 16;
  for (const last = out + 4 * (n & ~7); out != last; out += 32) {
    let b0 = b - 4, b1 = b0 + row, b2 = b1 + row, b3 = b2 + row, b4 = b3 + row, b5 = b4 + row, b6 = b5 + row, b7 = b6 + row;
    let c0 = v128.load32_splat(bias), c1 = v128.load32_splat(bias, 4), c2 = v128.load32_splat(bias, 8), c3 = v128.load32_splat(bias, 12);
    let c4 = v128.load32_splat(bias, 16), c5 = v128.load32_splat(bias, 20), c6 = v128.load32_splat(bias, 24), c7 = v128.load32_splat(bias, 28);
    let p = panel - 16;
    while (p != end) {
      p += 16;
      b0 += 4; b1 += 4; b2 += 4; b3 += 4; b4 += 4; b5 += 4; b6 += 4; b7 += 4;
      const x = v128.load(p);
      c0 = f32x4.add(c0, f32x4.mul(x, v128.load32_splat(b0)));
      c1 = f32x4.add(c1, f32x4.mul(x, v128.load32_splat(b1)));
      c2 = f32x4.add(c2, f32x4.mul(x, v128.load32_splat(b2)));
      c3 = f32x4.add(c3, f32x4.mul(x, v128.load32_splat(b3)));
      c4 = f32x4.add(c4, f32x4.mul(x, v128.load32_splat(b4)));
      c5 = f32x4.add(c5, f32x4.mul(x, v128.load32_splat(b5)));
      c6 = f32x4.add(c6, f32x4.mul(x, v128.load32_splat(b6)));
      c7 = f32x4.add(c7, f32x4.mul(x, v128.load32_splat(b7)));
    }
    storeTransposed(c0, c1, c2, c3, out, outRow);
    storeTransposed(c4, c5, c6, c7, out + 16, outRow);
    b += 8 * row;
    bias += 32;
  }
}
