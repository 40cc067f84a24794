import { describe, expect, it } from "vitest";
import { gradcheck, mean, tensor } from "../../../tensor/index.ts";
import { categoricalHead, project } from "./categorical.ts";
import { expectedValueHead, lossNames } from "./expected-value.ts";
import { quantileHead, quantileHuberLosses } from "./quantile.ts";

const double = (values: number[] | number[][]) => tensor(values, undefined, "float64");

function expectClose(actual: ArrayLike<number>, expected: number[]): void {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 12);
}

describe("values", () => {
  it("are the numbers themselves, the mean of a distribution, or the mean of quantiles", () => {
    expectClose(
      expectedValueHead("mse")
        .values(double([[3], [-1]]))
        .toArray(),
      [3, -1],
    );
    const logits = [0.2, 0.3, 0.5].map(Math.log);
    expectClose(
      categoricalHead({ vMin: 0, vMax: 2, atoms: 3 }, "float64")
        .values(double([logits]))
        .toArray(),
      [1.3],
    );
    expectClose(
      quantileHead({ nQuantiles: 3 }, "float64")
        .values(double([[1, 2, 6]]))
        .toArray(),
      [3],
    );
  });
});

describe("the loss of values", () => {
  const inputs = (error: number) => ({
    chosen: double([[1.5]]),
    next: double([[2]]),
    returns: double([1.5 + error - 1]),
    discounts: double([0.5]),
  });

  it.each([
    ["huber", 0.5, 0.125],
    ["huber", -3, 2.5],
    ["mse", -3, 9],
    ["l1", -3, 3],
  ] as const)("%s of an error of %d", (loss, error, expected) => {
    const { losses, errors } = expectedValueHead(loss).losses(inputs(error));
    expectClose(losses.toArray(), [expected]);
    expectClose(errors.toArray(), [error]);
  });

  it.each(lossNames)("%s is pulled by the value alone, not by the target", (loss) => {
    const { chosen, ...rest } = inputs(-0.7);
    expect(gradcheck((x) => expectedValueHead(loss).losses({ ...rest, chosen: x }).losses, [chosen]).ok).toBe(true);
    rest.next.requiresGrad = true;
    chosen.requiresGrad = false;
    expect(expectedValueHead(loss).losses({ ...rest, chosen }).losses.requiresGrad).toBe(false);
  });
});

describe("C51", () => {
  const options = { vMin: 0, vMax: 2, atoms: 3 };
  const support = double([0, 1, 2]);
  const next = double([
    [0.2, 0.3, 0.5],
    [0.2, 0.3, 0.5],
    [0.2, 0.3, 0.5],
  ]);

  it("projects moved returns onto the two atoms beside them, and what is outside onto the ends", () => {
    const moved = project({ next, returns: double([0.5, 1, -0.25]), discounts: double([1, 0, 0.5]) }, support, options);
    // 0.5, 1.5 and 2.5 → 2; all at 1; −0.25 → 0, 0.25 and 0.75.
    expectClose(moved.toArray(), [0.1, 0.25, 0.65, 0, 1, 0, 0.2 + 0.225 + 0.125, 0.075 + 0.375, 0]);
  });

  it("keeps the mean of what stays inside, and the sum of everything", () => {
    const wide = { vMin: -4, vMax: 4, atoms: 9 };
    const z = Array.from({ length: 9 }, (_, i) => i - 4);
    const p = [0, 0, 0, 0.1, 0.4, 0.2, 0.2, 0.1, 0];
    const moved = project({ next: double([p]), returns: double([0.37]), discounts: double([0.9]) }, double(z), wide);
    const found = [...moved.toArray()];
    const meanOf = (q: number[]) => q.reduce((sum, share, i) => sum + share * z[i]!, 0);
    expect(found.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    expect(meanOf(found)).toBeCloseTo(0.37 + 0.9 * meanOf(p), 12);
  });

  const head = categoricalHead(options, "float64");
  const given = { next: double([[0.4, -1, 0.3]]), returns: double([0.2]), discounts: double([0.9]) };

  it("has errors of 0 where the target is known already, and the gradients that differences find", () => {
    const targets = project({ ...given, next: double([softmaxOf([0.4, -1, 0.3])]) }, support, options).toArray();
    const known = double([[...targets].map((p) => Math.log(p))]);
    expect(Math.abs(head.losses({ ...given, chosen: known }).errors.item())).toBeLessThan(1e-12);
    expect(head.losses({ ...given, chosen: double([[0, 0, 0]]) }).errors.item()).toBeGreaterThan(0.01);
    expect(gradcheck((x) => head.losses({ ...given, chosen: x }).losses, [double([[0.1, 0.7, -0.3]])]).ok).toBe(true);
  });
});

function softmaxOf(logits: number[]): number[] {
  const weights = logits.map(Math.exp);
  const total = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / total);
}

describe("QR-DQN", () => {
  const midpoints = double([[0.25], [0.75]]);

  it("weighs Huber's losses by how often a quantile should be exceeded", () => {
    const losses = quantileHuberLosses(double([[0, 1]]), double([[0.5, 3]]), midpoints);
    // Quantile 0: ¼ (0.125 + 2.5) / 2; quantile 1: (¼ · 0.125 + ¾ · 1.5) / 2.
    expectClose(losses.toArray(), [0.328125 + 0.578125]);
  });

  it("has the gradients that differences find", () => {
    const loss = (quantiles: ReturnType<typeof double>) =>
      mean(quantileHuberLosses(quantiles, double([[0.5, 3]]), midpoints));
    expect(gradcheck(loss, [double([[0.1, 1.3]])]).ok).toBe(true);
  });

  it("comes to rest at the quantiles of its targets", () => {
    const nQuantiles = 4;
    const taus = double(Array.from({ length: nQuantiles }, (_, i) => [(i + 0.5) / nQuantiles]));
    const targets = Array.from({ length: nQuantiles }, (_, i) => 100 * i);
    const rest = double([targets]);
    // An even target: beside it the loss is larger on both sides, for every quantile.
    const lossAt = (quantiles: number[]) => quantileHuberLosses(double([quantiles]), rest, taus).item();
    for (const i of targets.keys()) {
      for (const move of [-60, 60]) {
        const moved = targets.map((target, k) => (k === i ? target + move : target));
        expect(lossAt(moved)).toBeGreaterThan(lossAt(targets));
      }
    }
    // Control: the mean is no quantile.
    expect(lossAt(targets.map(() => 150))).toBeGreaterThan(lossAt(targets));
  });
});
