import { describe, expect, it } from "vitest";
import { cumulative } from "../../test/support/gaussian.ts";
import { type Dtype, dtypes, generator, KernelBench, normals, round } from "../../test/support/kernels.ts";
import * as math from "../math/index.ts";
import { Op } from "./opcodes.ts";

const bench = new KernelBench();

/** An operation with its constants, its function, and its gradient kernel: reading the input x or the output y. */
interface Elementwise {
  name: string;
  op: Op;
  constants: number[];
  f: (x: number) => number;
  grad?: Op;
  reads?: "x" | "y";
}

const operations: Elementwise[] = [
  { name: "Neg", op: Op.Neg, constants: [], f: (x) => -x },
  { name: "Abs", op: Op.Abs, constants: [], f: Math.abs, grad: Op.AbsGrad, reads: "x" },
  { name: "Sign", op: Op.Sign, constants: [], f: Math.sign },
  { name: "Floor", op: Op.Floor, constants: [], f: Math.floor },
  { name: "Square", op: Op.Square, constants: [], f: (x) => x * x },
  { name: "Sqrt", op: Op.Sqrt, constants: [], f: Math.sqrt },
  { name: "Reciprocal", op: Op.Reciprocal, constants: [], f: (x) => 1 / x },
  { name: "Exp", op: Op.Exp, constants: [], f: math.exp },
  { name: "Expm1", op: Op.Expm1, constants: [], f: math.expm1 },
  { name: "Log", op: Op.Log, constants: [], f: math.log },
  { name: "Log1p", op: Op.Log1p, constants: [], f: math.log1p },
  { name: "Sin", op: Op.Sin, constants: [], f: math.sin },
  { name: "Cos", op: Op.Cos, constants: [], f: math.cos },
  { name: "Atanh", op: Op.Atanh, constants: [], f: math.atanh },
  { name: "Tanh", op: Op.Tanh, constants: [], f: math.tanh, grad: Op.TanhGrad, reads: "y" },
  { name: "Sigmoid", op: Op.Sigmoid, constants: [], f: math.sigmoid, grad: Op.SigmoidGrad, reads: "y" },
  { name: "Softplus", op: Op.Softplus, constants: [], f: math.softplus, grad: Op.SoftplusGrad, reads: "x" },
  { name: "Relu", op: Op.Relu, constants: [], f: (x) => Math.max(x, 0), grad: Op.ReluGrad, reads: "x" },
  { name: "Gelu", op: Op.Gelu, constants: [], f: (x) => x * cumulative(x), grad: Op.GeluGrad, reads: "x" },
  { name: "Silu", op: Op.Silu, constants: [], f: (x) => x * math.sigmoid(x), grad: Op.SiluGrad, reads: "x" },
  {
    name: "Elu",
    op: Op.Elu,
    constants: [0.7],
    f: (x) => (x > 0 ? x : 0.7 * math.expm1(x)),
    grad: Op.EluGrad,
    reads: "x",
  },
  {
    name: "LeakyRelu",
    op: Op.LeakyRelu,
    constants: [0.01],
    f: (x) => (x > 0 ? x : 0.01 * x),
    grad: Op.LeakyReluGrad,
    reads: "x",
  },
  {
    name: "Clip",
    op: Op.Clip,
    constants: [-0.75, 1.25],
    f: (x) => Math.min(Math.max(x, -0.75), 1.25),
    grad: Op.ClipGrad,
    reads: "x",
  },
  { name: "Affine", op: Op.Affine, constants: [2.5, -0.3], f: (x) => 2.5 * x - 0.3 },
  ...[2, 3, -1, 0.5, 1.7, -2, 0].map((e) => ({
    name: `Pow ${e}`,
    op: Op.Pow,
    constants: [e],
    f: (x: number) => x ** e,
  })),
];

const tolerance = { f32: 2e-6, f64: 1e-13 };

function forward(o: Elementwise, d: Dtype, x: number[]): number[] {
  bench.clear();
  const out = bench.buffer(d, x.length);
  bench.call(o.op, d, bench.buffer(d, x), out, x.length, ...o.constants);
  return bench.read(out);
}

