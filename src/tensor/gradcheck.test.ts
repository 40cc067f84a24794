import { describe, expect, it } from "vitest";
import { checkCase, uniform } from "../../test/support/gradients.ts";
import { RunError, ShapeError } from "../errors.ts";
import { Key } from "../random/index.ts";
import { assertGradients, gradcheck } from "./gradcheck.ts";
import { type Tensor, tensor } from "./index.ts";
import { product } from "./operations/gemm.ts";
import { add, affine, exp, mul, neg, slice, square, sum, transpose } from "./operations/index.ts";
import { sumTo } from "./operations/reduce.ts";
import { differentiable, type GradientRule, noGrad } from "./tape.ts";

/** The values of `forward` with gradient rules of our own, right or wrong. */
function custom(forward: () => Tensor, ...edges: (readonly [Tensor, GradientRule])[]): Tensor {
  return differentiable(noGrad(forward), edges);
}

type Case = (a: Tensor, b: Tensor) => Tensor;
const addRule =
  (rule: GradientRule): Case =>
  (a, b) =>
    custom(() => add(a, b), [a, (d) => d], [b, rule]);
const productRule =
  (rule: (a: Tensor, b: Tensor, d: Tensor) => Tensor): Case =>
  (a, b) =>
    custom(() => product(a, b, {}), [a, (d) => rule(a, b, d)], [b, (d) => product(a, d, { transposeA: true })]);

/** a is [3, 3], b is [3]. */
const rows: Record<string, { right: Case; wrong: Case }> = {
  "wrong sign": {
    right: (a) => custom(() => exp(a), [a, (d) => mul(d, exp(a))]),
    wrong: (a) => custom(() => exp(a), [a, (d) => neg(mul(d, exp(a)))]),
  },
  "missing factor": {
    right: (a) => custom(() => square(a), [a, (d) => mul(d, affine(a, 2, 0))]),
    wrong: (a) => custom(() => square(a), [a, (d) => mul(d, a)]),
  },
  "a factor wrong in the fifth digit": {
    right: (a) => custom(() => square(a), [a, (d) => mul(d, affine(a, 2, 0))]),
    wrong: (a) => custom(() => square(a), [a, (d) => mul(d, affine(a, 2 + 3e-5, 0))]),
  },
  "broadcast axis not summed": {
    right: addRule((d) => sumTo(d, [3])),
    wrong: addRule((d) => sumTo(slice(d, 0, 0, 1), [3])),
  },
  "broadcast axis left in the gradient": {
    right: addRule((d) => sumTo(d, [3])),
    wrong: addRule((d) => d),
  },
  "transpose forgotten": {
    right: productRule((_a, b, d) => product(d, b, { transposeB: true })),
    wrong: productRule((_a, b, d) => product(d, b, {})),
  },
  "operands exchanged": {
    right: productRule((_a, b, d) => product(d, b, { transposeB: true })),
    wrong: productRule((a, _b, d) => product(d, a, { transposeB: true })),
  },
  "dependence forgotten": {
    right: (a) => mul(a, a),
    wrong: (a) =>
      mul(
        a,
        noGrad(() => affine(a, 1, 0)),
      ),
  },
};

describe("gradcheck", () => {
  const inputs = (name: string) => {
    const random = Key.fromSeed(3).split(name).stream();
    const square = name === "transpose forgotten" || name === "operands exchanged";
    return [uniform(random, [3, 3]), uniform(random, square ? [3, 3] : [3])] as const;
  };
  for (const [name, { right, wrong }] of Object.entries(rows)) {
    it(`catches: ${name}`, () => {
      const [a, b] = inputs(name);
      expect(gradcheck(() => right(a, b), [a, b])).toMatchObject({ ok: true });
      const { ok, maxError, worst } = gradcheck(() => wrong(a, b), [a, b]);
      expect(ok).toBe(false);
      expect(maxError).toBeGreaterThan(2);
      expect(worst).toBeDefined();
    });
  }

  it("finds the element that is wrong", () => {
    const x = tensor([1, 2, 3, 4], [4], "float64");
    const wrongAt2 = () =>
      custom(() => square(x), [x, (d) => mul(d, add(affine(x, 2, 0), tensor([0, 0, 1, 0], [4], "float64")))]);
    const { worst } = gradcheck(wrongAt2, [x]);
    expect(worst).toMatchObject({ input: 0, index: 2 });
    expect(worst!.analytic / worst!.numeric).toBeCloseTo(7 / 6, 6);
  });

  it("leaves inputs as they were", () => {
    const x = tensor([0.1, 0.2], [2], "float64");
    gradcheck(exp, [x]);
    expect([...x.toArray()]).toEqual([0.1, 0.2]);
    expect(x.requiresGrad).toBe(false);
    const broken = () => {
      throw new Error("broken");
    };
    expect(() => gradcheck(broken, [x])).toThrow("broken");
    expect(x.requiresGrad).toBe(false);
  });

  it("checks tensors that fn reads by itself, and hidden ones", () => {
    const x = tensor([[0.5, -1]], undefined, "float64");
    const w = tensor([[1, 2]], undefined, "float64");
    expect(gradcheck(() => sum(mul(w, exp(mul(x, w)))), [w]).ok).toBe(true);
  });

  it("reports a derivative that is not a number", () => {
    const x = tensor([0.5, Number.NaN], [2], "float64");
    expect(gradcheck(exp, [x])).toMatchObject({ ok: false, maxError: Number.POSITIVE_INFINITY });
  });

  it("has nothing to say of empty inputs", () => {
    expect(gradcheck(() => tensor([1], [1], "float64"), [])).toEqual({ ok: true, maxError: 0, worst: undefined });
  });

  it("refuses float32 inputs and results", () => {
    const single = tensor([1, 2]);
    expect(() => gradcheck(exp, [single])).toThrow(ShapeError);
    expect(() => gradcheck(exp, [single])).toThrow(/input 0 must be float64/);
    const double = tensor([1], [1], "float64");
    expect(() => gradcheck(() => single, [double])).toThrow(/result must be float64/);
  });

  it("throws when asked to, naming input and element", () => {
    const x = tensor([1, 2], [2], "float64");
    expect(() => assertGradients(square, [x])).not.toThrow();
    expect(() => assertGradients(() => custom(() => square(x), [x, (d) => d]), [x])).toThrow(RunError);
    expect(() => assertGradients(() => custom(() => square(x), [x, (d) => d]), [x])).toThrow(
      /input 0 \[2\] .* element 1/,
    );
  });
});

describe("the table's harness", () => {
  it("fails with the shrunk shapes where a rule is wrong for some of them", () => {
    const forgetful = (x: Tensor) =>
      custom(() => transpose(x), [x, (d) => (x.shape[0] === x.shape[1] ? d : transpose(d))]);
    const make = ({ integer, random }: Parameters<Parameters<typeof checkCase>[0]>[0]) => ({
      fn: (x: Tensor) => forgetful(x),
      inputs: [uniform(random, [integer(1, 4), integer(1, 4)])],
    });
    expect(() => checkCase(make, { numRuns: 100 })).toThrow(/inputs \[(\d),\1\]/);
  });
});
