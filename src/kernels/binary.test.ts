import { describe, expect, it } from "vitest";
import { dtypes, generator, KernelBench, normals, round } from "../../test/support/kernels.ts";
import { Op } from "./opcodes.ts";

const bench = new KernelBench();

const operations: [string, Op, (a: number, b: number) => number][] = [
  ["Add", Op.Add, (a, b) => a + b],
  ["Sub", Op.Sub, (a, b) => a - b],
  ["Mul", Op.Mul, (a, b) => a * b],
  ["Div", Op.Div, (a, b) => a / b],
  ["Max", Op.Max, Math.max],
  ["Min", Op.Min, Math.min],
  ["Greater", Op.Greater, (a, b) => +(a > b)],
  ["GreaterEqual", Op.GreaterEqual, (a, b) => +(a >= b)],
  ["Less", Op.Less, (a, b) => +(a < b)],
  ["LessEqual", Op.LessEqual, (a, b) => +(a <= b)],
  ["Equal", Op.Equal, (a, b) => +(a === b)],
];

/** size, stride of a, stride of b: outermost first */
const patterns: [number, number, number][][] = [
  ...[0, 1, 2, 3, 4, 7, 16, 65].map((n): [number, number, number][] => [[n, 1, 1]]),
  [[9, 1, 0]],
  [[9, 0, 1]],
  [[9, 0, 0]],
  [[6, 2, 1]],
  [
    [5, 6, 0],
    [6, 1, 1],
  ],
  [
    [5, 6, 1],
    [6, 1, 0],
  ],
  [
    [5, 0, 7],
    [7, 1, 1],
  ],
  [
    [3, 1, 4],
    [4, 3, 1],
  ],
  [
    [5, 0, 1],
    [4, 1, 0],
  ],
  [
    [2, 12, 0],
    [3, 4, 4],
    [4, 1, 1],
  ],
  [
    [2, 3, 0],
    [2, 0, 10],
    [3, 1, 0],
    [2, 0, 5],
    [2, 0, 0],
    [5, 0, 1],
  ],
];

describe.each(dtypes)("binary kernels, %s", (d) => {
  it.each(operations)("%s, every pattern of strides", (_, op, f) => {
    const next = generator(2);
    for (const dims of patterns) {
      bench.clear();
      const span = (k: 1 | 2) =>
        dims.some((v) => v[0] === 0) ? 0 : 1 + dims.reduce((sum, v) => sum + (v[0] - 1) * v[k], 0);
      // Few distinct values, so that Equal has something to find.
      const a = normals(next, span(1), d).map((v) => Math.round(v * 4) / 4 + 0.25);
      const b = normals(next, span(2), d).map((v) => Math.round(v * 4) / 4 + 0.25);
      const expected: number[] = [];
      const visit = (k: number, i: number, j: number): void => {
        if (k === dims.length) {
          expected.push(round(d, f(a[i], b[j])));
          return;
        }
        for (let q = 0; q < dims[k][0]; q++) visit(k + 1, i + q * dims[k][1], j + q * dims[k][2]);
      };
      visit(0, 0, 0);
      const out = bench.buffer(d, expected.length);
      bench.call(op, d, bench.buffer(d, a), bench.buffer(d, b), out, dims.length, ...dims.flat());
      expect(bench.read(out)).toEqual(expected);
    }
  });

  it("Max and Min give NaN where either operand is NaN; comparisons give 0", () => {
    for (const [op, expected] of [
      [Op.Max, [NaN, NaN, Infinity]],
      [Op.Min, [NaN, NaN, 1]],
      [Op.GreaterEqual, [0, 0, 0]],
      [Op.Equal, [0, 0, 0]],
    ] as [Op, number[]][]) {
      bench.clear();
      const out = bench.buffer(d, 3);
      bench.call(op, d, bench.buffer(d, [NaN, 1, 1]), bench.buffer(d, [1, NaN, Infinity]), out, 1, 3, 1, 1);
      expect(bench.read(out)).toEqual(expected);
    }
  });
});
