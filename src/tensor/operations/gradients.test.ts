import { describe, expect, it } from "vitest";
import {
  checkCase,
  checkTangents,
  distinct,
  type GradientCase,
  grid,
  indices,
  uniform,
} from "../../../test/support/gradients.ts";
import { type Tensor, tensor } from "../index.ts";
import * as operations from "./index.ts";

const o = operations;

/** One operand, any shape, values from `low` to `high`. */
const unary =
  (fn: (x: Tensor) => Tensor, low = -2, high = 2): GradientCase =>
  ({ shape, random }) => ({ fn, inputs: [uniform(random, shape(0, 3), low, high)] });

/** One operand with kinks at multiples of 0.1. */
const kinked =
  (fn: (x: Tensor) => Tensor): GradientCase =>
  ({ shape, random }) => ({ fn, inputs: [grid(random, shape(0, 3))] });

/** Two operands that broadcast; the second between `low` and `high`. */
const binary =
  (fn: (a: Tensor, b: Tensor) => Tensor, low = -2, high = 2): GradientCase =>
  ({ broadcastable, random }) => {
    const [a, b] = broadcastable();
    return { fn: fn as (...inputs: Tensor[]) => Tensor, inputs: [uniform(random, a!), uniform(random, b!, low, high)] };
  };

/** Two operands that broadcast and are nowhere equal. */
const ordered =
  (fn: (a: Tensor, b: Tensor) => Tensor): GradientCase =>
  ({ broadcastable, random }) => {
    const [a, b] = broadcastable();
    return { fn: fn as (...inputs: Tensor[]) => Tensor, inputs: [grid(random, a!, 0), grid(random, b!, 0.05)] };
  };

/** One operand of at least one axis. */
const rows =
  (fn: (x: Tensor) => Tensor): GradientCase =>
  ({ shape, random }) => ({ fn, inputs: [uniform(random, shape(1, 3))] });

const loss =
  (fn: (a: Tensor, b: Tensor) => Tensor): GradientCase =>
  ({ shape, random }) => {
    const s = shape(1, 3);
    return { fn: fn as (...inputs: Tensor[]) => Tensor, inputs: [grid(random, s, 0), grid(random, s, 0.05)] };
  };

const matmulCase =
  (transposeA: boolean, transposeB: boolean): GradientCase =>
  ({ integer, random }) => {
    const [m, n, k] = [integer(1, 6), integer(1, 6), integer(1, 6)];
    return {
      fn: (a, b) => o.matmul(a!, b!, { transposeA, transposeB }),
      inputs: [uniform(random, transposeA ? [k, m] : [m, k]), uniform(random, transposeB ? [n, k] : [k, n])],
    };
  };

