import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { step, tensor } from "../tensor/index.ts";
import { Bernoulli } from "./bernoulli.ts";
import { Categorical } from "./categorical.ts";
import { DiagonalGaussian } from "./diagonal-gaussian.ts";
import { MultiCategorical } from "./multi-categorical.ts";

const row = (values: readonly number[]) => tensor([...values], [1, values.length], "float64");
const numbers = (length: number) =>
  fc.array(fc.double({ min: -8, max: 8, noNaN: true }), { minLength: length, maxLength: length });

const kinds = {
  categorical: {
    size: 4,
    divergence: (p: number[], q: number[]) => new Categorical(row(p)).kl(new Categorical(row(q))),
  },
  Bernoulli: { size: 3, divergence: (p: number[], q: number[]) => new Bernoulli(row(p)).kl(new Bernoulli(row(q))) },
  "multi-categorical": {
    size: 5,
    divergence: (p: number[], q: number[]) =>
      new MultiCategorical(row(p), [2, 3]).kl(new MultiCategorical(row(q), [2, 3])),
  },
  Gaussian: {
    size: 4,
    divergence: (p: number[], q: number[]) => {
      const build = (v: number[]) => new DiagonalGaussian(row(v.slice(0, 2)), row(v.slice(2)));
      return build(p).kl(build(q));
    },
  },
};

describe.each(Object.entries(kinds))("KL divergence of %s", (_name, { size, divergence }) => {
  it("is never negative, and 0 between equals", () => {
    fc.assert(
      fc.property(numbers(size), numbers(size), (p, q) =>
        step(() => {
          expect(divergence(p, q).item()).toBeGreaterThanOrEqual(-1e-12);
          expect(Math.abs(divergence(p, p).item())).toBeLessThan(1e-12);
        }),
      ),
      { numRuns: 200, seed: 7 },
    );
  });

  it("is positive between different ones", () => {
    const p = Array.from({ length: size }, (_, i) => 0.3 * i);
    expect(
      divergence(
        p,
        p.map((v) => 0.5 * v * v - 0.2),
      ).item(),
    ).toBeGreaterThan(1e-3);
  });
});
