import { describe, expect, it } from "vitest";
import { type Dtype, dtypes, generator, KernelBench, normals, round } from "../../test/support/kernels.ts";
import { Op } from "./opcodes.ts";

const bench = new KernelBench();
const shapes: [number, number][] = [
  [0, 3],
  [1, 1],
  [3, 2],
  [2, 3],
  [4, 4],
  [3, 5],
  [2, 17],
  [5, 64],
  [2, 131],
];
const tolerance = (d: Dtype) => (d === "f32" ? 3e-6 : 1e-14);

const rowsOf = (x: number[], cols: number) =>
  Array.from({ length: x.length / cols }, (_, r) => x.slice(r * cols, (r + 1) * cols));
const sum = (x: number[]) => x.reduce((a, b) => a + b, 0);
const logSumExp = (x: number[]) => {
  const m = Math.max(...x);
  return m + Math.log(sum(x.map((v) => Math.exp(v - m))));
};
const logSoftmax = (x: number[]) => x.map((v) => v - logSumExp(x));
const softmax = (x: number[]) => logSoftmax(x).map(Math.exp);
const dot = (a: number[], b: number[]) => sum(a.map((v, i) => v * b[i]));

function close(actual: number[], expected: number[], d: Dtype): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((v, i) => {
    expect(Math.abs(v - expected[i])).toBeLessThanOrEqual(tolerance(d) * (1 + Math.abs(expected[i])));
  });
}

