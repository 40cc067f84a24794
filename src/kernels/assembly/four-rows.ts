// Matrix products, float32, of four rows with b transposed: a policy that acts in four environments.
//
// The vectors run along the four rows of a. So b is read where it lies: to pack it, as gemm.ts does for vectors along its columns,
// takes as long as the product with so few rows. Each element is the same chain of additions as there.

// @ts-ignore: decorator
@inline
function transposed(r0: v128, r1: v128, r2: v128, r3: v128, to: usize, row: usize): void {
  const t0 = i32x4.shuffle(r0, r1, 0, 4, 1, 5), t1 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
  const t2 = i32x4.shuffle(r2, r3, 0, 4, 1, 5), t3 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
  v128.store(to, i64x2.shuffle(t0, t2, 0, 2)); to += row;
  v128.store(to, i64x2.shuffle(t0, t2, 1, 3)); to += row;
  v128.store(to, i64x2.shuffle(t1, t3, 0, 2)); to += row;
  v128.store(to, i64x2.shuffle(t1, t3, 1, 3));
}

/**
 * out[4, n] = bias + a[4, k]·bᵀ, b [n, k], in all columns but the last n mod 8.
 * @param panel 16 k bytes
 */
export function fourRows(a: usize, b: usize, bias: usize, out: usize, n: usize, k: usize, panel: usize): void {
  pack(a, k, panel);
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
    transposed(c0, c1, c2, c3, out, outRow);
    transposed(c4, c5, c6, c7, out + 16, outRow);
    b += 8 * row;
    bias += 32;
  }
}

/** The four rows side by side: [k][4]. */
function pack(a: usize, k: usize, to: usize): void {
  const row = 4 * k;
  const end = to + 16 * k;
  for (const last = to + 16 * (k & ~3); to != last; to += 64) {
    transposed(v128.load(a), v128.load(a + row), v128.load(a + 2 * row), v128.load(a + 3 * row), to, 16);
    a += 16;
  }
  for (; to != end; to += 16) {
    v128.store(to, f32x4(load<f32>(a), load<f32>(a + row), load<f32>(a + 2 * row), load<f32>(a + 3 * row)));
    a += 4;
  }
}