function backward(o: Elementwise, d: Dtype, dy: number[], x: number[], y: number[]): number[] {
  bench.clear();
  const dx = bench.buffer(d, dy.length);
  bench.call(o.grad!, d, bench.buffer(d, dy), bench.buffer(d, o.reads === "x" ? x : y), dx, dy.length, ...o.constants);
  return bench.read(dx);
}

/** Roughly normal numbers, moved where the function is defined. */
const inputs = (o: Elementwise, seed: number, n: number, d: Dtype) =>
  normals(generator(seed), n, d).map((v) => (Number.isFinite(o.f(v)) ? v : round(d, Math.abs(v) % 1)));

const same = (a: number[], b: number[]) => a.every((v, i) => Object.is(v, b[i]));

describe.each(dtypes)("elementwise kernels, %s", (d) => {
  describe.each(operations)("$name", (o) => {
    it.each([0, 1, 2, 3, 4, 5, 7, 8, 17, 64, 101])("%i elements", (n) => {
      const x = inputs(o, n + 1, n, d);
      forward(o, d, x).forEach((v, i) => {
        const expected = o.f(x[i]);
        expect(Math.abs(v - expected)).toBeLessThanOrEqual(tolerance[d] * Math.abs(expected) + tolerance[d] * 0.1);
      });
    });

    it("an element's result does not depend on its place", () => {
      const x = inputs(o, 5, 23, d);
      const dy = normals(generator(6), 23, d);
      const y = forward(o, d, x);
      const alone = x.map((v) => forward(o, d, [v])[0]);
      expect(same(y, alone)).toBe(true);
      // Negative control: the comparison sees one changed bit.
      expect(same(y, [...alone.slice(0, -1), alone[22] + 1])).toBe(false);
      for (const shift of [1, 2, 3]) expect(same(forward(o, d, x.slice(shift)), y.slice(shift))).toBe(true);
      if (o.grad === undefined) return;
      const dx = backward(o, d, dy, x, y);
      expect(
        same(
          dx,
          x.flatMap((v, i) => backward(o, d, [dy[i]], [v], [y[i]])),
        ),
      ).toBe(true);
    });
  });

  it.each(operations.filter((o) => o.grad !== undefined))("the gradient of $name", (o) => {
    const n = 93;
    // Kinks lie at 0 and at Clip's bounds; inputs stay clear of them.
    const x = normals(generator(7), n, d).filter((v) => [0, -0.75, 1.25].every((k) => Math.abs(v - k) > 1e-3));
    const dy = normals(generator(8), x.length, d);
    const dx = backward(o, d, dy, x, forward(o, d, x));
    let wrong = 0;
    dx.forEach((v, i) => {
      const slope = (o.f(x[i] + 1e-5) - o.f(x[i] - 1e-5)) / 2e-5;
      const bound = (d === "f32" ? 2e-6 : 2e-9) * (1 + Math.abs(dy[i]));
      expect(Math.abs(v - dy[i] * slope)).toBeLessThanOrEqual(bound);
      // Negative control: the gradient of twice the function is not accepted.
      if (Math.abs(v - 2 * dy[i] * slope) > bound) wrong++;
    });
    expect(wrong).toBeGreaterThan(10);
  });

  it("at a kink: PyTorch's choice", () => {
    const at = (name: string, x: number) => {
      const o = operations.find((v) => v.name === name)!;
      return backward(o, d, [3], [x], [0])[0];
    };
    expect(at("Abs", 0)).toBe(0);
    expect(at("Relu", 0)).toBe(0);
    expect(at("LeakyRelu", 0)).toBe(round(d, 3 * round(d, 0.01)));
    expect(at("Clip", -0.75)).toBe(3);
    expect(at("Clip", 1.25)).toBe(3);
    expect(at("Clip", 1.3)).toBe(0);
  });

  it("NaN goes through the piecewise functions", () => {
    for (const name of ["Relu", "Elu", "LeakyRelu", "Clip", "Abs"]) {
      const o = operations.find((v) => v.name === name)!;
      expect(forward(o, d, [Number.NaN, 1])[0]).toBeNaN();
    }
  });
});
