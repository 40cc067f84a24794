import { describe, expect, it } from "vitest";
import { cumulative } from "../../test/support/gaussian.ts";
import { type Dtype, dtypes, generator, KernelBench, round, unit } from "../../test/support/kernels.ts";
import * as math from "../math/index.ts";
import { Op } from "./opcodes.ts";

const bench = new KernelBench();

function apply(op: Op, d: Dtype, values: ArrayLike<number>): number[] {
  bench.clear();
  const out = bench.buffer(d, values.length);
  bench.call(op, d, bench.buffer(d, values), out, values.length);
  return bench.read(out);
}

/**
 * The reference, the ranges, and the largest error allowed in units in the last place: float32, float64. In float64 the
 * references have errors of their own: half a unit, Φ up to 30 where its series cancels.
 */
const functions: [string, Op, (x: number) => number, [number, number][], number, number][] = [
  [
    "exp",
    Op.Exp,
    math.exp,
    [
      [-104, 88.7],
      [-1, 1],
      [-1e-4, 1e-4],
    ],
    1,
    1,
  ],
  [
    "expm1",
    Op.Expm1,
    math.expm1,
    [
      [-18, 88.7],
      [-1, 1],
      [-1e-3, 1e-3],
      [-1e-36, 1e-36],
    ],
    1.7,
    2,
  ],
  [
    "log",
    Op.Log,
    math.log,
    [
      [0, 1e-38],
      [0, 2],
      [0.5, 1.5],
      [0, 1e30],
    ],
    0.9,
    0,
  ],
  [
    "log1p",
    Op.Log1p,
    math.log1p,
    [
      [-1, 1],
      [-1e-3, 1e-3],
      [0, 1e10],
      [-1e-36, 1e-36],
    ],
    0.9,
    1,
  ],
  [
    "sin",
    Op.Sin,
    math.sin,
    [
      [-4, 4],
      [-1e3, 1e3],
      [-2e6, 2e6],
      [-1e15, 1e15],
      [-1e-36, 1e-36],
    ],
    0.51,
    2,
  ],
  [
    "cos",
    Op.Cos,
    math.cos,
    [
      [-4, 4],
      [-1e3, 1e3],
      [-2e6, 2e6],
      [-1e15, 1e15],
    ],
    0.51,
    2,
  ],
  [
    "tanh",
    Op.Tanh,
    math.tanh,
    [
      [-1, 1],
      [-9, 9],
      [-1e-2, 1e-2],
      [-100, 100],
    ],
    3.9,
    2,
  ],
  [
    "atanh",
    Op.Atanh,
    math.atanh,
    [
      [-1, 1],
      [-1e-2, 1e-2],
    ],
    2,
    2,
  ],
  [
    "sigmoid",
    Op.Sigmoid,
    math.sigmoid,
    [
      [-103, 100],
      [-5, 5],
    ],
    2.3,
    3,
  ],
  [
    "softplus",
    Op.Softplus,
    math.softplus,
    [
      [-103, 100],
      [-5, 5],
    ],
    1.7,
    2,
  ],
  [
    "silu",
    Op.Silu,
    (x) => x * math.sigmoid(x),
    [
      [-80, 80],
      [-5, 5],
    ],
    3.2,
    4,
  ],
  [
    "gelu",
    Op.Gelu,
    (x) => x * cumulative(x),
    [
      [-12, 12],
      [-3, 3],
      [-1e-3, 1e-3],
    ],
    0.51,
    40,
  ],
];

describe.each(dtypes)("accuracy of the functions, %s", (d) => {
  it.each(functions)("%s", (_, op, reference, ranges, single, double) => {
    const next = generator(31);
    const bound = d === "f32" ? single : double;
    let worst = 0;
    for (const [low, high] of ranges) {
      const values = Array.from({ length: 20_011 }, () => round(d, low + (high - low) * next()));
      apply(op, d, values).forEach((v, i) => {
        const expected = reference(values[i]);
        if (Object.is(v, expected)) return;
        const error = Math.abs(v - expected) / unit(d, expected);
        if (!(error <= worst)) worst = error;
      });
    }
    expect(worst).toBeLessThanOrEqual(bound);
    // Negative control: float32 cannot be exact, so a measure that sees no error sees nothing.
    if (d === "f32") expect(worst).toBeGreaterThan(0.4);
  });
});

const tiny = { f32: 2 ** -149, f64: 5e-324 };
const largest = { f32: 3.4028234663852886e38, f64: Number.MAX_VALUE };
const { POSITIVE_INFINITY: inf, NEGATIVE_INFINITY: minus, NaN: nan } = Number;

describe.each(dtypes)("special values, %s", (d) => {
  it.each([
    ["exp", Op.Exp, [0, -0, inf, minus, largest[d], -largest[d], tiny[d]], [1, 1, inf, 0, inf, 0, 1]],
    ["expm1", Op.Expm1, [0, -0, inf, minus, -largest[d], tiny[d]], [0, -0, inf, -1, -1, tiny[d]]],
    ["log", Op.Log, [0, -0, inf, minus, -1, 1], [minus, minus, inf, nan, nan, 0]],
    ["log1p", Op.Log1p, [0, -0, inf, minus, -1, -2, tiny[d]], [0, -0, inf, nan, minus, nan, tiny[d]]],
    ["sin", Op.Sin, [0, -0, inf, minus, tiny[d]], [0, -0, nan, nan, tiny[d]]],
    ["cos", Op.Cos, [0, -0, inf, minus, tiny[d]], [1, 1, nan, nan, 1]],
    ["tanh", Op.Tanh, [0, -0, inf, minus, largest[d], -largest[d], 30, -30], [0, -0, 1, -1, 1, -1, 1, -1]],
    ["atanh", Op.Atanh, [0, -0, 1, -1, 2, -2, inf], [0, -0, inf, minus, nan, nan, nan]],
    ["sigmoid", Op.Sigmoid, [0, -0, inf, minus, largest[d], -largest[d]], [0.5, 0.5, 1, 0, 1, 0]],
    ["softplus", Op.Softplus, [inf, minus, largest[d], -largest[d]], [inf, 0, largest[d], 0]],
    ["silu", Op.Silu, [0, -0, inf, minus, largest[d], -largest[d]], [0, -0, inf, -0, largest[d], -0]],
    ["gelu", Op.Gelu, [0, -0, inf, minus, largest[d], -largest[d]], [0, -0, inf, -0, largest[d], -0]],
    ["relu", Op.Relu, [0, 3, -3, inf, minus], [0, 3, 0, inf, 0]],
    ["sign", Op.Sign, [0, -0, 3, -3, inf, minus, tiny[d]], [0, -0, 1, -1, 1, -1, 1]],
    ["floor", Op.Floor, [0, -0, 2.5, -2.5, inf, minus, tiny[d], -tiny[d]], [0, -0, 2, -3, inf, minus, 0, -1]],
    ["sqrt", Op.Sqrt, [0, -0, inf, -1, 4], [0, -0, inf, nan, 2]],
  ] as [string, Op, number[], number[]][])("%s", (_, op, values, expected) => {
    expect(apply(op, d, [...values, nan])).toEqual([...expected, nan]);
  });

  it("tanh and sigmoid reach 1 and never exceed it", () => {
    const values = Array.from({ length: 60_000 }, (_, i) => round(d, 4 + i / 1500));
    expect(Math.max(...apply(Op.Tanh, d, values))).toBe(1);
    expect(Math.max(...apply(Op.Sigmoid, d, values))).toBe(1);
  });
});
