import { describe, expect, it } from "vitest";
import { EnvironmentError, FormatError } from "../../errors.ts";
import { Key } from "../../random/index.ts";
import { Discrete } from "../../spaces/index.ts";
import type { SavedArray } from "../algorithm.ts";
import { makeTable } from "./tables.ts";
import { TabularPolicy } from "./tabular-policy.ts";

/** Observations 5 and 6, actions 10 to 12. */
function policyOf(preferences: number[], probabilities = preferences, shape = [2, 3]) {
  const table = makeTable(shape);
  table.data.set(preferences);
  const spaces = { observationSpace: new Discrete(2, 5), actionSpace: new Discrete(3, 10) };
  return new TabularPolicy(
    { config: {}, key: Key.fromSeed(1), ...spaces },
    {
      tables: { q: table },
      preferences: table,
      probabilities: (row, out) => out.set(probabilities.slice(3 * row, 3 * row + 3)),
    },
  );
}

describe("a tabular policy", () => {
  const policy = policyOf([1, 2, 2, 7, 0, 0], [0.2, 0.3, 0.5, 1, 0, 0]);
  const best = { deterministic: true };

  it("takes the lowest of the best actions, in the numbers of its spaces", () => {
    expect(policy.act(5, best)).toBe(11);
    expect(policy.act(6, best)).toBe(10);
  });

  it("samples with its probabilities, and the same again after reseeding", () => {
    const draw = () => Array.from({ length: 10_000 }, () => policy.act(5));
    policy.reseed(Key.fromSeed(2));
    const actions = draw();
    for (const [action, share] of [
      [10, 0.2],
      [11, 0.3],
      [12, 0.5],
    ] as const) {
      // Four standard errors are at most 0.02.
      expect(Math.abs(actions.filter((chosen) => chosen === action).length / 10_000 - share)).toBeLessThan(0.02);
    }
    policy.reseed(Key.fromSeed(2));
    expect(draw()).toEqual(actions);
  });

  it("keeps to a mask", () => {
    const mask = Uint8Array.of(1, 0, 1);
    expect(policy.act(5, { ...best, mask })).toBe(12);
    for (let i = 0; i < 100; i++) expect(policy.act(5, { mask })).not.toBe(11);
    // What it would take is not allowed: the best of what is.
    expect(policy.act(6, { mask: Uint8Array.of(0, 1, 1) })).toBe(11);
    expect(() => policy.act(5, { mask: new Uint8Array(3) })).toThrow(/^action mask must be 1 for at least one action/);
    expect(() => policy.act(5, { mask: new Uint8Array(2) })).toThrow(/^action mask must be of 3 entries/);
  });

  it("refuses observations that do not exist", () => {
    expect(() => policy.act(7)).toThrow(EnvironmentError);
    expect(() => policy.act([5])).toThrow(/^observation must be an integer from 5 to 6/);
  });

  it("goes from table to table where it depends on the step", () => {
    const timed = policyOf([1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0], undefined, [2, 2, 3]);
    for (let episode = 0; episode < 2; episode++) {
      timed.reset();
      expect([0, 1, 2].map(() => timed.act(5, best))).toEqual([10, 11, 11]);
    }
  });

  it("loads only tables that fit", () => {
    const other = policyOf([0, 0, 1, 0, 0, 1]);
    const saved = other.parameters();
    policy.load(saved);
    expect(policy.act(5, best)).toBe(12);
    const damaged: Record<string, SavedArray>[] = [
      {},
      { ...saved, more: saved.q! },
      { q: { ...saved.q!, shape: [3, 2] } },
      { q: { dtype: "F32" as const, shape: [2, 3], data: new Float32Array(6) } },
    ];
    for (const bad of damaged) expect(() => policy.load(bad)).toThrow(FormatError);
    expect(policy.act(5, best)).toBe(12);
  });
});