describe.each(dtypes)("row kernels, %s", (d) => {
  it.each(shapes)("reductions and softmaxes of [%i, %i]", (rows, cols) => {
    const next = generator(3);
    const values = normals(next, rows * cols, d).map((v) => round(d, v * 5));
    const x = rowsOf(values, cols);
    bench.clear();
    const input = bench.buffer(d, values);
    const call = (op: Op, n: number) => {
      const out = bench.buffer(d, n);
      bench.call(op, d, input, out, rows, cols);
      return bench.read(out);
    };
    expect(call(Op.MaxRows, rows)).toEqual(x.map((v) => Math.max(...v)));
    close(call(Op.LogSumExpRows, rows), x.map(logSumExp), d);
    close(call(Op.SoftmaxRows, rows * cols), x.flatMap(softmax), d);
    close(call(Op.LogSoftmaxRows, rows * cols), x.flatMap(logSoftmax), d);
    const index = bench.buffer("i32", rows);
    bench.call(Op.ArgMaxRows, d, input, index, rows, cols);
    expect(bench.read(index)).toEqual(x.map((v) => v.indexOf(Math.max(...v))));
  });

  it.each(shapes)("gradients and products of [%i, %i]", (rows, cols) => {
    const next = generator(4);
    const dy = normals(next, rows * cols, d);
    const logits = rowsOf(normals(next, rows * cols, d), cols);
    bench.clear();
    const grad = bench.buffer(d, dy);
    const call = (op: Op, y: number[]) => {
      const out = bench.buffer(d, rows * cols);
      bench.call(op, d, grad, bench.buffer(d, y), out, rows, cols);
      return bench.read(out);
    };
    const g = rowsOf(dy, cols);
    close(
      call(Op.SoftmaxRowsGrad, logits.flatMap(softmax)),
      logits.flatMap((x, r) => softmax(x).map((p, c) => p * (g[r][c] - dot(g[r], softmax(x))))),
      d,
    );
    close(
      call(Op.LogSoftmaxRowsGrad, logits.flatMap(logSoftmax)),
      logits.flatMap((x, r) => softmax(x).map((p, c) => g[r][c] - p * sum(g[r]))),
      d,
    );
    const out = bench.buffer(d, rows);
    bench.call(Op.DotRows, d, grad, bench.buffer(d, logits.flat()), out, rows, cols);
    close(
      bench.read(out),
      g.map((v, r) => dot(v, logits[r])),
      d,
    );
  });

  it("rows with infinities", () => {
    bench.clear();
    const x = bench.buffer(d, [-Infinity, 0, -Infinity, -Infinity, 1000, 1000]);
    const out = bench.buffer(d, 6);
    bench.call(Op.SoftmaxRows, d, x, out, 3, 2);
    expect(bench.read(out)).toEqual([0, 1, NaN, NaN, 0.5, 0.5]);
    bench.call(Op.LogSoftmaxRows, d, x, out, 3, 2);
    expect(bench.read(out).slice(0, 2)).toEqual([-Infinity, 0]);
    const one = bench.buffer(d, 3);
    bench.call(Op.LogSumExpRows, d, x, one, 3, 2);
    expect(bench.read(one).slice(0, 2)).toEqual([0, -Infinity]);
  });

  it("rows of −Infinity, wide ones too, which go another way", () => {
    for (const cols of [1, 3, 16, 17, 40]) {
      bench.clear();
      const x = bench.buffer(d, new Array(2 * cols).fill(-Infinity).fill(0, cols, cols + 1));
      const out = bench.buffer(d, 2);
      bench.call(Op.LogSumExpRows, d, x, out, 2, cols);
      expect(bench.read(out)).toEqual([-Infinity, 0]);
      bench.call(Op.MaxRows, d, x, out, 2, cols);
      expect(bench.read(out)).toEqual([-Infinity, 0]);
      const all = bench.buffer(d, 2 * cols);
      bench.call(Op.LogSoftmaxRows, d, x, all, 2, cols);
      expect(bench.read(all).slice(cols)).toEqual([0, ...new Array(cols - 1).fill(-Infinity)]);
    }
  });

  it("the first of equal maxima", () => {
    bench.clear();
    const out = bench.buffer("i32", 2);
    bench.call(Op.ArgMaxRows, d, bench.buffer(d, [1, 3, 3, 2, 2, 2]), out, 2, 3);
    expect(bench.read(out)).toEqual([1, 0]);
  });

  it("a row's result does not depend on the other rows", () => {
    const next = generator(5);
    const values = normals(next, 7 * 13, d);
    const all = (x: number[], rows: number) => {
      bench.clear();
      const out = bench.buffer(d, x.length);
      bench.call(Op.SoftmaxRows, d, bench.buffer(d, x), out, rows, 13);
      return bench.read(out);
    };
    const together = all(values, 7);
    for (let r = 0; r < 7; r++)
      expect(all(values.slice(r * 13, r * 13 + 13), 1)).toEqual(together.slice(r * 13, r * 13 + 13));
  });

  it.each([0, 1, 3, 4, 5, 21])("masks %i elements", (n) => {
    const next = generator(6);
    const values = normals(next, n, d);
    const mask = values.map((_, i) => (i % 3 === 1 ? 0 : (i * 37) % 255 || 1));
    bench.clear();
    const out = bench.buffer(d, n);
    bench.call(Op.MaskFill, d, bench.buffer(d, values), bench.buffer("u8", mask), out, n, -1e8);
    expect(bench.read(out)).toEqual(values.map((v, i) => (mask[i] ? v : round(d, -1e8))));
  });

  it.each(shapes)("picks, gathers and scatters rows of %i by %i", (rows, cols) => {
    const next = generator(7);
    const table = normals(next, 6 * cols, d);
    const index = Array.from({ length: rows }, () => Math.floor(next() * 6));
    const column = Array.from({ length: rows }, () => Math.floor(next() * cols));
    bench.clear();
    const [ids, columns] = [bench.buffer("i32", index), bench.buffer("i32", column)];
    const gathered = bench.buffer(d, rows * cols);
    bench.call(Op.GatherRows, d, bench.buffer(d, table), ids, gathered, rows, cols);
    const expected = index.flatMap((i) => table.slice(i * cols, (i + 1) * cols));
    expect(bench.read(gathered)).toEqual(expected);

    const byteTable = Array.from({ length: 6 * cols }, () => Math.floor(next() * 256));
    const bytes = bench.buffer("u8", rows * cols);
    bench.call(Op.GatherBytes, d, bench.buffer("u8", byteTable), ids, bytes, rows, cols);
    expect(bench.read(bytes)).toEqual(index.flatMap((i) => byteTable.slice(i * cols, (i + 1) * cols)));

    const picked = bench.buffer(d, rows);
    bench.call(Op.PickRows, d, gathered, columns, picked, rows, cols);
    expect(bench.read(picked)).toEqual(column.map((c, r) => expected[r * cols + c]));

    const back = bench.buffer(d, rows * cols);
    bench.call(Op.PickRowsGrad, d, picked, columns, back, rows, cols);
    expect(bench.read(back)).toEqual(expected.map((v, i) => (i % cols === column[Math.floor(i / cols)] ? v : 0)));

    const sums = new Array(6 * cols).fill(0);
    index.forEach((i, r) => {
      for (let c = 0; c < cols; c++) sums[i * cols + c] = round(d, sums[i * cols + c] + expected[r * cols + c]);
    });
    const scattered = bench.buffer(d, new Array(6 * cols).fill(0));
    bench.call(Op.ScatterAddRows, d, gathered, ids, scattered, rows, cols);
    expect(bench.read(scattered)).toEqual(sums);
  });
});
