import { describe, expect, it } from "vitest";
import { Key } from "../random/index.ts";
import {
  backward,
  broadcastTo,
  parameter,
  plan,
  randomStream,
  step,
  sum,
  type Tensor,
  tensor,
} from "../tensor/index.ts";
import { Bernoulli } from "./bernoulli.ts";
import { Categorical } from "./categorical.ts";
import { DiagonalGaussian } from "./diagonal-gaussian.ts";
import type { Distribution } from "./distribution.ts";
import { MultiCategorical } from "./multi-categorical.ts";
import { SquashedGaussian } from "./squashed-gaussian.ts";

/** Rows: the standard error of a mean of log-probabilities is below 0.0015 for every distribution here. */
const N = 400_000;
const stream = (name: string) => randomStream(Key.fromSeed(1).split(name));
const rows = (values: number[], count = N) => broadcastTo(tensor([values]), [count, values.length]);
const logits = [0.3, -1.2, 1.1, -0.4];

function moments(values: ArrayLike<number>): { mean: number; std: number; error: number } {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) ** 2;
  const std = Math.sqrt(squares / values.length);
  return { mean, std, error: std / Math.sqrt(values.length) };
}

/** Pearson's statistic of `drawn` indices against probabilities. */
function chiSquare(drawn: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  const counts = new Array<number>(probabilities.length).fill(0);
  for (let i = 0; i < drawn.length; i++) counts[drawn[i]]++;
  return counts.reduce((sum, count, i) => {
    const expected = drawn.length * probabilities[i];
    return sum + (expected === 0 ? (count === 0 ? 0 : Number.POSITIVE_INFINITY) : (count - expected) ** 2 / expected);
  }, 0);
}
/** 99.99 % of samples from the right distribution stay below, for 1, 2 and 3 degrees of freedom. */
const CRITICAL = { 1: 15.14, 2: 18.42, 3: 21.11 };

const softmax = (x: number[]) => {
  const e = x.map(Math.exp);
  return e.map((v) => v / e.reduce((a, b) => a + b));
};

describe("entropy is −E[log p]", () => {
  const table: [string, () => Distribution][] = [
    ["categorical", () => new Categorical(rows(logits))],
    ["masked categorical", () => new Categorical(rows(logits), tensor(repeat([1, 0, 1, 1]), [N, 4], "uint8"))],
    ["Bernoulli", () => new Bernoulli(rows([0.4, -1.5, 2]))],
    ["multi-categorical", () => new MultiCategorical(rows([0.1, 0.9, 1.3, -0.2, 0.4]), [2, 3])],
    ["Gaussian", () => new DiagonalGaussian(rows([0.5, -2]), tensor([-0.7, 0.3]))],
  ];
  it.each(table)("%s", (name, make) => {
    step(() => {
      const distribution = make();
      const { mean, error } = moments(distribution.logProb(distribution.sample(stream(name))).data);
      expect(error).toBeLessThan(1.7e-3);
      expect(Math.abs(-mean - distribution.entropy().data[0])).toBeLessThan(5e-3);
    });
  });

  it("would notice an entropy that is off by one per cent", () => {
    step(() => {
      const distribution = new Categorical(rows(logits));
      const { mean } = moments(distribution.logProb(distribution.sample(stream("control"))).data);
      expect(Math.abs(-mean - 1.01 * distribution.entropy().data[0])).toBeGreaterThan(5e-3);
    });
  });
});

function repeat(mask: number[], count = N): number[] {
  return Array.from({ length: count * mask.length }, (_, i) => mask[i % mask.length]);
}

