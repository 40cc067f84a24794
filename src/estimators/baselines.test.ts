import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError, ShapeError } from "../errors.ts";
import { Key } from "../random/index.ts";
import { explainedVariance, meanBaseline, normalizeAdvantages, optimalBaseline } from "./index.ts";

const numbers = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 2, maxLength: 50 });
const mean = (x: ArrayLike<number>): number => Array.from(x).reduce((a, b) => a + b, 0) / x.length;

describe("baselines", () => {
  it("by hand", () => {
    expect(meanBaseline([1, 2, 6])).toBe(3);
    expect(optimalBaseline([1, 2, 6], [1, 1, 1])).toBe(3);
    expect(optimalBaseline([1, 2, 6], [0, 1, 3])).toBe(5);
    expect(optimalBaseline([1, 2, 6], [0, 0, 0])).toBe(3);
  });

  it("no constant gives the score-function estimator less variance than the optimal one", () => {
    // A Gaussian policy N(0, 1) with score a, and return (a + 3)²: three standard deviations from its optimum.
    const actions = new Float64Array(5000);
    Key.fromSeed(1).split("baseline").stream().fillNormal(actions);
    const returns = actions.map((a) => -(a + 3) * (a + 3));
    const secondMoment = (b: number): number => mean(actions.map((a, i) => (returns[i] - b) ** 2 * a * a));
    const best = optimalBaseline(
      returns,
      actions.map((a) => a * a),
    );
    expect(secondMoment(best)).toBeLessThan(secondMoment(meanBaseline(returns)));
    expect(secondMoment(meanBaseline(returns))).toBeLessThan(secondMoment(0));
    for (const step of [-1, -0.01, 0.01, 1]) expect(secondMoment(best + step)).toBeGreaterThan(secondMoment(best));
  });

  it("refuse what has no answer", () => {
    expect(() => meanBaseline([])).toThrow(ShapeError);
    expect(() => optimalBaseline([1, 2], [1])).toThrow(ShapeError);
    expect(() => optimalBaseline([], [])).toThrow(ShapeError);
    expect(() => optimalBaseline([1, 2], [1, -1])).toThrow(ConfigError);
  });
});

describe("normalizeAdvantages", () => {
  it("by hand, with the unbiased deviation", () => {
    const out = normalizeAdvantages(Float64Array.of(1, 2, 3));
    expect(out[0]).toBeCloseTo(-1 / (1 + 1e-8), 15);
    expect(out[1]).toBe(0);
    expect(out[2]).toBeCloseTo(1 / (1 + 1e-8), 15);
  });

  it("has mean 0 and unbiased deviation 1, whatever the scale and the offset", () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 10 }), (x, scale) => {
        const spread = Math.max(...x) - Math.min(...x);
        fc.pre(spread > 0.1);
        const out = normalizeAdvantages(Float64Array.from(x, (v) => scale * v + 5));
        expect(Math.abs(mean(out))).toBeLessThan(1e-10);
        const variance = out.reduce((sum, v) => sum + v * v, 0) / (x.length - 1);
        expect(Math.abs(variance - 1)).toBeLessThan(1e-5);
      }),
      { seed: 14 },
    );
  });

  it("equal advantages become 0, a single one is left as it is", () => {
    expect(Array.from(normalizeAdvantages(Float64Array.of(3, 3, 3)))).toEqual([0, 0, 0]);
    expect(Array.from(normalizeAdvantages(Float32Array.of(3)))).toEqual([3]);
    expect(() => normalizeAdvantages(new Float64Array(0))).toThrow(ShapeError);
    expect(() => normalizeAdvantages(new Float64Array(2), new Float64Array(3))).toThrow(ShapeError);
  });

  it("may write over its input", () => {
    const x = Float64Array.of(4, 8, 1, 5);
    const expected = normalizeAdvantages(x);
    expect(normalizeAdvantages(x, x)).toBe(x);
    expect(x).toEqual(expected);
  });
});

describe("explainedVariance", () => {
  it("is 1 for the truth, 0 for a constant, negative for worse, by hand between", () => {
    expect(explainedVariance([1, 2, 3], [1, 2, 3])).toBe(1);
    expect(explainedVariance([11, 12, 13], [1, 2, 3])).toBe(1);
    expect(explainedVariance([7, 7, 7], [1, 2, 3])).toBe(0);
    expect(explainedVariance([3, 2, 1], [1, 2, 3])).toBe(-3);
    expect(explainedVariance([1, 2, 2], [1, 2, 3])).toBeCloseTo(2 / 3, 15);
  });

  it("is NaN where returns do not vary, and refuses lengths that differ", () => {
    expect(explainedVariance([1, 2], [3, 3])).toBeNaN();
    expect(() => explainedVariance([1], [1, 2])).toThrow(ShapeError);
    expect(() => explainedVariance([], [])).toThrow(ShapeError);
  });
});
