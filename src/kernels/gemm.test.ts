import { describe, expect, it } from "vitest";
import { type Dtype, dtypes, generator, KernelBench, normals, round } from "../../test/support/kernels.ts";
import { Op } from "./opcodes.ts";

interface Product {
  m: number;
  n: number;
  k: number;
  transposeA?: boolean;
  transposeB?: boolean;
  /** What every element begins with: what is there, the bias of its column, or 0. */
  start?: "accumulate" | "bias" | "zero";
  batch?: number;
  /** One matrix for all of the batch. */
  oneA?: boolean;
  oneB?: boolean;
  /** All products into one result, after one another. */
  oneOut?: boolean;
}

interface Operands {
  a: number[];
  b: number[];
  bias: number[];
  out: number[];
}

const bench = new KernelBench();

function strides({ m, n, k, oneA, oneB, oneOut }: Product): [number, number, number] {
  return [oneA ? 0 : m * k, oneB ? 0 : k * n, oneOut ? 0 : m * n];
}

function operands(d: Dtype, p: Product, seed: number): Operands {
  const next = generator(seed);
  const { m, n, k, batch = 1 } = p;
  const sizes = [batch * m * k, batch * k * n, n, batch * m * n];
  const [a, b, bias, out] = sizes.map((size) => normals(next, size, d)) as [number[], number[], number[], number[]];
  return { a, b, bias, out };
}

function compute(d: Dtype, p: Product, { a, b, bias, out }: Operands): number[] {
  const { m, n, k, transposeA = false, transposeB = false, start = "zero", batch = 1 } = p;
  bench.clear();
  const [A, B, Bias, Out] = [a, b, bias, out].map((values) => bench.buffer(d, values));
  const sizes = [m, n, k, +transposeA, +transposeB, +(start === "accumulate"), batch, ...strides(p)];
  bench.call(Op.Gemm, d, A!, B!, start === "bias" ? Bias! : 0, Out!, ...sizes);
  expect([bench.read(A!), bench.read(B!), bench.read(Bias!)]).toEqual([a, b, bias]);
  return bench.read(Out!);
}

/** The promise: one chain of additions over k, in the given order, each rounded. */
function chains(d: Dtype, p: Product, { a, b, bias, out }: Operands, descending = false): number[] {
  const { m, n, k, transposeA, transposeB, start = "zero", batch = 1 } = p;
  const [sa, sb, so] = strides(p);
  const result = [...out];
  for (let item = 0; item < batch; item++) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        const at = item * so + i * n + j;
        let sum = start === "accumulate" ? result[at]! : start === "bias" ? bias[j]! : 0;
        for (let step = 0; step < k; step++) {
          const q = descending ? k - 1 - step : step;
          const x = a[item * sa + (transposeA ? q * m + i : i * k + q)]!;
          const y = b[item * sb + (transposeB ? j * k + q : q * n + j)]!;
          sum = round(d, sum + round(d, x * y));
        }
        result[at] = sum;
      }
    }
  }
  return result;
}

const kinds = [false, true].flatMap((transposeA) => [false, true].map((transposeB) => ({ transposeA, transposeB })));
const starts = ["accumulate", "bias", "zero"] as const;

