import { describe, expect, it } from "vitest";
import { valueAtStart, valueIteration } from "../../estimators/index.ts";
import { Key } from "../../random/index.ts";
import type { Claim } from "../claims.ts";
import { choices, corridor, exploration } from "./exploration.ts";
import { maximum, searches } from "./maximum.ts";
import { overestimation } from "./overestimation.ts";
import { structured } from "./structure.ts";

const key = Key.fromSeed(4);
const outcomes = (claims: readonly Claim[]) => claims.map(({ outcome }) => outcome);
const all = (outcome: string, count: number) => new Array<string>(count).fill(outcome);

describe("exploration", () => {
  it("has a corridor whose best return is 1, and 0.2 at the door", () => {
    const { values, q } = valueIteration(corridor, { gamma: 1 });
    expect(valueAtStart(corridor, values)).toBe(1);
    expect(q[0]).toBe(0.2);
  });

  it("is needed; control: where ε-greedy does not explore, the lab does not say that it does", () => {
    expect(outcomes(exploration(key, 30).claims)).toEqual(all("holds", 5));
    const { claims } = exploration(key, 30, { ...choices, "ε-greedy (0.1)": choices.greedy! });
    expect(outcomes(claims).slice(0, 4)).toEqual(["open", "holds", "open", "holds"]);
  });
});

describe("overestimation", () => {
  it("is found of one table and not of two; control: two tables that are one are not better", () => {
    const { claims, charts } = overestimation(key, 60);
    expect(outcomes(claims)).toEqual(all("holds", 3));
    const truth = charts[0]!.kind === "line" ? charts[0]!.series.at(-1)! : undefined;
    expect(truth).toMatchObject({ name: "truth" });
    expect(truth!.points.every(({ y }) => y === -0.1)).toBe(true);
    expect(outcomes(overestimation(key, 60, false).claims)).toEqual(["holds", "open", "open"]);
  });
});

describe("the maximum over continuous actions", () => {
  it("is found by each search where there are enough looks", () => {
    const random = key.stream();
    for (const [name, search] of Object.entries(searches)) {
      const gap = -search(([a]) => -(a! - 0.3) * (a! - 0.3), 1, random);
      expect(gap, name).toBeGreaterThanOrEqual(0);
      expect(gap, name).toBeLessThan(0.01);
    }
    // The middles of 64 cells: 0.296875 is the nearest to 0.3.
    expect(-searches.grid!(([a]) => -(a! - 0.3) * (a! - 0.3), 1, random)).toBeCloseTo(0.003125 ** 2, 12);
  });

  it("asks for a search in many dimensions; control: one that does not search is not said to", () => {
    expect(outcomes(maximum(key, 60).claims)).toEqual(all("holds", 5));
    const ways = { ...searches, "cross-entropy method": searches["random actions"]! };
    expect(outcomes(maximum(key, 60, ways).claims).slice(0, 4)).toEqual(["holds", "open", "fails", "holds"]);
  });

  it("is read off where Q has the structure; control: not where it has another", () => {
    const tops = [-0.5, 0, 0.8];
    const randoms = tops.map((_, i) => key.split("looks", i).stream());
    const hill = (top: number) => (action: readonly number[]) => 3 - 2 * (action[0]! - top) * (action[0]! - top);
    for (const value of structured(tops.map(hill), 1, 64, randoms)) expect(value).toBeGreaterThan(3 - 0.01);
    const valley = ([a]: readonly number[]) => a! * a!;
    expect(structured([valley], 1, 64, [key.stream()])[0]).toBeLessThan(0.5);
  });
});
