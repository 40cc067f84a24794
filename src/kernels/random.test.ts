import { describe, expect, it } from "vitest";
import { type Dtype, dtypes, generator, KernelBench, normals } from "../../test/support/kernels.ts";
import { log } from "../math/index.ts";
import { Key, Random, Streams } from "../random/index.ts";
import { Op } from "./opcodes.ts";

const bench = new KernelBench();
const sizes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 1000, 5001];
const key = Key.fromSeed(20240607).split("kernels", 3);

/** A TypeScript stream and its state in kernel memory, somewhere along the counter. */
function streams(skip: number) {
  bench.clear();
  const random = new Random(key);
  random.skip(skip);
  const state = random.state();
  return { random, stream: bench.buffer("i32", [state.k0, state.k1, state.c0, state.c1]) };
}

function expectSameState(random: Random, stream: { at: number; length: number; type: "i32" }): void {
  const { k0, k1, c0, c1 } = random.state();
  expect(bench.read(stream).map((v) => v >>> 0)).toEqual([k0, k1, c0, c1]);
}

const array = (d: Dtype, n: number) => (d === "f32" ? new Float32Array(n) : new Float64Array(n));
// The second start makes the low word of the counter overflow inside a vector of blocks.
const starts = [0, 2 ** 32 - 2];

describe.each(dtypes)("random kernels draw what src/random draws, %s", (d) => {
  describe.each(starts)("from block %i", (skip) => {
    it.each(sizes)("%i uniform numbers", (n) => {
      for (const [low, high] of [
        [0, 1],
        [-0.3, 0.7],
        [1, 1 + 2 ** -20],
        [-5, 0],
      ]) {
        const { random, stream } = streams(skip);
        const out = bench.buffer(d, n);
        bench.call(Op.RandomUniform, d, stream, out, n, low, high);
        const expected = array(d, n);
        random.fillUniform(expected, low, high);
        expect(bench.read(out)).toEqual([...expected]);
        expectSameState(random, stream as never);
      }
    });

    it.each(sizes)("%i normal numbers", (n) => {
      for (const [mean, std] of [
        [0, 1],
        [3, 0.2],
      ]) {
        const { random, stream } = streams(skip);
        const out = bench.buffer(d, n);
        bench.call(Op.RandomNormal, d, stream, out, n, mean, std);
        const expected = array(d, n);
        random.fillNormal(expected, mean, std);
        expect(bench.read(out)).toEqual([...expected]);
        expectSameState(random, stream as never);
      }
    });
  });
});

describe.each(starts)("integers and permutations from block %i", (skip) => {
  it.each(sizes)("%i integers", (n) => {
    // 3·2³⁰ rejects one word in four; 2³¹ none.
    for (const bound of [1, 2, 6, 1000, 3 * 2 ** 30, 2 ** 31, 2 ** 31 - 1]) {
      const { random, stream } = streams(skip);
      const out = bench.buffer("i32", n);
      bench.call(Op.RandomIntegers, "f32", stream, out, n, bound);
      const expected = new Int32Array(n);
      random.fillInteger(expected, bound);
      expect(bench.read(out)).toEqual([...expected]);
      expectSameState(random, stream as never);
    }
  });

  it.each(sizes)("a permutation of %i", (n) => {
    const { random, stream } = streams(skip);
    const out = bench.buffer("i32", n);
    bench.call(Op.RandomPermutation, "f32", stream, out, n);
    expect(bench.read(out)).toEqual([...random.permutation(new Int32Array(n))]);
    expectSameState(random, stream as never);
  });
});

it("draws go on where the last one ended, and another key draws other numbers", () => {
  const { random, stream } = streams(0);
  const [a, b] = [bench.buffer("f32", 3), bench.buffer("f32", 3)];
  bench.call(Op.RandomUniform, "f32", stream, a, 3, 0, 1);
  bench.call(Op.RandomUniform, "f32", stream, b, 3, 0, 1);
  const [x, y] = [new Float32Array(3), new Float32Array(3)];
  random.fillUniform(x);
  random.fillUniform(y);
  expect(bench.read(a)).toEqual([...x]);
  expect(bench.read(b)).toEqual([...y]);
  new Random(Key.fromSeed(1)).fillUniform(x);
  expect(bench.read(a)).not.toEqual([...x]);
});

