import { describe, expect, it } from "vitest";
import { Key } from "../../random/index.ts";
import { ageOfTheCritic } from "./age-of-the-critic.ts";
import { learners, learning } from "./learning.ts";

const key = Key.fromSeed(6);

describe("the age of the critic", () => {
  it("takes its bias away, and leaves variance far below that of returns", () => {
    const { claims, tables } = ageOfTheCritic(key, 8, 10);
    expect(claims.filter(({ outcome }) => outcome === "fails")).toEqual([]);
    const bias = tables[0]!.rows.slice(1).map(({ cells }) => (cells[0] as { mean: number }).mean);
    // Each of the first steps of growing up helps.
    for (let i = 1; i < 5; i++) expect(bias[i]).toBeLessThan(bias[i - 1]!);
    expect(Math.abs(bias.at(-1)!)).toBeLessThan(0.01);
  });
});

describe("learning with a critic", () => {
  const { claims, tables, charts } = learning(key, 16);

  it("bears the largest steps, and improves on the random policy", () => {
    expect(claims.at(-1)).toMatchObject({ outcome: "holds" });
    for (const { points } of charts[0]!.kind === "line" ? charts[0]!.series : []) {
      expect(points.at(-1)!.y).toBeGreaterThan(points[0]!.y + 0.2);
    }
    expect(tables[0]!.rows.map(({ name }) => name)).toEqual(Object.keys(learners));
  });

  it("control: a critic of the wrong sign learns the worst policy, and nothing is said in its favour", () => {
    const right = learners["one-step actor-critic"]!;
    const wrong = { ...learners, "one-step actor-critic": (...step: Parameters<typeof right>) => -right(...step) };
    const found = learning(key, 4, wrong).claims;
    expect(found[1]).toMatchObject({ outcome: "fails" });
  });
});
