/** Values of the operations that move, combine and reduce elements, against one formula per element. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Key, type Random } from "../../random/index.ts";
import { type FloatType, type Shape, Tensor, tensor } from "../index.ts";
import * as o from "./index.ts";

type Index = readonly number[];

/** All indices of a shape, row-major. */
function indicesOf(shape: Shape): Index[] {
  return shape.reduce<Index[]>((all, d) => all.flatMap((i) => Array.from({ length: d }, (_, k) => [...i, k])), [[]]);
}

/** Element `index` of t; axes that were broadcast are read at 0, missing leading ones ignored. */
function at(t: Tensor, index: Index): number {
  const own = index.slice(index.length - t.shape.length).map((i, axis) => (t.shape[axis] === 1 ? 0 : i));
  return t.data[own.reduce((offset, i, axis) => offset * t.shape[axis]! + i, 0)]!;
}

/** Is every element of `actual` what `formula` says of its index? Sums may differ in rounding. */
function expectEach(actual: Tensor, shape: Shape, formula: (index: Index) => number): void {
  expect(actual.shape).toEqual(shape);
  const digits = actual.dtype === "float64" ? 1e-13 : 1e-5;
  for (const [i, index] of indicesOf(shape).entries()) {
    const expected = formula(index);
    if (!(Math.abs(actual.data[i]! - expected) <= digits * (1 + Math.abs(expected)))) {
      expect.fail(`element [${index}] is ${actual.data[i]}, not ${expected}`);
    }
  }
}

interface Setting {
  integer(low: number, high: number): number;
  shape(low: number, high: number): number[];
  make(shape: Shape): Tensor;
  random: Random;
}

function forAll(check: (setting: Setting) => void): void {
  const property = fc.property(fc.gen(), (g) => {
    const integer = (min: number, max: number) => g(fc.integer, { min, max });
    const dtype: FloatType = integer(0, 1) === 0 ? "float32" : "float64";
    const random = Key.fromSeed(integer(0, 1_000_000)).stream();
    check({
      integer,
      shape: (low, high) => Array.from({ length: integer(low, high) }, () => integer(1, 5)),
      // Eighths: exact in both dtypes, and equal elements occur.
      make: (shape) =>
        tensor(
          indicesOf(shape).map(() => (random.integer(33) - 16) / 8),
          shape,
          dtype,
        ),
      random,
    });
  });
  fc.assert(property, { seed: 2, numRuns: 80, includeErrorInReport: true });
}

describe("two operands with broadcasting", () => {
  const table: Record<string, [(a: Tensor, b: Tensor) => Tensor, (a: number, b: number) => number]> = {
    add: [o.add, (a, b) => a + b],
    sub: [o.sub, (a, b) => a - b],
    mul: [o.mul, (a, b) => a * b],
    div: [(a, b) => o.div(a, o.affine(b, 1, 5)), (a, b) => a / (b + 5)],
    minimum: [o.minimum, Math.min],
    maximum: [o.maximum, Math.max],
    greater: [o.greater, (a, b) => +(a > b)],
    greaterEqual: [o.greaterEqual, (a, b) => +(a >= b)],
    less: [o.less, (a, b) => +(a < b)],
    lessEqual: [o.lessEqual, (a, b) => +(a <= b)],
    equal: [o.equal, (a, b) => +(a === b)],
  };
  for (const [name, [operation, formula]] of Object.entries(table)) {
    it(name, () =>
      forAll(({ shape, integer, make }) => {
        const whole = shape(0, 4);
        const part = () => whole.slice(integer(0, whole.length)).map((d) => (integer(0, 2) === 0 ? 1 : d));
        const [a, b] = [make(part()), make(part())];
        const rank = Math.max(a.shape.length, b.shape.length);
        const side = (t: Tensor, axis: number) => t.shape[axis - rank + t.shape.length] ?? 1;
        const target = Array.from({ length: rank }, (_, axis) => Math.max(side(a, axis), side(b, axis)));
        expectEach(operation(a, b), target, (index) => formula(at(a, index), at(b, index)));
      }),
    );
  }

  it("numbers on either side", () => {
    const x = tensor([1, -2, 4]);
    const values = (t: Tensor) => [...t.toArray()];
    expect(values(o.sub(1, x))).toEqual([0, 3, -3]);
    expect(values(o.div(8, x))).toEqual([8, -4, 2]);
    expect(values(o.div(x, 2))).toEqual([0.5, -1, 2]);
    expect(values(o.maximum(0, x))).toEqual([1, 0, 4]);
    expect(values(o.add(1, 2))).toEqual([3]);
    expect(values(o.greater(x, 0))).toEqual([1, 0, 1]);
  });

  it("refuses shapes that do not broadcast and dtypes that differ", () => {
    expect(() => o.add(tensor([1, 2]), tensor([1, 2, 3]))).toThrow(/shapes \[2\] and \[3\] do not broadcast/);
    expect(() => o.add(tensor([1]), tensor([1], [1], "float64"))).toThrow(/differ in dtype: float32 and float64/);
    expect(() => o.add(tensor([1], [1], "int32"), 1)).toThrow(/float32 or float64 for arithmetic/);
  });
});

