import { describe, expect, it } from "vitest";
import { generator, KernelBench, normals } from "../../test/support/kernels.ts";
import { Op } from "./opcodes.ts";

const bench = new KernelBench();

interface Product {
  m: number;
  n: number;
  k: number;
  transposeA: boolean;
  bias?: number[];
}

/** float32 a·b, or aᵀ·b, and what it starts with; `stored` and `b` row by row. */
function compute({ m, n, k, transposeA, bias }: Product, stored: number[], b: number[], areBytes = false): number[] {
  bench.clear();
  const [A, B] = [bench.buffer(areBytes ? "u8" : "f32", stored), bench.buffer("f32", b)];
  const start = bias ? bench.buffer("f32", bias) : 0;
  const out = bench.buffer("f32", m * n);
  if (areBytes) bench.call(Op.GemmBytes, "f32", A, B, start, out, m, n, k, +transposeA);
  else bench.call(Op.Gemm, "f32", A, B, start, out, m, n, k, +transposeA, 0, 0, 1, 0, 0, 0);
  return bench.read(out);
}

/** The promise: one chain of additions over k for each element, zeros and all. */
function chains({ m, n, k, transposeA, bias }: Product, a: number[], b: number[], skipsZeros = false): number[] {
  const out: number[] = [];
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = bias ? bias[j]! : 0;
      for (let q = 0; q < k; q++) {
        const x = a[transposeA ? q * m + i : i * k + q]!;
        if (!skipsZeros || x !== 0) sum = Math.fround(sum + Math.fround(x * b[q * n + j]!));
      }
      out.push(sum);
    }
  }
  return out;
}

/** Numbers of which all but `share` are 0 or −0. */
function scattered(next: () => number, size: number, share: number): number[] {
  return normals(next, size, "f32").map((value) => (next() < share ? value : next() < 0.5 ? 0 : -0));
}

const shapes: Product[] = [
  { m: 4, n: 8, k: 512, transposeA: false },
  { m: 5, n: 31, k: 700, transposeA: false },
  { m: 33, n: 57, k: 643, transposeA: false },
  { m: 4, n: 9, k: 16_500, transposeA: false },
  { m: 512, n: 8, k: 1, transposeA: true },
  { m: 643, n: 57, k: 33, transposeA: true },
  { m: 16_500, n: 9, k: 2, transposeA: true },
];

describe("a product whose left side is almost all zero", () => {
  it.each(shapes)("has the bits of the dense chains, the sign of a zero included: %j", (shape) => {
    const next = generator(shape.n);
    for (const share of [0, 0.002, 0.02, 0.11]) {
      for (const isBiased of [false, true]) {
        // Underflow to −0 and sums that cancel: where the sign of a zero is at stake.
        const tiny = isBiased ? 1 : 1e-30;
        const p = { ...shape, bias: isBiased ? normals(next, shape.n, "f32") : undefined };
        const a = scattered(next, p.m * p.k, share).map((value) => Math.fround(value * tiny));
        const b = normals(next, p.k * p.n, "f32").map((value) => Math.fround(Math.round(value * 4) * tiny));
        expect(compute(p, a, b), `${share} ${isBiased}`).toEqual(chains(p, a, b));
      }
    }
  });

  it.each(shapes.slice(1, 6))("does not hide what is not a number, left or right: %j", (shape) => {
    const next = generator(1);
    const a = scattered(next, shape.m * shape.k, 0.02);
    const b = normals(next, shape.k * shape.n, "f32");
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const [worseA, worseB] = [[...a], [...b]];
      worseA[3] = bad;
      worseB[Math.floor(worseB.length / 2)] = bad;
      expect(compute(shape, worseA, b)).toEqual(chains(shape, worseA, b));
      const found = compute(shape, a, worseB);
      expect(found).toEqual(chains(shape, a, worseB));
      // Control: who skips zeros alone finds fewer of them.
      expect(found).not.toEqual(chains(shape, a, worseB, true));
    }
  });

  it("starts from a bias of −0 as the dense chains do", () => {
    const p = { m: 8, n: 8, k: 512, transposeA: false, bias: [-0, 0, -0, 1, -0, 0, -1, -0] };
    const b = normals(generator(2), p.k * p.n, "f32");
    const zeros = new Array<number>(p.m * p.k).fill(0);
    expect(compute(p, zeros, b)).toEqual(chains(p, zeros, b));
    // Control: the signs differ where zeros are skipped.
    expect(chains(p, zeros, b)).not.toEqual(chains(p, zeros, b, true));
  });

  it.each(shapes)("is that of bytes, whatever is beside them: %j", (shape) => {
    const next = generator(6);
    for (const share of [0, 0.02, 0.5]) {
      const p = { ...shape, bias: shape.transposeA ? undefined : normals(next, shape.n, "f32") };
      const a = Array.from({ length: p.m * p.k }, () => (next() < share ? Math.floor(256 * next()) : 0));
      const b = normals(next, p.k * p.n, "f32");
      expect(compute(p, a, b, true)).toEqual(chains(p, a, b));
      b[Math.floor(b.length / 2)] = Number.NEGATIVE_INFINITY;
      if (p.bias) p.bias[0] = -0;
      expect(compute(p, a, b, true)).toEqual(chains(p, a, b));
    }
  });

  it("goes on from a row of few zeros, whichever is looked at first", () => {
    for (const transposeA of [false, true]) {
      const p = { m: transposeA ? 600 : 20, n: 16, k: transposeA ? 20 : 600, transposeA };
      for (const isFirst of [false, true]) {
        const next = generator(4);
        const a = scattered(next, p.m * p.k, 0.01);
        a.splice(isFirst ? 0 : 11 * 600, 600, ...normals(next, 600, "f32"));
        const b = normals(next, p.k * p.n, "f32");
        expect(compute(p, a, b)).toEqual(chains(p, a, b));
      }
    }
  });
});