describe.each(dtypes)("the matrix product, %s,", (d) => {
  it("is that chain for four rows, which have a way of their own where b is transposed", () => {
    for (const n of [8, 9, 15, 16, 64, 67]) {
      for (const k of [0, 1, 3, 4, 5, 64, 1024, 1025]) {
        const p: Product = { m: 4, n, k, transposeB: true, start: "bias" };
        const given = operands(d, p, n + k);
        const product = compute(d, p, given);
        expect(product, JSON.stringify(p)).toEqual(chains(d, p, given));
        if (k > 3) expect(product, "control: the other order").not.toEqual(chains(d, p, given, true));
      }
    }
  });

  it("is one chain of additions per element, in ascending order of k, whatever the shape", () => {
    const next = generator(5);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
    const sizes = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 65];
    for (let round = 0; round < 500; round++) {
      const p: Product = {
        ...{ m: pick(sizes), n: pick(sizes), k: pick(sizes), ...pick(kinds), start: pick(starts) },
        ...{ batch: pick([0, 1, 1, 1, 2, 3]), oneA: next() < 0.2, oneB: next() < 0.2, oneOut: next() < 0.2 },
      };
      if (p.oneOut) p.start = "accumulate";
      const given = operands(d, p, round);
      expect(compute(d, p, given), JSON.stringify(p)).toEqual(chains(d, p, given));
    }
  });

  // Blocks of 512 along k, of 128 along m; a is packed from 65 rows and four panels on.
  it.each([
    [5, 9, 511],
    [5, 9, 512],
    [5, 9, 513],
    [3, 4, 1025],
    [70, 4, 520],
    [64, 33, 20],
    [65, 32, 20],
    [127, 40, 3],
    [129, 33, 515],
    [260, 37, 2],
  ])("goes on with the same chain across its blocks: [%i, %i], k = %i", (m, n, k) => {
    const few = m * n * k > 1e6 ? starts.slice(0, 1) : starts;
    for (const kind of kinds) {
      for (const start of few) {
        const p = { m, n, k, ...kind, start };
        const given = operands(d, p, m + n + k);
        expect(compute(d, p, given), JSON.stringify(p)).toEqual(chains(d, p, given));
      }
    }
  });

  // Float32 products of 16 rows, 32 columns and 32 terms or more skip what is 0 on the left, in panels of 24 and 16 columns.
  it("is the same chain where the left side is full of zeros, up to the sign of a zero", () => {
    const next = generator(8);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
    for (let round = 0; round < 20; round++) {
      const p: Product = {
        ...{ m: pick([16, 17, 67, 259]), n: pick([32, 40, 47, 64, 75]), k: pick([32, 65, 256, 259]) },
        ...{ ...pick(kinds), start: pick(starts) },
      };
      const given = operands(d, p, round);
      const share = pick([0, 0.1, 0.5, 0.9, 1]);
      given.a.forEach((_, i) => {
        if (next() < share) given.a[i] = pick([0, -0]);
      });
      // A block of many zeros beside one of few: each is treated as it is.
      if (round % 5 === 0) given.a.fill(1, 0, given.a.length / 2);
      const unsigned = (values: number[]) => values.map((value) => value + 0);
      expect(unsigned(compute(d, p, given)), `${share} ${JSON.stringify(p)}`).toEqual(unsigned(chains(d, p, given)));
    }
  });

  it("does not hide what is not finite behind a zero: 0 · ∞ is not a number", () => {
    const p = { m: 32, n: 64, k: 40 };
    for (const bad of [Number.POSITIVE_INFINITY, Number.NaN]) {
      const given = operands(d, p, 1);
      given.a.fill(0);
      given.b[3 * p.n + 30] = bad;
      const found = compute(d, p, given);
      expect(found.flatMap((value, i) => (Number.isNaN(value) ? [i % p.n] : []))).toEqual(Array(p.m).fill(30));
    }
  });

  it("gives a row the same bits in every batch", () => {
    for (const n of [1, 2, 4, 5, 64]) {
      const p = { m: 67, n, k: 33, transposeB: true, start: "bias" } as const;
      const given = operands(d, p, n);
      const whole = compute(d, p, given);
      for (const m of [1, 2, 3, 4, 31, 66]) {
        const fewer = { ...given, a: given.a.slice(0, m * p.k), out: given.out.slice(0, m * n) };
        expect(compute(d, { ...p, m }, fewer)).toEqual(whole.slice(0, m * n));
      }
    }
  });

  it("would not pass with the additions in another order", () => {
    const p = { m: 8, n: 8, k: 40 };
    const given = operands(d, p, 1);
    expect(compute(d, p, given)).not.toEqual(chains(d, p, given, true));
  });
});
