import { describe, expect, it } from "vitest";
import { uniform } from "../../test/support/gradients.ts";
import { expectClose } from "../../test/support/transitions.ts";
import { Key } from "../random/index.ts";
import { backward, exp, noGrad, slice, step, sum, type Tensor, tensor } from "../tensor/index.ts";
import { Bernoulli } from "./bernoulli.ts";
import { Categorical } from "./categorical.ts";
import { DiagonalGaussian } from "./diagonal-gaussian.ts";
import type { Distribution } from "./distribution.ts";
import { MultiCategorical } from "./multi-categorical.ts";
import { SquashedGaussian } from "./squashed-gaussian.ts";
import { StateDependentGaussian } from "./state-dependent-gaussian.ts";

const ROWS = 3;
const random = Key.fromSeed(11).stream();

interface Kind {
  /** P: coordinates of one row. */
  readonly width: number;
  /** From coordinates `[N, P]`. */
  readonly make: (x: Tensor) => Distribution;
  /** Every action there is. */
  readonly actions?: readonly (readonly number[])[];
}

const mask = tensor([1, 0, 1, 1, 1, 1, 0, 1, 0, 1, 1, 1], [ROWS, 4], "uint8");
const four = [[0], [1], [2], [3]];
const pairs = (m: number, n: number) => Array.from({ length: m * n }, (_, i) => [Math.floor(i / n), i % n]);
const gaussian = (x: Tensor) => new DiagonalGaussian(slice(x, 1, 0, 2), slice(x, 1, 2, 4));
const kinds: Record<string, Kind> = {
  categorical: { width: 4, make: (x) => new Categorical(x), actions: four },
  "masked categorical": { width: 4, make: (x) => new Categorical(x, mask), actions: four },
  Bernoulli: { width: 2, make: (x) => new Bernoulli(x), actions: pairs(2, 2) },
  "multi-categorical": { width: 5, make: (x) => new MultiCategorical(x, [2, 3]), actions: pairs(2, 3) },
  Gaussian: { width: 4, make: gaussian },
};

function leaf(values: Float64Array, width: number): Tensor {
  const x = tensor(values, [ROWS, width], "float64");
  x.requiresGrad = true;
  return x;
}

const draw = (width: number) => {
  const values = new Float64Array(ROWS * width);
  random.fillUniform(values, -1.5, 1.5);
  return values;
};

/** Σ_a p(a) (∇log p(a) · direction) ∇log p(a), over all actions of every row. */
function byEnumeration(
  { width, make }: Kind,
  actions: readonly (readonly number[])[],
  at: Float64Array,
  direction: Float64Array,
): Float64Array {
  const total = new Float64Array(ROWS * width);
  for (const action of actions) {
    step(() => {
      const x = leaf(at, width);
      const repeated = Array.from({ length: ROWS }, () => action).flat();
      const logProb = make(x).logProb(tensor(repeated, action.length === 1 ? [ROWS] : [ROWS, action.length], "int32"));
      const probabilities = noGrad(() => exp(logProb).toArray());
      const gradient = backward(sum(logProb)).of(x).toArray();
      for (let row = 0; row < ROWS; row++) {
        let along = 0;
        for (let i = row * width; i < (row + 1) * width; i++) along += gradient[i]! * direction[i]!;
        for (let i = row * width; i < (row + 1) * width; i++) total[i]! += probabilities[row]! * along * gradient[i]!;
      }
    });
  }
  return total;
}

/** How the gradient of KL(p ‖ q) with respect to q begins to change when q leaves p along `direction`. */
function byCurvature({ width, make }: Kind, at: Float64Array, direction: Float64Array): Float64Array {
  const gradientAt = (eps: number) =>
    step(() => {
      const q = leaf(
        at.map((value, i) => value + eps * direction[i]!),
        width,
      );
      const p = noGrad(() => make(tensor(at, [ROWS, width], "float64")));
      return backward(sum(p.kl(make(q))))
        .of(q)
        .toArray();
    });
  const [up, down] = [gradientAt(1e-5), gradientAt(-1e-5)];
  return Float64Array.from(up, (value, i) => (value - down[i]!) / 2e-5);
}

describe.each(Object.entries(kinds))("the Fisher information of a %s distribution", (_name, kind) => {
  const at = draw(kind.width);
  const direction = draw(kind.width);
  const found = step(() =>
    kind.make(tensor(at, [ROWS, kind.width], "float64")).fisher(tensor(direction, [ROWS, kind.width], "float64")),
  ).toArray();

  it("is the curvature of the KL divergence", () => expectClose(found, byCurvature(kind, at, direction), 1e-8));

  const { actions } = kind;
  if (actions) {
    it("is the mean of ∇log p ∇log pᵀ over all actions", () => {
      expectClose(found, byEnumeration(kind, actions, at, direction), 1e-14);
    });
  }

  it("would not be that with another matrix", () => {
    const wrong = found.map((value, i) => value + 0.01 * direction[i]!);
    expect(() => expectClose(wrong, byCurvature(kind, at, direction), 1e-8)).toThrow();
  });
});

describe("Gaussians that are made of another", () => {
  const direction = uniform(random, [ROWS, 4]);
  const [mean, logStd] = [uniform(random, [ROWS, 2]), uniform(random, [ROWS, 2])];

  it("have its Fisher information after squashing", () => {
    const inner = new DiagonalGaussian(mean, logStd);
    const squashed = new SquashedGaussian(inner);
    expect(squashed.fisher(direction).toArray()).toEqual(inner.fisher(direction).toArray());
    expect(squashed.coordinates.toArray()).toEqual(inner.coordinates.toArray());
  });

  it("have that of the marginal where noise depends on the state", () => {
    const sde = new StateDependentGaussian(mean, uniform(random, [2, 2]), logStd);
    expect(sde.fisher(direction).toArray()).toEqual(sde.marginal.fisher(direction).toArray());
    expect(sde.coordinates.toArray()).toEqual(sde.marginal.coordinates.toArray());
  });
});
