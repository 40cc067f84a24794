import { describe, expect, it } from "vitest";
import { evaluatePolicy } from "../../estimators/index.ts";
import { Key } from "../../random/index.ts";
import type { Claim } from "../claims.ts";
import { type Backup, bellmanBackup, rootMeanSquare } from "./backup.ts";
import { bairdsCounterexample } from "./baird.ts";
import { horizonValues } from "./horizon.ts";
import { monteCarloAndTd, randomWalk } from "./monte-carlo-and-td.ts";
import { onAndOffPolicy } from "./off-policy.ts";
import { targetAndReplay } from "./target-and-replay.ts";

const key = Key.fromSeed(5);
const outcomes = (claims: readonly Claim[]) => claims.map(({ outcome }) => outcome);

describe("Monte Carlo against TD", () => {
  it("has the exact values of the walk, (s − 9) / 10", () => {
    const values = evaluatePolicy(randomWalk, new Float64Array(19).fill(1), { gamma: 1 });
    values.forEach((value, state) => {
      expect(value).toBeCloseTo((state - 9) / 10, 10);
    });
  });

  it("finds TD ahead; control: not where it does not bootstrap", () => {
    expect(outcomes(monteCarloAndTd(key, 6, bellmanBackup).claims)).toEqual(["holds"]);
    expect(outcomes(monteCarloAndTd(key, 6, (reward) => reward).claims)).toEqual(["fails"]);
  });
});

describe("V on-policy against Q off-policy", () => {
  it("finds what each goes to; control: neither where the sign of the next value is wrong", () => {
    expect(outcomes(onAndOffPolicy(key, 4, bellmanBackup).claims)).toEqual(["holds", "holds"]);
    const wrong: Backup = (reward, next, terminated, gamma) => (terminated ? reward : reward - gamma * next);
    expect(outcomes(onAndOffPolicy(key, 4, wrong).claims)).toEqual(["fails", "fails"]);
  });
});

describe("values with a last step", () => {
  it("need a table for each; control: bootstrapping past the end is found", () => {
    expect(outcomes(horizonValues(key, 4, bellmanBackup).claims)).toEqual(["holds", "holds"]);
    const next: Backup = (reward, value, _terminated, gamma) => reward + gamma * (value - 1);
    expect(outcomes(horizonValues(key, 4, next).claims)).toContain("fails");
  });

  it("draws the exact values beside the learned ones", () => {
    const { charts } = horizonValues(key, 4, bellmanBackup);
    const [exact, timed] = charts[0]!.kind === "line" ? charts[0]!.series : [];
    exact!.points.forEach(({ x, y }, i) => {
      expect(timed!.points[i]!.x).toBe(x);
      expect(Math.abs(timed!.points[i]!.y - y)).toBeLessThan(0.05);
    });
    // One step left, nothing but its cost.
    expect(exact!.points.at(-1)).toEqual({ x: 1, y: -0.1 });
  });
});

describe("Baird's counterexample", () => {
  const { claims, charts, tables } = bairdsCounterexample(key, 4);

  it("diverges off-policy, slower with a target network, and not on-policy or with a table", () => {
    expect(outcomes(claims)).toEqual(["holds", "holds", "holds", "holds", "holds"]);
    const [off] = charts[0]!.kind === "line" ? charts[0]!.series : [];
    // A thousandfold, and still growing.
    expect(off!.points.at(-1)!.y - off!.points[0]!.y).toBeGreaterThan(3);
    expect(off!.points.at(-1)!.y).toBeGreaterThan(off!.points.at(-10)!.y);
  });

  it("starts from the values 3 in six states and 12 in the last", () => {
    const before = tables[0]!.rows[0]!.cells[0] as { mean: number };
    expect(10 ** before.mean).toBeCloseTo(Math.sqrt((6 * 9 + 144) / 7), 9);
  });
});

describe("target networks and replay", () => {
  it("are compared on the same transitions, and give the same figures again", () => {
    const { tables, claims, charts } = targetAndReplay(key, 2);
    expect(tables[0]!.rows.map(({ name }) => name)).toEqual(["target none", "target copied", "target averaged"]);
    expect(claims).toHaveLength(4);
    for (const chart of charts) {
      for (const { points } of chart.kind === "line" ? chart.series : []) {
        expect(points.at(-1)!.y).toBeLessThan(1);
        expect(points.at(-1)!.y).toBeGreaterThan(0.01);
      }
    }
    expect(JSON.stringify(targetAndReplay(key, 2).tables)).toBe(JSON.stringify(tables));
  });
});

it("the distance is the root of the mean square, by weights where there are some", () => {
  expect(rootMeanSquare([1, 2], [4, 6])).toBe(Math.sqrt((9 + 16) / 2));
  expect(rootMeanSquare([1, 2], [4, 6], [1, 3])).toBe(Math.sqrt((9 + 48) / 4));
});
