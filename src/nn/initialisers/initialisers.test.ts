import { describe, expect, it } from "vitest";
import { Key } from "../../random/index.ts";
import {
  calculateGain,
  constantInit,
  defaultWeightInit,
  fanInUniform,
  type Initialiser,
  kaimingNormal,
  kaimingUniform,
  normalInit,
  orthogonal,
  uniformInit,
  xavierNormal,
  xavierUniform,
  zerosInit,
} from "./index.ts";

const random = (name: string) => Key.fromSeed(2).split(name).stream();

/** Largest deviation of V·Vᵀ from gain²·1, for `count` vectors: rows, or columns of a tall matrix. */
function deviation(values: Float64Array, rows: number, cols: number, gain: number): number {
  const count = Math.min(rows, cols);
  const at = (i: number, k: number) => (rows > cols ? values[k * cols + i] : values[i * cols + k]);
  let worst = 0;
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      let product = 0;
      for (let k = 0; k < Math.max(rows, cols); k++) product += at(i, k) * at(j, k);
      worst = Math.max(worst, Math.abs(product - (i === j ? gain * gain : 0)));
    }
  }
  return worst;
}

describe("orthogonal", () => {
  it.each([
    [64, 64],
    [64, 4],
    [2, 64],
    [1, 7],
    [40, 100],
    [200, 200],
    [130, 300],
  ])("%d × %d has orthonormal rows or columns, times gain", (rows, cols) => {
    const values = orthogonal(0.5)([rows, cols], random("orthogonal"));
    expect(deviation(values, rows, cols, 0.5)).toBeLessThan(1e-14);
    values[0] += 1e-6;
    expect(deviation(values, rows, cols, 0.5)).toBeGreaterThan(1e-8);
  });

  it("counts the axes after the first as columns", () => {
    expect(deviation(orthogonal()([8, 3, 2, 2], random("conv")), 8, 12, 1)).toBeLessThan(1e-14);
  });

  it("is uniform: 2 × 2 turns take every angle and every other one is a reflection", () => {
    // One uniform angle and one fair coin; without the sign correction all reflections, or all turns, would be missing.
    const stream = random("turns");
    const quadrants = [0, 0, 0, 0];
    let reflections = 0;
    const runs = 4000;
    for (let i = 0; i < runs; i++) {
      const [a, b, c, d] = orthogonal()([2, 2], stream);
      quadrants[(a > 0 ? 1 : 0) + (b > 0 ? 2 : 0)]++;
      if (a * d - b * c < 0) reflections++;
    }
    // Standard errors 27 and 32.
    for (const count of quadrants) expect(Math.abs(count - runs / 4)).toBeLessThan(110);
    expect(Math.abs(reflections - runs / 2)).toBeLessThan(130);
  });
});

describe("scaled initialisers", () => {
  const shape = [200, 100, 2, 2];
  const size = 200 * 100 * 4;
  const [fanIn, fanOut] = [400, 800];
  const uniform = (bound: number) => ({ std: bound / Math.sqrt(3), bound });
  const normal = (std: number) => ({ std, bound: Number.POSITIVE_INFINITY });
  const table: [string, Initialiser, { std: number; bound: number }][] = [
    ["xavierUniform", xavierUniform(2), uniform(2 * Math.sqrt(6 / (fanIn + fanOut)))],
    ["xavierNormal", xavierNormal(2), normal(2 * Math.sqrt(2 / (fanIn + fanOut)))],
    ["kaimingUniform", kaimingUniform(), uniform(Math.sqrt(6 / fanIn))],
    ["kaimingUniform, out", kaimingUniform(1, "out"), uniform(Math.sqrt(3 / fanOut))],
    ["kaimingNormal", kaimingNormal(), normal(Math.sqrt(2 / fanIn))],
    ["PyTorch's default weight", defaultWeightInit, uniform(1 / Math.sqrt(fanIn))],
    ["PyTorch's default bias", fanInUniform(fanIn), uniform(1 / Math.sqrt(fanIn))],
    ["uniform", uniformInit(-0.3, 0.3), uniform(0.3)],
    ["normal", normalInit(0, 0.7), normal(0.7)],
  ];
  it.each(table)("%s has its spread", (name, init, { std, bound }) => {
    const values = init(shape, random(name));
    expect(values.length).toBe(size);
    const mean = values.reduce((sum, v) => sum + v, 0) / size;
    const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / size;
    expect(Math.abs(mean)).toBeLessThan((4 * std) / Math.sqrt(size));
    expect(Math.abs(Math.sqrt(variance) / std - 1)).toBeLessThan(0.02);
    const largest = values.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
    expect(largest).toBeLessThanOrEqual(bound);
    if (bound < Number.POSITIVE_INFINITY) expect(largest).toBeGreaterThan(0.999 * bound);
  });

  it("are functions of shape and stream alone", () => {
    expect(kaimingNormal()([3, 3], random("a"))).toEqual(kaimingNormal()([3, 3], random("a")));
    expect(kaimingNormal()([3, 3], random("a"))).not.toEqual(kaimingNormal()([3, 3], random("b")));
    expect([...constantInit(2)([3], random("c")), ...zerosInit([1], random("c"))]).toEqual([2, 2, 2, 0]);
    expect(() => xavierUniform()([3], random("d"))).toThrow(/weight must be of at least two axes/);
  });

  it("calculateGain as PyTorch", () => {
    expect([calculateGain("tanh"), calculateGain("relu"), calculateGain("sigmoid"), calculateGain("identity")]).toEqual(
      [5 / 3, Math.SQRT2, 1, 1],
    );
    expect(calculateGain("leakyRelu")).toBe(1.4141428569978354);
  });
});
