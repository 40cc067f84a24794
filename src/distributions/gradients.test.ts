import { describe, expect, it } from "vitest";
import { Key } from "../random/index.ts";
import {
  affine,
  assertGradients,
  atanh,
  backward,
  gradcheck,
  noGrad,
  parameter,
  randomNormal,
  randomStream,
  type Shape,
  step,
  sum,
  type Tensor,
  tanh,
  tensor,
} from "../tensor/index.ts";
import { Bernoulli } from "./bernoulli.ts";
import { Categorical } from "./categorical.ts";
import { DiagonalGaussian } from "./diagonal-gaussian.ts";
import { MultiCategorical } from "./multi-categorical.ts";
import { SquashedGaussian } from "./squashed-gaussian.ts";
import { StateDependentGaussian } from "./state-dependent-gaussian.ts";

const key = Key.fromSeed(9);
const [N, A, L] = [4, 3, 5];
const random = (name: string, shape: Shape) => randomNormal(randomStream(key.split(name)), shape, { dtype: "float64" });
const integers = (values: number[], shape: Shape) => tensor(values, shape, "int32");
/** The same noise at every call, as the differences of the check need. */
const stream = () => randomStream(key.split("noise"));

describe("gradient checks", () => {
  it("categorical, with and without mask", () => {
    const p = random("p", [N, A]);
    const q = random("q", [N, A]);
    const actions = integers([0, 2, 1, 2], [N]);
    const mask = tensor([1, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1], [N, A], "uint8");
    for (const m of [undefined, mask]) {
      assertGradients((x) => new Categorical(x, m).logProb(actions), [p]);
      assertGradients((x) => new Categorical(x, m).entropy(), [p]);
      assertGradients((x, y) => new Categorical(x, m).kl(new Categorical(y, m)), [p, q]);
    }
  });

  it("multi-categorical and Bernoulli", () => {
    const p = random("p", [N, 5]);
    const q = random("q", [N, 5]);
    const choices = (x: Tensor) => new MultiCategorical(x, [2, 3]);
    assertGradients((x) => choices(x).logProb(integers([0, 2, 1, 1, 1, 0, 0, 1], [N, 2])), [p]);
    assertGradients((x) => choices(x).entropy(), [p]);
    assertGradients((x, y) => choices(x).kl(choices(y)), [p, q]);
    const bits = integers([0, 1, 1, 0, 1, 1, 1, 0, 0, 1, 0, 1, 0, 1, 1, 1, 0, 0, 1, 0], [N, 5]);
    assertGradients((x) => new Bernoulli(x).logProb(bits), [p]);
    assertGradients((x) => new Bernoulli(x).entropy(), [p]);
    assertGradients((x, y) => new Bernoulli(x).kl(new Bernoulli(y)), [p, q]);
  });

  it.each([[[A]], [[N, A]]])("Gaussian and squashed Gaussian, log std %s", (shape) => {
    const mean = random("mean", [N, A]);
    const logStd = affine(random("logStd", shape), 0.5, 0);
    const gaussian = (m: Tensor, l: Tensor) => new DiagonalGaussian(m, l);
    const actions = random("actions", [N, A]);
    assertGradients((m, l, a) => gaussian(m, l).logProb(a), [mean, logStd, actions]);
    assertGradients((m, l) => gaussian(m, l).entropy(), [mean, logStd]);
    const other = [random("mean'", [N, A]), affine(random("logStd'", shape), 0.5, 0)];
    assertGradients((m, l, m2, l2) => gaussian(m, l).kl(gaussian(m2, l2)), [mean, logStd, ...other]);
    assertGradients((m, l) => gaussian(m, l).sample(stream()), [mean, logStd]);
    const squashed = (m: Tensor, l: Tensor) => new SquashedGaussian(gaussian(m, l));
    const inside = affine(tanh(actions), 0.9, 0);
    assertGradients((m, l, a) => squashed(m, l).logProb(a), [mean, logStd, inside]);
    assertGradients((m, l) => squashed(m, l).sample(stream()), [mean, logStd]);
    assertGradients((m, l) => squashed(m, l).sampleWithLogProb(stream()).logProb, [mean, logStd]);
    assertGradients((m, l) => squashed(m, l).sampleWithLogProb(stream()).action, [mean, logStd]);
  });

  it.each([false, true])("state-dependent exploration, expln %s", (useExpln) => {
    const inputs = [random("mean", [N, A]), affine(random("logStd", [L, A]), 0.5, 0), random("features", [N, L])];
    const options = { useExpln, learnFeatures: true };
    const matrices = [random("shared", [L, A]), random("own", [N, L, A])];
    const actions = random("actions", [N, A]);
    assertGradients((m, l, f) => new StateDependentGaussian(m, l, f, undefined, options).logProb(actions), inputs);
    assertGradients((m, l, f) => new StateDependentGaussian(m, l, f, undefined, options).entropy(), inputs);
    for (const matrix of matrices) {
      assertGradients((m, l, f) => new StateDependentGaussian(m, l, f, matrix, options).sample(), inputs);
    }
  });

  it("would notice a log-probability that forgets where its sample came from", () => {
    const inputs = [random("mean", [N, A]), random("logStd", [A])];
    const detached = (m: Tensor, l: Tensor) => {
      const squashed = new SquashedGaussian(new DiagonalGaussian(m, l));
      const action = noGrad(() => squashed.sample(stream()));
      return squashed.squash(atanh(action)).logProb;
    };
    expect(gradcheck(detached, inputs).ok).toBe(false);
  });
});

it("the gradient of a categorical log-probability does not depend on who looked before, without gradients", () => {
  const gradient = (looksFirst: boolean) =>
    step(() => {
      const logits = parameter([
        [0.1, -0.4, 1],
        [2, 0, -1],
      ]);
      const policy = new Categorical(logits);
      if (looksFirst) noGrad(() => policy.entropy());
      return backward(sum(policy.logProb(tensor([2, 0], [2], "int32")))).of(logits);
    });
  expect([...gradient(true).data]).toEqual([...gradient(false).data]);
  expect(gradient(true).data.some((entry) => entry !== 0)).toBe(true);
});