describe("samples", () => {
  it("of a categorical come with the softmax's frequencies", () => {
    step(() => {
      const drawn = new Categorical(rows(logits)).sample(stream("frequencies")).data;
      expect(chiSquare(drawn, softmax(logits))).toBeLessThan(CRITICAL[3]);
      expect(chiSquare(drawn, [0.25, 0.25, 0.25, 0.25])).toBeGreaterThan(1000);
    });
  });

  it("never are a forbidden action, wherever it stands", () => {
    for (const mask of [
      [0, 1, 1, 1],
      [1, 0, 0, 1],
      [1, 1, 1, 0],
      [0, 0, 1, 0],
    ]) {
      step(() => {
        const distribution = new Categorical(rows(logits, N / 4), tensor(repeat(mask, N / 4), [N / 4, 4], "uint8"));
        const allowed = softmax(logits).map((p, i) => p * mask[i]);
        const total = allowed.reduce((a, b) => a + b);
        const drawn = distribution.sample(stream("masked")).data;
        expect(
          chiSquare(
            drawn,
            allowed.map((p) => p / total),
          ),
        ).toBeLessThan(CRITICAL[3]);
        expect(mask[distribution.mode().data[0]]).toBe(1);
      });
    }
  });

  it("of multi-categorical and Bernoulli have independent columns", () => {
    step(() => {
      const drawn = new MultiCategorical(rows([0.1, 0.9, 1.3, -0.2, 0.4]), [2, 3]).sample(stream("multi"));
      expect(drawn.shape).toEqual([N, 2]);
      const joint = Array.from({ length: N }, (_, i) => 3 * drawn.data[2 * i] + drawn.data[2 * i + 1]);
      const first = softmax([0.1, 0.9]);
      const second = softmax([1.3, -0.2, 0.4]);
      expect(
        chiSquare(
          joint,
          first.flatMap((p) => second.map((q) => p * q)),
        ),
      ).toBeLessThan(25.8);
      const switches = new Bernoulli(rows([0.4, -1.5])).sample(stream("switches")).data;
      for (const [k, logit] of [0.4, -1.5].entries()) {
        const p = 1 / (1 + Math.exp(-logit));
        expect(
          chiSquare(
            switches.filter((_, i) => i % 2 === k),
            [1 - p, p],
          ),
        ).toBeLessThan(CRITICAL[1]);
      }
    });
  });

  it("of a Gaussian have its mean and standard deviation; squashed ones lie in (−1, 1)", () => {
    step(() => {
      const gaussian = new DiagonalGaussian(rows([0.5, -2]), tensor([-0.7, 0.3]));
      const drawn = gaussian.sample(stream("gaussian")).data;
      for (const [k, mean, std] of [
        [0, 0.5, Math.exp(-0.7)],
        [1, -2, Math.exp(0.3)],
      ]) {
        const found = moments(drawn.filter((_, i) => i % 2 === k));
        expect(Math.abs(found.mean - mean)).toBeLessThan(4 * found.error);
        expect(Math.abs(found.std / std - 1)).toBeLessThan(4 / Math.sqrt(2 * N));
      }
      const squashed = new SquashedGaussian(gaussian);
      const { action, logProb } = squashed.sampleWithLogProb(stream("gaussian"));
      expect(action.data.every((a, i) => Math.abs(a - Math.tanh(drawn[i])) < 1e-6 && Math.abs(a) <= 1)).toBe(true);
      const again = squashed.logProb(action).data;
      const middle = [...logProb.data.keys()].filter((i) => Math.abs(drawn[2 * i + 1]) < 3).slice(0, 1000);
      for (const i of middle) expect(Math.abs(again[i] - logProb.data[i])).toBeLessThan(1e-2);
    });
  });

  it("differ from run to run of a plan, and equal those of the eager run", () => {
    const planned = stream("plan");
    const acting = plan({ logits: { shape: [64, 4] } }, ({ logits }) => new Categorical(logits).sample(planned));
    const eager = stream("plan");
    const runs = [0, 1].map(() => {
      acting.inputs.logits.set(Array.from({ length: 256 }, (_, i) => logits[i % 4]));
      const fromPlan = acting.run().toArray();
      expect(fromPlan).toEqual(new Categorical(rows(logits, 64)).sample(eager).toArray());
      return fromPlan;
    });
    expect(runs[0]).not.toEqual(runs[1]);
  });
});

describe("masks", () => {
  const mask = (values: number[], shape: number[]): Tensor => tensor(values, shape, "uint8");

  it("make probability and gradient exactly 0, and entropy that of the allowed actions", () => {
    const x = parameter([2, 1, -1, 0, 3, -2], [2, 3]);
    const distribution = new Categorical(x, mask([1, 0, 1, 0, 1, 0], [2, 3]));
    const probabilities = [...distribution.logProbabilities.toArray()].map(Math.exp);
    expect([probabilities[1], probabilities[3], probabilities[5]]).toEqual([0, 0, 0]);
    expect(probabilities[4]).toBe(1);
    const [p] = softmax([2, -1]);
    const entropy = distribution.entropy().toArray();
    expect(entropy[0]).toBeCloseTo(-p * Math.log(p) - (1 - p) * Math.log(1 - p), 6);
    expect(Math.abs(entropy[1])).toBe(0);
    const ofEntropy = backward(sum(distribution.entropy())).of(x).toArray();
    const ofLogProb = backward(sum(distribution.logProb(tensor([0, 1], [2], "int32"))))
      .of(x)
      .toArray();
    for (const i of [1, 3, 5]) expect([Math.abs(ofEntropy[i]), Math.abs(ofLogProb[i])]).toEqual([0, 0]);
    expect(Math.abs(ofEntropy[0])).toBeGreaterThan(0.05);
    expect(Math.abs(ofLogProb[0])).toBeGreaterThan(0.04);
  });

  it("that allow nothing are refused before sampling, with row and choice", () => {
    const s = stream("refused");
    const three = new Categorical(
      tensor([
        [0, 0, 0],
        [0, 0, 0],
      ]),
      mask([1, 0, 0, 0, 0, 0], [2, 3]),
    );
    expect(() => three.sample(s)).toThrow("action mask must be 1 for at least one action in row 1; got [0,0,0]");
    const multi = new MultiCategorical(tensor([[0, 0, 0, 0]]), [2, 2], mask([1, 1, 0, 0], [1, 4]));
    expect(() => multi.sample(s)).toThrow("action mask must be 1 for at least one action in choice 1 of row 0");
    expect(() => new Categorical(tensor([[0, 0]]), mask([1], [1, 1]))).toThrow(/action mask must be of shape \[1,2\]/);
  });
});