describe("reductions", () => {
  it("sum and mean over any axes", () =>
    forAll(({ shape, integer, make }) => {
      const x = make(shape(1, 4));
      const axes = x.shape.map((_, i) => i).filter(() => integer(0, 1) === 1);
      const keep = integer(0, 1) === 1;
      const reduced = (d: number, i: number) => (axes.includes(i) ? 1 : d);
      const kept = x.shape.map(reduced);
      const inner = x.shape.map((d, i) => (axes.includes(i) ? d : 1));
      const target = keep ? kept : x.shape.filter((_, i) => !axes.includes(i));
      const counted = axes.map((axis) => (integer(0, 1) === 1 ? axis : axis - x.shape.length));
      const whole = (index: Index) =>
        keep ? index : kept.map((_, i) => (axes.includes(i) ? 0 : index[i - axes.filter((a) => a < i).length]!));
      const total = (index: Index) =>
        indicesOf(inner).reduce(
          (sum, offset) =>
            sum +
            at(
              x,
              whole(index).map((i, axis) => i + offset[axis]!),
            ),
          0,
        );
      expectEach(o.sum(x, counted, keep), target, total);
      const count = inner.reduce((product, d) => product * d, 1);
      expectEach(o.mean(x, counted, keep), target, (index) => total(index) / count);
    }));

  it("rows: logSumExp, softmax, logSoftmax, maximum, argMax, dot products, pick", () =>
    forAll(({ shape, integer, make, random }) => {
      const outer = shape(0, 2);
      const n = integer(1, 9);
      const [x, y] = [make([...outer, n]), make([...outer, n])];
      const row = (t: Tensor, index: Index) => Array.from({ length: n }, (_, c) => at(t, [...index, c]));
      const sumExp = (index: Index) => row(x, index).reduce((sum, v) => sum + Math.exp(v), 0);
      expectEach(o.logSumExp(x), outer, (index) => Math.log(sumExp(index)));
      expectEach(o.softmax(x), x.shape, (index) => Math.exp(at(x, index)) / sumExp(index.slice(0, -1)));
      expectEach(o.logSoftmax(x), x.shape, (index) => at(x, index) - Math.log(sumExp(index.slice(0, -1))));
      expectEach(o.maxRows(x), outer, (index) => Math.max(...row(x, index)));
      expectEach(o.argMax(x), outer, (index) => row(x, index).indexOf(Math.max(...row(x, index))));
      expectEach(o.dotRows(x, y), outer, (i) => row(x, i).reduce((sum, v, c) => sum + v * at(y, [...i, c]), 0));
      const index = tensor(
        indicesOf(outer).map(() => random.integer(n)),
        outer,
        "int32",
      );
      expectEach(o.pick(x, index), outer, (i) => at(x, [...i, at(index, i)]));
    }));

  it("refuses the mean of nothing, rows of nothing and axes that are not there", () => {
    const empty = tensor([], [0, 3]);
    expect(() => o.mean(empty)).toThrow(/at least one element/);
    expect([...o.sum(empty, 0).toArray()]).toEqual([0, 0, 0]);
    expect(() => o.softmax(tensor([], [3, 0]))).toThrow(/last axis of at least 1/);
    expect(() => o.sum(tensor([1]), 1)).toThrow(/axis must be between -1 and 0; got 1/);
  });
});

