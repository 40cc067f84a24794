import { describe, expect, it } from "vitest";
import { Key } from "../random/index.ts";
import { backward, parameter, persistent, randomStream, step, sum, type Tensor, tensor } from "../tensor/index.ts";
import { resampleExploration, StateDependentGaussian } from "./state-dependent-gaussian.ts";

const mean = () => tensor([[0.5], [-1]], undefined, "float64");
const features = () =>
  tensor(
    [
      [1, -2, 0.5],
      [0.25, 0, 3],
    ],
    undefined,
    "float64",
  );
const logStd = () => parameter([-0.5, 0.2, -1], [3, 1], "float64");
const std = [-0.5, 0.2, -1].map(Math.exp);
const variances = [
  std[0] ** 2 + 4 * std[1] ** 2 + 0.25 * std[2] ** 2 + 1e-6,
  std[0] ** 2 / 16 + 9 * std[2] ** 2 + 1e-6,
];

function expectClose(found: Tensor, expected: number[]): void {
  expect(found.size).toBe(expected.length);
  found.toArray().forEach((v, i) => {
    expect(Math.abs(v - expected[i])).toBeLessThan(1e-12 * (1 + Math.abs(expected[i])));
  });
}

describe("state-dependent exploration", () => {
  it("has the variance Σ f² std² given the features", () => {
    const distribution = new StateDependentGaussian(mean(), logStd(), features());
    const log = (v: number) => Math.log(2 * Math.PI * v);
    expectClose(
      distribution.entropy(),
      variances.map((v) => 0.5 + 0.5 * log(v)),
    );
    const action = tensor([[0.7], [1]], undefined, "float64");
    const errors = [0.2, 2];
    expectClose(
      distribution.logProb(action),
      variances.map((v, i) => -0.5 * (errors[i] ** 2 / v + log(v))),
    );
    expectClose(distribution.kl(distribution), [0, 0]);
  });

  it("adds E·features, the same at every step until the matrices are drawn anew", () => {
    const shared = tensor([[1], [-1], [2]], undefined, "float64");
    const distribution = new StateDependentGaussian(mean(), logStd(), features(), shared);
    expectClose(distribution.sample(), [0.5 + std[0] + 2 * std[1] + std[2], -1 + 0.25 * std[0] + 6 * std[2]]);
    const own = tensor(
      [
        [[1], [-1], [2]],
        [[0], [5], [1]],
      ],
      undefined,
      "float64",
    );
    expectClose(new StateDependentGaussian(mean(), logStd(), features(), own).sample(), [
      0.5 + std[0] + 2 * std[1] + std[2],
      -1 + 3 * std[2],
    ]);
    expect(() => new StateDependentGaussian(mean(), logStd(), features()).sample()).toThrow(
      /exploration must be given/,
    );
  });

  it("draws matrices whose noise follows the marginal distribution", () => {
    const exploration = persistent([3, 1], "float64");
    const stream = randomStream(Key.fromSeed(3));
    const runs = 20_000;
    const squares = [0, 0];
    for (let i = 0; i < runs; i++) {
      step(() => {
        resampleExploration(stream, exploration);
        const drawn = new StateDependentGaussian(mean(), logStd(), features(), exploration).sample().data;
        squares[0] += (drawn[0] - 0.5) ** 2;
        squares[1] += (drawn[1] + 1) ** 2;
      });
    }
    // The standard error of a mean of squares of normal numbers is √(2/runs) = 1 %.
    for (const [i, s] of squares.entries()) expect(Math.abs(s / runs / variances[i] - 1)).toBeLessThan(0.03);
  });

  it("lets gradients into the features only where asked", () => {
    for (const learnFeatures of [false, true]) {
      const f = parameter(features().toArray(), [2, 3], "float64");
      const l = logStd();
      const distribution = new StateDependentGaussian(mean(), l, f, undefined, { learnFeatures });
      const gradients = backward(sum(distribution.entropy()));
      expect(gradients.has(f)).toBe(learnFeatures);
      // ∂ Σ_n ½ log v_n / ∂ log std_l = Σ_n f_nl² std_l² / v_n
      const f2 = features()
        .toArray()
        .map((v) => v * v);
      expectClose(
        gradients.of(l),
        std.map((s, i) => s * s * (f2[i] / variances[0] + f2[3 + i] / variances[1])),
      );
    }
  });

  it("with useExpln grows like a logarithm above log std = 0, and its parameters may be shared among actions", () => {
    const l = tensor([[0.5], [-0.5]], undefined, "float64");
    const one = tensor(
      [
        [1, 0],
        [0, 1],
      ],
      undefined,
      "float64",
    );
    const zero = tensor(
      [
        [0, 0],
        [0, 0],
      ],
      undefined,
      "float64",
    );
    const distribution = new StateDependentGaussian(zero, l, one, undefined, { useExpln: true });
    const expected = [Math.log1p(0.5 + 1e-6) + 1, Math.exp(-0.5)].map((s) => 0.5 * Math.log(s * s + 1e-6));
    expectClose(distribution.marginal.logStd, [expected[0], expected[0], expected[1], expected[1]]);
    expect(() => new StateDependentGaussian(zero, tensor([[1], [1], [1]], undefined, "float64"), one)).toThrow(
      /logStd must be of shape \[2,2\] or \[2,1\]; got \[3,1\]/,
    );
  });
});
