import { describe, expect, it } from "vitest";
import { DiagonalGaussian, SquashedGaussian } from "../../distributions/index.ts";
import { Key } from "../../random/index.ts";
import {
  add,
  mul,
  neg,
  noGrad,
  randomStream,
  reshape,
  square,
  step,
  sub,
  sum,
  type Tensor,
  tensor,
} from "../../tensor/index.ts";
import { conservativeLoss, drawSamples, logIntegrals } from "./conservative-critics.ts";

/** Q_0 = s − 8 |a − s/2|², with its maximum within the bounds, and Q_1 = 2 s, the same for all actions. */
const critics = {
  values(observations: Tensor, actions: Tensor): Tensor[] {
    const away = sub(actions, mul(observations, 0.5));
    const state = reshape(observations, [-1]);
    return [sub(state, mul(sum(square(away), 1), 8)), mul(state, 2)];
  },
};

describe("the integral of exp Q over the actions", () => {
  const samples = {
    actions: tensor([[0], [0.5], [-1], [1]]),
    logDensities: tensor([
      [Math.log(0.5), Math.log(0.5)],
      [Math.log(0.5), Math.log(2)],
    ]),
  };

  it("is what its samples make of it: log of the mean of exp Q / density", () => {
    const found = logIntegrals(critics, tensor([[1], [-1]]), samples);
    const [first, second] = [found[0]!.toArray(), found[1]!.toArray()];
    const q = (s: number, a: number) => Math.exp(s - 8 * (a - s / 2) ** 2);
    expect(first[0]).toBeCloseTo(Math.log((q(1, 0) / 0.5 + q(1, 0.5) / 0.5) / 2), 5);
    expect(first[1]).toBeCloseTo(Math.log((q(-1, -1) / 0.5 + q(-1, 1) / 2) / 2), 5);
    expect(second[0]).toBeCloseTo(2 + Math.log(2), 5);
    expect(second[1]).toBeCloseTo(-2 + Math.log((1 / 0.5 + 1 / 2) / 2), 5);
  });

  it("gives the loss, less what is recorded, as a mean over states and critics", () => {
    const loss = conservativeLoss([tensor([1, 2]), tensor([3, 5])], [tensor([0, 1]), tensor([1, 1])]);
    expect(loss.item()).toBe((1 + 1 + 2 + 4) / 4);
  });

  /** By the midpoint rule, over one or two entries of an action. */
  function exact(s: number, entries: number): number {
    const cells = 400;
    let one = 0;
    for (let i = 0; i < cells; i++) one += (2 / cells) * Math.exp(-8 * ((2 * i + 1) / cells - 1 - s / 2) ** 2);
    return s + entries * Math.log(one);
  }

  /** From 4000 samples of a policy that is right about nothing, of mean 0.4 and log σ of −0.5 before tanh. */
  const estimated = (entries: number, weighted = true) =>
    step(() =>
      noGrad(() => {
        const observations = tensor([[0.8], [-0.6]]);
        const [mean, logStd] = [0.4, -0.5].map((x) => tensor(new Array(2 * entries).fill(x), [2, entries]));
        const policy = new SquashedGaussian(new DiagonalGaussian(mean!, logStd!));
        const drawn = drawSamples(policy, 2000, randomStream(Key.fromSeed(1)));
        const densities = weighted ? drawn.logDensities : mul(drawn.logDensities, 0);
        const values = { values: (s: Tensor, a: Tensor) => [critics.values(s, a)[0]!] };
        return logIntegrals(values, observations, { ...drawn, logDensities: densities })[0]!.toArray() as Float32Array;
      }),
    );

  it.each([1, 2])("comes out as by the midpoint rule, for actions of %i entries", (entries) => {
    const found = estimated(entries);
    expect(Math.abs(found[0]! - exact(0.8, entries))).toBeLessThan(0.05);
    expect(Math.abs(found[1]! - exact(-0.6, entries))).toBeLessThan(0.05);
  });

  it("would not without the weights of importance", () => {
    const found = estimated(2, false);
    expect(Math.abs(found[0]! - exact(0.8, 2))).toBeGreaterThan(0.5);
  });

  it("is taken over uniform actions and the policy's, half and half, no gradient", () => {
    const [mean, logStd] = [tensor([[3], [-3]]), tensor([[-2], [-2]])];
    mean.requiresGrad = true;
    const policy = new SquashedGaussian(new DiagonalGaussian(mean, logStd));
    const { actions, logDensities } = drawSamples(policy, 50, randomStream(Key.fromSeed(2)));
    expect(actions.shape).toEqual([200, 1]);
    expect(logDensities.shape).toEqual([2, 100]);
    expect(add(actions, neg(actions)).requiresGrad).toBe(false);
    const values = actions.toArray() as Float32Array;
    const [uniform, first, second] = [values.slice(0, 50), values.slice(50, 100), values.slice(150, 200)];
    expect(Math.max(...uniform) - Math.min(...uniform)).toBeGreaterThan(1.8);
    // tanh(3 ± 4 · e⁻²)
    expect(Math.min(...first)).toBeGreaterThan(0.95);
    expect(Math.max(...second)).toBeLessThan(-0.95);
    const densities = logDensities.toArray();
    for (const i of [0, 49, 100, 149]) expect(densities[i]).toBeCloseTo(-Math.log(2), 6);
    const drawn = policy.logProb(tensor([[first[0]!], [second[0]!]])).toArray();
    for (const [i, row] of [50, 150].entries()) expect(densities[row]).toBeCloseTo(Number(drawn[i]), 1);
  });
});
