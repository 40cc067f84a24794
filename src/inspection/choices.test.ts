import { describe, expect, it } from "vitest";
import { stepAlong } from "../../test/support/gradient-step.ts";
import { Categorical, DiagonalGaussian, type Distribution, SquashedGaussian } from "../distributions/index.ts";
import { log, tanh } from "../math/index.ts";
import { sgd } from "../nn/index.ts";
import { affine, parameter, square, sum, type Tensor, tensor } from "../tensor/index.ts";
import { measureChoices } from "./choices.ts";
import { measureDivergence } from "./divergence.ts";

/** A step whose only parameter makes the policy. */
function stepWith(p: Tensor, policy: () => Distribution, actions: Tensor) {
  return {
    ...stepAlong(() => ({ all: sum(square(p), 1) }), { all: 1 }, sgd({ p }, { learningRate: 0.1 })),
    policy,
    actions,
  };
}

describe("choices", () => {
  it("are exploratory where they are not the most likely", () => {
    const rows = [0.9, 0.05, 0.05, 0.2, 0.5, 0.3, 0.2, 0.5, 0.3].map(log);
    const logits = parameter(rows, [3, 3], "float64");
    const step = stepWith(logits, () => new Categorical(logits), tensor([0, 2, 1], [3], "int32"));
    const { exploratory, probability, distance } = measureChoices(step)!();
    expect([...exploratory]).toEqual([0, 1, 0]);
    [0.9, 0.3, 0.5].forEach((p, i) => {
      expect(probability[i]).toBeCloseTo(p, 12);
    });
    expect(distance).toBeUndefined();
  });

  it("are compared with the best action of Q where that is given", () => {
    const logits = parameter([0, 0, 0, 0], [2, 2], "float64");
    const step = stepWith(logits, () => new Categorical(logits), tensor([1, 0], [2], "int32"));
    const best = tensor([1, 1], [2], "int32");
    expect([...measureChoices({ ...step, greedy: () => best })!().exploratory]).toEqual([0, 1]);
  });

  it("that are numbers lie so many standard deviations from the mean", () => {
    const mean = parameter([1, 1, 0, 0], [2, 2], "float64");
    const logStd = tensor([log(2), 0], [2], "float64");
    // Distances (1, 2) and (0.5, 0): root mean squares √2.5 and √0.125.
    const actions = tensor([3, 3, 1, 0], [2, 2], "float64");
    const gaussian = stepWith(mean, () => new DiagonalGaussian(mean, logStd), actions);
    const { distance, exploratory } = measureChoices(gaussian)!();
    expect(distance![0]).toBeCloseTo(Math.sqrt(2.5), 9);
    expect(distance![1]).toBeCloseTo(Math.sqrt(0.125), 9);
    expect([...exploratory]).toEqual([1, 0]);

    const squashed = tensor([3, 3, 1, 0].map(tanh), [2, 2], "float64");
    const policy = () => new SquashedGaussian(new DiagonalGaussian(mean, logStd));
    const same = measureChoices(stepWith(mean, policy, squashed))!().distance!;
    for (const i of [0, 1]) expect(same[i]).toBeCloseTo(distance![i]!, 6);
  });

  it("leave out rows that only fill up", () => {
    const logits = parameter([1, 0, 0, 1], [2, 2], "float64");
    const step = stepWith(logits, () => new Categorical(logits), tensor([0, 0], [2], "int32"));
    expect(measureChoices({ ...step, count: () => 1 })!().exploratory.length).toBe(1);
  });
});

describe("the divergence of a step", () => {
  it("is that between the policies before and after, in both directions", () => {
    const logits = parameter([log(0.8), log(0.2)], [1, 2], "float64");
    const step = stepWith(logits, () => new Categorical(affine(logits, 1, 0)), tensor([0], [1], "int32"));
    const divergence = measureDivergence(step)!;
    divergence.before();
    logits.set([log(0.5), log(0.5)]);
    const { forward, backward } = divergence.after();
    expect(forward).toBeCloseTo(0.8 * log(1.6) + 0.2 * log(0.4), 12);
    expect(backward).toBeCloseTo(0.5 * log(0.625) + 0.5 * log(2.5), 12);
  });

  it("is 0 for a step that moves nothing", () => {
    const mean = parameter([1, 2], [1, 2], "float64");
    const step = stepWith(mean, () => new DiagonalGaussian(mean, tensor([0, 0.5], [2], "float64")), mean);
    const divergence = measureDivergence(step)!;
    divergence.before();
    expect(divergence.after()).toEqual({ forward: 0, backward: 0 });
  });
});
