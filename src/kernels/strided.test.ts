import { describe, expect, it } from "vitest";
import { dtypes, generator, KernelBench, normals, round } from "../../test/support/kernels.ts";
import { Op } from "./opcodes.ts";

const bench = new KernelBench();

/** Calls f with the offsets of every element of the walk, outermost dimension first. */
function walk(sizes: number[], strides: number[][], f: (offsets: number[]) => void, at = strides.map(() => 0)): void {
  if (sizes.length === 0) {
    f(at);
    return;
  }
  for (let i = 0; i < sizes[0]; i++) {
    walk(
      sizes.slice(1),
      strides.map((s) => s.slice(1)),
      f,
      at.map((a, j) => a + i * strides[j][0]),
    );
  }
}

function dims(sizes: number[], strides: number[][]): number[] {
  return [sizes.length, ...sizes.flatMap((n, i) => [n, ...strides.map((s) => s[i])])];
}

/** How many elements an operand with these strides spans. */
function span(sizes: number[], strides: number[]): number {
  return sizes.some((n) => n === 0) ? 0 : 1 + sizes.reduce((sum, n, i) => sum + (n - 1) * strides[i], 0);
}

const contiguous = (sizes: number[]) => sizes.map((_, i) => sizes.slice(i + 1).reduce((a, b) => a * b, 1));

/** sizes, strides of the first operand, strides of the second */
const walks: [number[], number[], number[]][] = [
  ...[0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 63, 64, 65, 200].map((n): [number[], number[], number[]] => [[n], [1], [1]]),
  [[5], [0], [1]],
  [[9], [3], [1]],
  [[9], [1], [2]],
  [[7], [2], [3]],
  [
    [3, 5],
    [1, 3],
    [5, 1],
  ],
  [
    [8, 12],
    [1, 8],
    [12, 1],
  ],
  [
    [9, 13],
    [1, 11],
    [14, 1],
  ],
  [
    [6, 0],
    [1, 6],
    [0, 1],
  ],
  [
    [4, 6],
    [0, 1],
    [6, 1],
  ],
  [
    [4, 6],
    [1, 0],
    [6, 1],
  ],
  [
    [2, 3, 4],
    [4, 8, 1],
    [12, 4, 1],
  ],
  [
    [2, 3, 4],
    [12, 1, 3],
    [12, 4, 1],
  ],
  [[2, 2, 3, 2, 2, 3], [0, 36, 1, 0, 9, 3], contiguous([2, 2, 3, 2, 2, 3])],
  [
    [2, 1, 3, 1, 2, 5],
    [30, 30, 10, 10, 5, 1],
    [30, 30, 10, 10, 5, 1],
  ],
];