describe("rearranging", () => {
  it("transpose, slice, concat, stack, reshape, broadcastTo", () =>
    forAll(({ shape, integer, make, random }) => {
      const x = make(shape(1, 4));
      const rank = x.shape.length;
      const order = [...random.permutation(new Int32Array(rank))];
      expectEach(
        o.transpose(x, order),
        order.map((axis) => x.shape[axis]!),
        (index) =>
          at(
            x,
            order.map((_, axis) => index[order.indexOf(axis)]!),
          ),
      );
      const axis = integer(0, rank - 1);
      const start = integer(0, x.shape[axis]!);
      const end = integer(start, x.shape[axis]!);
      expectEach(o.slice(x, axis - rank, start, end), x.shape.with(axis, end - start), (index) =>
        at(x, index.with(axis, index[axis]! + start)),
      );
      const other = make(x.shape.with(axis, integer(1, 3)));
      const length = x.shape[axis]!;
      expectEach(o.concat([x, other], axis), x.shape.with(axis, length + other.shape[axis]!), (index) =>
        index[axis]! < length ? at(x, index) : at(other, index.with(axis, index[axis]! - length)),
      );
      const twin = make(x.shape);
      const place = integer(0, rank);
      expectEach(o.stack([x, twin], place), x.shape.toSpliced(place, 0, 2), (index) =>
        at(index[place] === 0 ? x : twin, index.toSpliced(place, 1)),
      );
      expect([...o.reshape(x, [-1]).toArray()]).toEqual([...x.toArray()]);
      const target = [integer(1, 3), ...x.shape];
      expectEach(o.broadcastTo(x, target), target, (index) => at(x, index));
    }));

  it("products of matrices, all transposes", () =>
    forAll(({ integer, make }) => {
      const [m, n, k] = [integer(1, 9), integer(1, 9), integer(1, 9)];
      const [transposeA, transposeB] = [integer(0, 1) === 1, integer(0, 1) === 1];
      const a = make(transposeA ? [k, m] : [m, k]);
      const b = make(transposeB ? [n, k] : [k, n]);
      expectEach(o.matmul(a, b, { transposeA, transposeB }), [m, n], ([i, j]) =>
        Array.from(
          { length: k },
          (_, q) => at(a, transposeA ? [q, i!] : [i!, q]) * at(b, transposeB ? [j!, q] : [q, j!]),
        ).reduce((sum, v) => sum + v, 0),
      );
    }));

  it("convolutions, by their definition", () =>
    forAll(({ integer, make }) => {
      const [n, c, out, kh, kw] = [integer(1, 3), integer(1, 3), integer(1, 3), integer(1, 3), integer(1, 3)];
      const stride = [integer(1, 3), integer(1, 2)] as const;
      const padding = [integer(0, 2), integer(0, 1)] as const;
      const x = make([n, c, integer(kh, kh + 4), integer(kw, kw + 4)]);
      const [weight, bias] = [make([out, c, kh, kw]), make([out])];
      const y = o.conv2d(x, weight, bias, { stride, padding });
      const [, , h, w] = x.shape as [number, number, number, number];
      const side = (size: number, kernel: number, axis: 0 | 1) =>
        Math.floor((size + 2 * padding[axis] - kernel) / stride[axis]) + 1;
      expectEach(y, [n, out, side(h, kh, 0), side(w, kw, 1)], ([i, f, row, column]) =>
        indicesOf([c, kh, kw]).reduce(
          (sum, [q, dy, dx]) => {
            const [r, s] = [row! * stride[0] - padding[0] + dy!, column! * stride[1] - padding[1] + dx!];
            const inside = r >= 0 && r < h && s >= 0 && s < w;
            return sum + (inside ? at(x, [i!, q!, r, s]) * at(weight, [f!, q!, dy!, dx!]) : 0);
          },
          at(bias, [f!]),
        ),
      );
    }));

  it("casts", () => {
    expect([...o.cast(tensor([1, -2], [2], "int32"), "float64").toArray()]).toEqual([1, -2]);
    expect([...o.cast(tensor([0, 255], [2], "uint8"), "float32").toArray()]).toEqual([0, 255]);
    expect(o.cast(tensor([0.1], [1], "float64"), "float32").item()).toBe(Math.fround(0.1));
    expect(() => o.cast(tensor([1]), "int32")).toThrow(/to float32 or float64/);
  });

  it("refuses what does not fit", () => {
    const x = tensor([[1, 2, 3]]);
    expect(() => o.reshape(x, [2, -1])).toThrow(/one of 3 elements/);
    expect(() => o.reshape(x, [-1, -1])).toThrow(/shape/);
    expect(() => o.transpose(x, [0, 0])).toThrow(/a permutation of 0 … 1/);
    expect(() => o.slice(x, 1, 2, 4)).toThrow(/0 <= start <= end <= 3/);
    expect(() => o.concat([])).toThrow(/at least one tensor/);
    expect(() => o.concat([x, tensor([1, 2, 3])])).toThrow(/cannot join shapes/);
    expect(() => o.broadcastTo(x, [2, 2])).toThrow(/do not broadcast/);
    expect(() => o.broadcastTo(x, [3])).toThrow(/one that \[1,3\] broadcasts to/);
    expect(() => o.matmul(x, x)).toThrow(/do not fit/);
    expect(() => o.linear(x, tensor([[1, 2]]))).toThrow(/of shape \[…, 2\]/);
    expect(() => o.pick(x, tensor([3], [1], "int32"))).toThrow(/index\[0\] must be between 0 and 2; got 3/);
    expect(() => o.embedding(x, tensor([-1], [1], "int32"))).toThrow(/index\[0\] must be between 0 and 0; got -1/);
    expect(() => o.gatherRows(x, tensor([1], [1], "int32"))).toThrow(/between 0 and 0; got 1/);
    expect(() => o.layerNorm(x, tensor([1, 2]), tensor([1, 2, 3]))).toThrow(/gain must be of shape \[3\]/);
    expect(() => o.conv2d(x, x)).toThrow(/weight must be of shape \[out, in, height, width\]/);
    expect(() => o.conv2d(tensor([1], [1, 1, 1, 1]), tensor([1, 2], [1, 1, 1, 2]))).toThrow(
      /at least as large as the kernel 1×2/,
    );
    expect(() => o.conv2d(tensor([1], [1, 1, 1, 1]), tensor([1], [1, 1, 1, 1]), undefined, { stride: 0 })).toThrow(
      /stride/,
    );
    expect(() => o.lstmCell(x, x)).toThrow(/gates \[1,3\] and state \[1,3\] do not fit/);
    expect(x).toBeInstanceOf(Tensor);
  });
});