it("the float64 logarithm of the kernels is that of src/math, bit for bit", () => {
  const next = generator(9);
  const values = Array.from({ length: 20_000 }, (_, i) => next() * 2 ** ((i % 2098) - 1074));
  values.push(0, -0, -1, 1, Number.POSITIVE_INFINITY, Number.NaN, 5e-324, Number.MAX_VALUE);
  bench.clear();
  const out = bench.buffer("f64", values.length);
  bench.call(Op.Log, "f64", bench.buffer("f64", values), out, values.length);
  expect(bench.read(out)).toEqual(values.map(log));
});

describe.each(dtypes)("categorical draws, %s", (d) => {
  it.each([1, 2, 3, 5, 18])("follow the softmax of %i logits", (cols) => {
    const { random, stream } = streams(7);
    const rows = 500;
    const logits = normals(generator(cols), rows * cols, d);
    const out = bench.buffer("i32", rows);
    bench.call(Op.RandomCategorical, d, stream, bench.buffer(d, logits), out, rows, cols);
    const drawn = bench.read(out);
    let different = 0;
    for (let r = 0; r < rows; r++) {
      const weights = logits.slice(r * cols, (r + 1) * cols).map((v) => Math.exp(v));
      if (random.categorical(weights) !== drawn[r]) different++;
    }
    // Where the uniform number falls within rounding of a boundary, float32 weights may choose the neighbour.
    expect(different).toBeLessThanOrEqual(d === "f32" ? 1 : 0);
    expectSameState(random, stream as never);
  });

  it("never draws a masked action", () => {
    const { stream } = streams(0);
    const rows = 2000;
    const logits = Array.from({ length: rows }, () => [-Infinity, 0, -Infinity, 1, -Infinity]).flat();
    const out = bench.buffer("i32", rows);
    bench.call(Op.RandomCategorical, d, stream, bench.buffer(d, logits), out, rows, 5);
    expect(new Set(bench.read(out))).toEqual(new Set([1, 3]));
  });
});

describe.each(starts)("outcomes of the rows of a table from block %i", (skip) => {
  /** Rows of 1, 3, 2, 1 and 4 outcomes. */
  const first = [0, 1, 4, 6, 7, 11];
  const limits = [1, 0.25, 0.5, 1, 0.9, 1, 1, 0.1, 0.2, 0.6, 1];

  it.each([0, 1, 3, 4, 5, 8, 130])("%i streams, each with a row of its own", (n) => {
    bench.clear();
    const streams = new Streams(Array.from({ length: n }, (_, i) => key.split("stream", i)));
    for (const random of streams.each) random.skip(skip);
    const states = bench.buffer("i32", streams.states);
    const table = [bench.buffer("i32", first), bench.buffer("f64", limits)] as const;
    const out = bench.buffer("i32", n);
    const seen = new Set<number>();
    for (let round = 0; round < 20; round++) {
      const rows = Array.from({ length: n }, (_, i) => (round + i) % 5);
      bench.call(Op.RandomOutcomes, "f32", states, ...table, bench.buffer("i32", rows), out, n, 5);
      const expected = rows.map((row, i) => {
        const last = first[row + 1]! - 1;
        if (first[row] === last) return last;
        const u = streams.each[i]!.uniform();
        return limits.findIndex((limit, k) => k >= first[row]! && (k === last || u < limit));
      });
      expect(bench.read(out)).toEqual(expected);
      for (const outcome of expected) seen.add(outcome);
    }
    expect(bench.read(states)).toEqual([...streams.states]);
    if (n === 130) expect(seen.size).toBe(limits.length);
  });

  it("a row beyond the table is its last", () => {
    bench.clear();
    const states = bench.buffer("i32", new Streams([key]).states);
    const [rows, out] = [bench.buffer("i32", [1000]), bench.buffer("i32", 1)];
    bench.call(
      Op.RandomOutcomes,
      "f32",
      states,
      bench.buffer("i32", first),
      bench.buffer("f64", limits),
      rows,
      out,
      1,
      5,
    );
    expect(bench.read(out)[0]).toBeGreaterThanOrEqual(7);
  });
});
