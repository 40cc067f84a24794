import { describe, expect, it } from "vitest";
import { Key } from "../random/index.ts";
import { cosine, gradientNoise } from "./noise.ts";

describe("the gradient noise scale", () => {
  it("is the one of two samples worked out by hand", () => {
    // g = (3, 0) and (1, 2): mean (2, 1), ‖G‖² = 5; deviations (1, −1) and (−1, 1): tr Σ = 4 unbiased; 5 − 4/2 = 3.
    const { variance, signal, scale, signalToNoise } = gradientNoise([3, Math.sqrt(5)], Math.sqrt(5));
    expect(variance).toBeCloseTo(4, 12);
    expect(signal).toBeCloseTo(3, 12);
    expect(scale).toBeCloseTo(4 / 3, 12);
    expect(signalToNoise).toBeCloseTo(1.5, 12);
  });

  it("does not depend on the batch, on average; the plain quotient would", () => {
    // True gradient (1, 0, 0), noise of variance 4 in each of three entries: tr Σ = 12 and the scale is 12.
    const random = Key.fromSeed(1).stream();
    const measured = (batch: number) => {
      let [variance, signal, biased] = [0, 0, 0];
      const trials = 4000;
      for (let t = 0; t < trials; t++) {
        const each = Array.from({ length: batch }, () => [
          1 + 2 * random.normal(),
          2 * random.normal(),
          2 * random.normal(),
        ]);
        const norm = (g: number[]) => Math.sqrt(g.reduce((sum, x) => sum + x * x, 0));
        const mean = [0, 1, 2].map((k) => each.reduce((sum, g) => sum + g[k]!, 0) / batch);
        const noise = gradientNoise(each.map(norm), norm(mean));
        variance += noise.variance / trials;
        signal += noise.signal / trials;
        biased += (norm(mean) * norm(mean)) / trials;
      }
      return { variance, signal, biased };
    };
    for (const batch of [4, 16]) {
      const { variance, signal, biased } = measured(batch);
      expect(Math.abs(variance - 12)).toBeLessThan(0.5);
      expect(Math.abs(signal - 1)).toBeLessThan(0.2);
      expect(Math.abs(biased - 1)).toBeGreaterThan(0.5);
    }
  });

  it("has no value where there is no signal, or no noise", () => {
    expect(gradientNoise([1, 1], 0)).toMatchObject({ scale: undefined, signalToNoise: -1 });
    expect(gradientNoise([2, 2], 2)).toMatchObject({ scale: 0, signalToNoise: undefined });
  });
});

describe("the cosine", () => {
  it("is that of the angle", () => {
    expect(cosine([1, 0], [1, 1])).toBeCloseTo(Math.SQRT1_2, 12);
    expect(cosine([1, 2], [-2, -4])).toBeCloseTo(-1, 12);
    expect(cosine([0, 0], [1, 1])).toBeUndefined();
  });
});