describe.each(dtypes)("memory kernels, %s", (d) => {
  const next = generator(1);

  it.each([0, 1, 2, 3, 4, 5, 17, 64, 131])("fills %i elements", (n) => {
    bench.clear();
    const out = bench.buffer(d, n);
    bench.call(Op.Fill, d, out, n, 1 / 3);
    expect(bench.read(out)).toEqual(new Array(n).fill(round(d, 1 / 3)));
  });

  it.each(walks)("copies %j by %j to %j", (sizes, sx, so) => {
    bench.clear();
    const values = normals(next, span(sizes, sx), d);
    const x = bench.buffer(d, values);
    const expected = normals(next, span(sizes, so), d);
    const out = bench.buffer(d, expected);
    walk(sizes, [sx, so], ([i, j]) => {
      expected[j] = values[i];
    });
    bench.call(Op.Copy, d, x, out, ...dims(sizes, [sx, so]));
    expect(bench.read(out)).toEqual(expected);
  });

  it("copies 100 000 elements", () => {
    bench.clear();
    const values = normals(next, 100_003, d);
    const out = bench.buffer(d, values.length);
    bench.call(Op.Copy, d, bench.buffer(d, values), out, 1, values.length, 1, 1);
    expect(bench.read(out)).toEqual(values);
  });

  it.each([
    ...walks,
    ...[0, 1, 3, 16, 17, 30, 64, 77, 1000].map((n): [number[], number[], number[]] => [[n], [1], [0]]),
    [[6], [2], [0]],
    [[6], [0], [0]],
    [
      [5, 1],
      [1, 1],
      [0, 1],
    ],
    [
      [5, 3],
      [3, 1],
      [0, 1],
    ],
    [
      [9, 16],
      [16, 1],
      [0, 1],
    ],
    [
      [9, 39],
      [39, 1],
      [0, 1],
    ],
    [
      [0, 7],
      [7, 1],
      [0, 1],
    ],
    [
      [4, 70],
      [70, 1],
      [1, 0],
    ],
    [
      [3, 4, 25],
      [100, 25, 1],
      [0, 1, 0],
    ],
    [
      [3, 4, 25],
      [100, 25, 1],
      [25, 0, 1],
    ],
  ] as [number[], number[], number[]][])("adds %j by %j to %j", (sizes, sx, so) => {
    bench.clear();
    const values = normals(next, span(sizes, sx), d);
    const before = normals(next, span(sizes, so), d);
    const [x, out] = [bench.buffer(d, values), bench.buffer(d, before)];
    const expected = [...before];
    const magnitude = before.map(Math.abs);
    walk(sizes, [sx, so], ([i, j]) => {
      expected[j] += values[i];
      magnitude[j] += Math.abs(values[i]);
    });
    bench.call(Op.AddTo, d, x, out, ...dims(sizes, [sx, so]));
    const eps = d === "f32" ? 2 ** -23 : 2 ** -52;
    bench.read(out).forEach((v, i) => {
      expect(Math.abs(v - expected[i])).toBeLessThanOrEqual(6 * eps * magnitude[i]);
    });
  });

  it("sums each column alike, whatever the other columns are", () => {
    const [rows, cols] = [33, 23];
    const values = normals(next, rows * cols, d);
    bench.clear();
    const out = bench.buffer(d, new Array(cols).fill(0));
    bench.call(Op.AddTo, d, bench.buffer(d, values), out, 2, rows, cols, 0, cols, 1, 1);
    const all = bench.read(out);
    for (let c = 0; c < cols; c++) {
      let sum = 0;
      for (let r = 0; r < rows; r++) sum = round(d, sum + values[r * cols + c]);
      expect(all[c]).toBe(sum);
    }
  });

  it.each([0, 1, 2, 3, 4, 5, 7, 8, 17, 131])("moves %i elements towards others", (n) => {
    const next = generator(11);
    const [from, to] = [normals(next, n, d), normals(next, n, d)];
    for (const tau of [0, 0.005, 0.75, 1]) {
      bench.clear();
      const out = bench.buffer(d, from);
      bench.call(Op.MoveTowards, d, bench.buffer(d, to), out, n, tau);
      // Each of the three operations rounds once; 1 copies.
      const share = round(d, tau);
      const expected = from.map((v, i) => round(d, v + round(d, share * round(d, to[i] - v))));
      expect(bench.read(out)).toEqual(tau === 1 ? to : expected);
    }
  });

  it.each([0, 1, 7, 8, 9, 16, 29])("converts %i bytes", (n) => {
    bench.clear();
    const bytes = Array.from({ length: n }, (_, i) => (i * 37 + 255) % 256);
    const out = bench.buffer(d, n);
    bench.call(Op.FromBytes, d, bench.buffer("u8", bytes), out, n);
    expect(bench.read(out)).toEqual(bytes);
  });

  it.each([0, 1, 2, 3, 4, 9])("converts %i elements", (n) => {
    bench.clear();
    const integers = Array.from({ length: n }, (_, i) => (i % 2 ? -1 : 1) * (i * 1_000_003 + 1));
    const out = bench.buffer(d, n);
    bench.call(Op.FromInt, d, bench.buffer("i32", integers), out, n);
    expect(bench.read(out)).toEqual(integers.map((v) => round(d, v)));
    const from = d === "f32" ? "f64" : "f32";
    const values = Array.from({ length: n }, (_, i) => round(from, 1 / (i + 3)));
    const converted = bench.buffer(d, n);
    bench.call(Op.Convert, d, bench.buffer(from, values), converted, n);
    expect(bench.read(converted)).toEqual(values.map((v) => round(d, v)));
  });
});

it("notices a write outside a buffer", () => {
  bench.clear();
  const out = bench.buffer("f32", 5);
  expect(() => bench.call(Op.Fill, "f32", out, 6, 1)).toThrow("after the last buffer");
});
