import { describe, expect, it } from "vitest";
import { ConfigError, ShapeError } from "../errors.ts";
import { Key } from "../random/index.ts";
import { bootstrapInterval, interquartileMean } from "./index.ts";

const mean = (x: ArrayLike<number>) => Array.from(x).reduce((a, b) => a + b, 0) / x.length;
const random = (name: string) => Key.fromSeed(3).split(name).stream();

describe("interquartileMean", () => {
  it("is the mean of the middle half, as SciPy's trim_mean(x, 0.25)", () => {
    expect(interquartileMean([9])).toBe(9);
    expect(interquartileMean([1, 2, 6])).toBe(3);
    expect(interquartileMean([100, 2, 1, 6])).toBe(4);
    expect(interquartileMean([5, 1, 4, -1000, 3])).toBe(8 / 3);
    expect(interquartileMean(Float64Array.of(8, 7, 6, 5, 4, 3, 2, 1))).toBe(4.5);
    expect(() => interquartileMean([])).toThrow(ShapeError);
  });

  it("does not notice one run that went wrong, where the mean does", () => {
    const good = [500, 500, 500, 500, 500];
    expect(interquartileMean([...good.slice(1), 9])).toBe(interquartileMean(good));
    expect(mean([...good.slice(1), 9])).toBeLessThan(410);
  });
});

describe("bootstrapInterval", () => {
  it("holds the true mean as often as it says", () => {
    const stream = random("coverage");
    const values = new Float64Array(40);
    let held = 0;
    for (let i = 0; i < 400; i++) {
      stream.fillNormal(values, 2, 3);
      const [low, high] = bootstrapInterval(values, mean, stream, { confidence: 0.9, resamples: 300 });
      if (low <= 2 && 2 <= high) held++;
    }
    // 90 % with a standard error of 1.5 %, less what 40 values are too few by.
    expect(held / 400).toBeGreaterThan(0.84);
    expect(held / 400).toBeLessThan(0.95);
  });

  it("is a point where all values are equal, and lies within the values", () => {
    expect(bootstrapInterval([4, 4, 4], mean, random("equal"))).toEqual([4, 4]);
    const [low, high] = bootstrapInterval([1, 2, 3, 4, 10], interquartileMean, random("within"));
    expect([low >= 1, low < 3, high > 3, high <= 10]).toEqual([true, true, true, true]);
  });

  it("depends on its random numbers alone", () => {
    const once = () => bootstrapInterval([1, 5, 2, 8], mean, random("same"));
    expect(once()).toEqual(once());
    expect(bootstrapInterval([1, 5, 2, 8], mean, random("other"))).not.toEqual(once());
  });

  it("refuses what makes no interval", () => {
    expect(() => bootstrapInterval([], mean, random("x"))).toThrow(ShapeError);
    expect(() => bootstrapInterval([1], mean, random("x"), { confidence: 1 })).toThrow(ConfigError);
    expect(() => bootstrapInterval([1], mean, random("x"), { resamples: 0 })).toThrow(ConfigError);
  });
});