type Exported = keyof typeof operations;
const table: Record<string, GradientCase> = {
  add: binary(o.add),
  "add, a number": unary((x) => o.add(2, o.add(x, 3))),
  "add, the same tensor twice": unary((x) => o.add(x, x)),
  sub: binary(o.sub),
  "sub, a number": unary((x) => o.sub(2, o.sub(x, 3))),
  mul: binary(o.mul),
  "mul, a number": unary((x) => o.mul(2, o.mul(x, 3))),
  "mul, the same tensor twice": unary((x) => o.mul(x, x)),
  div: binary(o.div, 0.5, 2),
  "div, a number": unary((x) => o.div(o.div(1, x), 3), 0.5, 2),
  minimum: ordered(o.minimum),
  "minimum, a number": kinked((x) => o.minimum(x, 0.3)),
  maximum: ordered(o.maximum),
  "maximum, a number": kinked((x) => o.maximum(0.3, x)),

  affine: unary((x) => o.affine(x, -1.5, 0.25)),
  neg: unary(o.neg),
  abs: kinked(o.abs),
  square: unary(o.square),
  sqrt: unary(o.sqrt, 0.25, 4),
  reciprocal: unary(o.reciprocal, 0.5, 3),
  pow: unary((x) => o.pow(x, 2.5), 0.25, 3),
  "pow, a whole exponent": unary((x) => o.pow(x, 3)),
  exp: unary(o.exp),
  expm1: unary(o.expm1),
  log: unary(o.log, 0.25, 4),
  log1p: unary(o.log1p, -0.5, 4),
  sin: unary(o.sin, -7, 7),
  cos: unary(o.cos, -7, 7),
  tanh: unary(o.tanh),
  atanh: unary(o.atanh, -0.8, 0.8),
  sigmoid: unary(o.sigmoid),
  softplus: unary(o.softplus, -30, 30),
  relu: kinked(o.relu),
  leakyRelu: kinked((x) => o.leakyRelu(x, 0.2)),
  elu: kinked((x) => o.elu(x, 1.3)),
  gelu: unary(o.gelu, -4, 4),
  silu: unary(o.silu, -4, 4),
  clip: kinked((x) => o.clip(x, -0.7, 1.1)),

  broadcastTo: ({ broadcastable, random, shape }) => {
    const [s] = broadcastable();
    const target = [...shape(0, 2), ...s!.map((d) => (d === 1 ? 3 : d))];
    return { fn: (x) => o.broadcastTo(x!, target), inputs: [uniform(random, s!)] };
  },
  sum: unary((x) => o.sum(x)),
  "sum over an axis": rows((x) => o.sum(x, 0)),
  "sum over axes": ({ shape, random, integer }) => {
    const s = shape(3, 3);
    const keep = integer(0, 1) === 1;
    return { fn: (x) => o.sum(x!, [0, -1], keep), inputs: [uniform(random, s)] };
  },
  mean: rows((x) => o.mean(x, -1, true)),
  logSoftmax: rows(o.logSoftmax),
  softmax: rows(o.softmax),
  logSumExp: rows(o.logSumExp),
  maxRows: ({ shape, random }) => ({ fn: (x) => o.maxRows(x!), inputs: [distinct(random, shape(1, 3))] }),
  pick: ({ shape, random, integer }) => {
    const outer = shape(0, 2);
    const n = integer(1, 5);
    const index = indices(random, outer, n);
    return { fn: (x) => o.pick(x!, index), inputs: [uniform(random, [...outer, n])] };
  },
  dotRows: ({ shape, random }) => {
    const s = shape(1, 3);
    return { fn: (a, b) => o.dotRows(a!, b!), inputs: [uniform(random, s), uniform(random, s)] };
  },
  maskFill: ({ shape, random }) => {
    const s = shape(0, 3);
    const mask = tensor(indices(random, s, 2).toArray(), s, "uint8");
    return { fn: (x) => o.maskFill(x!, mask, -5), inputs: [uniform(random, s)] };
  },

  reshape: rows((x) => o.reshape(x, [-1, 1])),
  transpose: rows(o.transpose),
  "transpose, any order": ({ shape, random }) => {
    const s = shape(1, 4);
    const order = [...random.permutation(new Int32Array(s.length))];
    return { fn: (x) => o.transpose(x!, order), inputs: [uniform(random, s)] };
  },
  slice: ({ shape, random, integer }) => {
    const s = shape(1, 3);
    const axis = integer(0, s.length - 1);
    const start = integer(0, s[axis]!);
    const end = integer(start, s[axis]!);
    return { fn: (x) => o.slice(x!, axis, start, end), inputs: [uniform(random, s)] };
  },
  concat: ({ shape, random, integer }) => {
    const s = shape(1, 3);
    const axis = integer(0, s.length - 1);
    const inputs = [1, 3, 2].map((d) => uniform(random, s.with(axis, d)));
    return { fn: (...parts) => o.concat(parts, axis), inputs };
  },
  stack: ({ shape, random, integer }) => {
    const s = shape(0, 3);
    const axis = integer(0, s.length);
    return { fn: (...parts) => o.stack(parts, axis), inputs: [uniform(random, s), uniform(random, s)] };
  },
  cast: rows((x) => o.cast(o.cast(x, "float64"), "float64")),

  matmul: matmulCase(false, false),
  "matmul, left transposed": matmulCase(true, false),
  "matmul, right transposed": matmulCase(false, true),
  "matmul, both transposed": matmulCase(true, true),
  linear: ({ shape, random, integer }) => {
    const [inputs, outputs] = [integer(1, 5), integer(1, 5)];
    const x = uniform(random, [...shape(0, 3), inputs]);
    return { fn: o.linear as never, inputs: [x, uniform(random, [outputs, inputs]), uniform(random, [outputs])] };
  },
  sparseLinear: ({ shape, random, integer }) => {
    const [inputs, outputs] = [integer(1, 5), integer(1, 5)];
    const x = uniform(random, [...shape(1, 2), inputs]);
    return { fn: o.sparseLinear as never, inputs: [x, uniform(random, [inputs, outputs]), uniform(random, [outputs])] };
  },
  "linear without bias": ({ random, integer }) => {
    const [n, inputs, outputs] = [integer(1, 5), integer(1, 5), integer(1, 5)];
    return {
      fn: (x, w) => o.linear(x!, w!),
      inputs: [uniform(random, [n, inputs]), uniform(random, [outputs, inputs])],
    };
  },
  conv2d: ({ random, integer }) => {
    const [n, c, out] = [integer(1, 3), integer(1, 3), integer(1, 3)];
    const [kh, kw] = [integer(1, 3), integer(1, 3)];
    const [strideH, strideW, padH, padW] = [integer(1, 2), integer(1, 3), integer(0, 2), integer(0, 1)];
    const [h, w] = [integer(kh, kh + 3), integer(kw, kw + 3)];
    return {
      fn: (x, weight, bias) => o.conv2d(x!, weight!, bias, { stride: [strideH, strideW], padding: [padH, padW] }),
      inputs: [uniform(random, [n, c, h, w]), uniform(random, [out, c, kh, kw]), uniform(random, [out])],
    };
  },
  tentPool: ({ random, integer }) => {
    const [side, down, across, images] = [integer(1, 4), integer(1, 3), integer(1, 4), integer(1, 3)];
    return {
      fn: (x) => o.tentPool(x!, [side * down, side * across], side),
      inputs: [uniform(random, [images, 2 * side * down * side * across])],
    };
  },
  "conv2d without bias": ({ random, integer }) => ({
    fn: (x, weight) => o.conv2d(x!, weight!, undefined, { stride: 2, padding: 1 }),
    inputs: [uniform(random, [integer(1, 2), 2, 5, 4]), uniform(random, [integer(1, 3), 2, 3, 2])],
  }),
  "conv2d of one image with one position": ({ random, integer }) => {
    const [c, out, size] = [integer(1, 3), integer(1, 3), integer(1, 3)];
    const inputs = [uniform(random, [1, c, size, size]), uniform(random, [out, c, size, size]), uniform(random, [out])];
    return { fn: (x, weight, bias) => o.conv2d(x!, weight!, bias), inputs };
  },
  layerNorm: ({ shape, random, integer }) => {
    const cols = integer(2, 6);
    const inputs = [uniform(random, [...shape(0, 2), cols]), uniform(random, [cols]), uniform(random, [cols])];
    return { fn: (x, gain, bias) => o.layerNorm(x!, gain!, bias!, 0.1), inputs };
  },
  embedding: ({ shape, random, integer }) => {
    const [entries, features] = [integer(1, 4), integer(1, 4)];
    const index = indices(random, shape(0, 3), entries);
    return { fn: (table) => o.embedding(table!, index), inputs: [uniform(random, [entries, features])] };
  },
  lstmCell: ({ random, integer }) => {
    const [n, h] = [integer(1, 4), integer(1, 5)];
    return {
      fn: (gates, c0) => {
        const { h: h1, c: c1 } = o.lstmCell(gates!, c0!);
        return o.concat([h1, c1], 1);
      },
      inputs: [uniform(random, [n, 4 * h]), uniform(random, [n, h])],
    };
  },
  "lstmCell, output alone": ({ random, integer }) => {
    const [n, h] = [integer(1, 4), integer(1, 5)];
    const inputs = [uniform(random, [n, 4 * h]), uniform(random, [n, h])];
    return { fn: (gates, c0) => o.lstmCell(gates!, c0!).h, inputs };
  },
  "lstmCell, state alone": ({ random, integer }) => {
    const [n, h] = [integer(1, 4), integer(1, 5)];
    const inputs = [uniform(random, [n, 4 * h]), uniform(random, [n, h])];
    return { fn: (gates, c0) => o.lstmCell(gates!, c0!).c, inputs };
  },
  gruCell: ({ random, integer }) => {
    const [n, h] = [integer(1, 4), integer(1, 5)];
    const inputs = [uniform(random, [n, 3 * h]), uniform(random, [n, 3 * h]), uniform(random, [n, h])];
    return { fn: o.gruCell as never, inputs };
  },

  mseLoss: loss((a, b) => o.mseLoss(a, b)),
  "mseLoss per sample": loss((a, b) => o.mseLoss(a, b, "none")),
  l1Loss: loss((a, b) => o.l1Loss(a, b)),
  "l1Loss per sample": loss((a, b) => o.l1Loss(a, b, "none")),
  huberLoss: loss((a, b) => o.huberLoss(a, b, { delta: 0.7 })),
  "huberLoss per sample": loss((a, b) => o.huberLoss(a, b, { reduction: "none" })),
  crossEntropyLoss: ({ shape, random, integer }) => {
    const outer = shape(1, 2);
    const n = integer(1, 5);
    const index = indices(random, outer, n);
    return { fn: (x) => o.crossEntropyLoss(x!, index), inputs: [uniform(random, [...outer, n])] };
  },
};

describe("gradients by backpropagation equal differences", () => {
  for (const [name, make] of Object.entries(table)) {
    it(name, () => checkCase(make));
  }

  it("for every exported operation", () => {
    const without: Exported[] = [
      "argMax",
      "assign",
      "equal",
      "gatherRows",
      "greater",
      "greaterEqual",
      "less",
      "lessEqual",
      "moveTowards",
      "sign",
      "floor",
    ];
    const random = Object.keys(operations).filter((name) => name.startsWith("random"));
    const tested = Object.keys(table).map((name) => name.split(/[ ,]/)[0]!);
    expect([...new Set([...tested, ...without, ...random])].sort()).toEqual(Object.keys(operations).sort());
  });
});

describe("tangents pushed forward are the transpose of gradients pulled back", () => {
  for (const [name, make] of Object.entries(table)) {
    const recurrent = name.startsWith("lstmCell") || name.startsWith("gruCell");
    if (recurrent)
      it(`${name} has none, and says so`, () => expect(() => checkTangents(make)).toThrow(/no tangent rule/));
    else it(name, () => checkTangents(make));
  }
});
