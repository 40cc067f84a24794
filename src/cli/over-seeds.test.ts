import { describe, expect, it } from "vitest";
import type { TrainResult } from "./messages.ts";
import { overSeeds, seedsTable } from "./over-seeds.ts";

const result = (seed: number, mean: number | null): TrainResult => ({
  ...{ run: `seed-${seed}`, algorithm: "ppo", env: "CartPole-v1", seed, steps: 1000 * seed, seconds: 1.5 },
  ...{ stepsPerSecond: 700, parametersSha256: "" },
  evaluation: mean === null ? null : { episodes: 20, mean, std: 1, min: mean - 1, max: mean + 1 },
});

describe("overSeeds", () => {
  it("says what the seeds reached together", () => {
    const summary = overSeeds([10, 20, 30, 40, 900].map((mean, i) => result(i + 1, mean)))!;
    expect(summary).toMatchObject({ mean: 200, interquartileMean: 30, min: 10, max: 900 });
    expect(summary.std).toBeCloseTo(Math.sqrt((190 ** 2 + 180 ** 2 + 170 ** 2 + 160 ** 2 + 700 ** 2) / 5), 9);
    const [low, high] = summary.interval;
    expect([low >= 10, low <= 30, high >= 30, high <= 900]).toEqual([true, true, true, true]);
    expect(overSeeds([result(1, null)])).toBeNull();
  });
});

describe("seedsTable", () => {
  it("has a row for each seed and a line for all", () => {
    const results = [result(1, 10), result(12, 20)];
    const lines = seedsTable(results, overSeeds(results)).split("\n");
    expect(lines.slice(0, 3)).toEqual([
      "seed   steps    time  return  ± std",
      "   1   1,000  1.50 s    10.0    1.0",
      "  12  12,000  1.50 s    20.0    1.0",
    ]);
    expect(lines[3]).toMatch(/^mean 15\.0 · interquartile mean 15\.0 \(95 % interval 10\.0 to 20\.0\)$/);
    expect(lines).toHaveLength(4);
  });

  it("says how many seeds the numbers leave out", () => {
    const results = [result(1, 10), result(2, null), result(3, null)];
    const lines = seedsTable(results, overSeeds(results)).split("\n");
    expect(lines.at(-1)).toBe("Without 2 of 3 seeds, which could not be evaluated.");
    expect(seedsTable([result(2, null)], null)).not.toContain("mean");
  });
});
