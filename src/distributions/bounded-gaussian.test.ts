import { describe, expect, it } from "vitest";
import { Key } from "../random/index.ts";
import { affine, gradcheck, randomNormal, randomStream, step, tensor } from "../tensor/index.ts";
import { BoundedGaussian } from "./bounded-gaussian.ts";
import { DiagonalGaussian } from "./diagonal-gaussian.ts";

const stream = randomStream(Key.fromSeed(4));

/** Of a Box from (−2, 0) to (2, 10). */
function bounded(mean: number[][], logStd: number[]): BoundedGaussian {
  return new BoundedGaussian(new DiagonalGaussian(tensor(mean), tensor(logStd)), tensor([0, 5]), tensor([2, 5]));
}

describe("a bounded Gaussian", () => {
  it("keeps every sample within the Box, and reaches close to its bounds", () => {
    const mean = Array.from({ length: 1000 }, (_, i) => [i / 100 - 5, 5 - i / 100]);
    const actions = step(() => bounded(mean, [0, 1]).sample(stream)).toArray();
    const column = (k: number) => [...actions].filter((_, i) => i % 2 === k);
    for (const [k, low, high] of [
      [0, -2, 2],
      [1, 0, 10],
    ] as const) {
      expect(Math.min(...column(k))).toBeGreaterThanOrEqual(low);
      expect(Math.max(...column(k))).toBeLessThanOrEqual(high);
      expect(Math.max(...column(k)) - Math.min(...column(k))).toBeGreaterThan(0.95 * (high - low));
    }
  });

  it("is centre + half width · tanh(mean + σ·noise), and its mode that without noise", () => {
    const policy = bounded([[0.3, -0.7]], [-1, 0.5]);
    const [first, second] = step(() => policy.transform(tensor([[1.5, -0.5]]))).toArray();
    expect(first).toBeCloseTo(2 * Math.tanh(0.3 + 1.5 * Math.exp(-1)), 6);
    expect(second).toBeCloseTo(5 + 5 * Math.tanh(-0.7 - 0.5 * Math.exp(0.5)), 5);
    expect(step(() => policy.mode()).toArray()[0]).toBeCloseTo(2 * Math.tanh(0.3), 6);
  });

  it("passes gradients on to mean and σ", () => {
    const [mean, logStd, noise] = [[3, 2], [2], [3, 2]].map((shape) =>
      randomNormal(stream, shape, { dtype: "float64" }),
    );
    const [centre, halfWidth] = [tensor([0, 5], [2], "float64"), tensor([2, 5], [2], "float64")];
    const act = (m: typeof mean, s: typeof mean) =>
      affine(new BoundedGaussian(new DiagonalGaussian(m!, s!), centre, halfWidth).transform(noise!), 1, 0);
    expect(gradcheck(act, [mean!, logStd!])).toMatchObject({ ok: true });
  });
});
