import { describe, expect, it } from "vitest";
import { eloRatings, expectedScore, updatedElo } from "./elo.ts";

describe("Elo ratings", () => {
  it("by hand: 400 points are odds of ten to one", () => {
    expect(expectedScore(1500, 1500)).toBe(0.5);
    expect(expectedScore(1900, 1500)).toBeCloseTo(10 / 11, 14);
    expect(expectedScore(1500, 1900)).toBeCloseTo(1 / 11, 14);
    expect(expectedScore(1613, 1609)).toBeCloseTo(0.506, 3);
  });

  it("by hand: one game moves a rating by k times the surprise", () => {
    expect(updatedElo(1500, 1500, 1, 32)).toBe(1516);
    expect(updatedElo(1900, 1500, 1, 11)).toBeCloseTo(1901, 12);
    expect(updatedElo(1900, 1500, 0, 11)).toBeCloseTo(1890, 12);
    expect(updatedElo(1500, 1500, 0.5)).toBe(1500);
    // What one wins the other loses.
    expect(updatedElo(1613, 1388, 1, 20) - 1613).toBeCloseTo(1388 - updatedElo(1388, 1613, 0, 20), 12);
    expect(() => updatedElo(0, 0, 1.5)).toThrow(/score must be from 0 to 1; got 1.5/);
  });

  it("of a table by hand: three of four games, a draw added, are odds of 3.5 to 1.5", () => {
    const [first, second] = eloRatings(
      [
        [0, 1],
        [3, 0],
      ],
      1000,
    );
    expect(first).toBe(1000);
    expect(second).toBeCloseTo(1000 + 400 * Math.log10(3.5 / 1.5), 8);
  });

  it("of a table are those under which everyone took what was expected", () => {
    const scores = [
      [0, 4, 1, 0],
      [6, 0, 3, 2.5],
      [9, 7, 0, 0],
      [0, 7.5, 0, 0],
    ];
    const ratings = eloRatings(scores);
    for (const [i, row] of scores.entries()) {
      const met = row.map((score, j) => score + scores[j]![i]!);
      const taken = row.reduce((sum, score, j) => sum + (met[j]! > 0 ? score + 0.5 : 0), 0);
      const expected = met.reduce(
        (sum, count, j) => sum + (count > 0 ? (count + 1) * expectedScore(ratings[i]!, ratings[j]!) : 0),
        0,
      );
      expect(expected).toBeCloseTo(taken, 6);
    }
    // Control: other ratings expect something else.
    expect(10 * expectedScore(ratings[1]!, ratings[0]! + 100)).not.toBeCloseTo(6, 1);
  });

  it("are finite for who won or lost everything, and refuse tables that are none", () => {
    const ratings = eloRatings([
      [0, 0],
      [50, 0],
    ]);
    expect(ratings[1]).toBeCloseTo(400 * Math.log10(50.5 / 0.5), 6);
    expect(() => eloRatings([[0, 1]])).toThrow(/scores must be a square table/);
  });
});
