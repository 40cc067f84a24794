import { describe, expect, it } from "vitest";
import { Key } from "../random/index.ts";
import { effectiveRank, singularValues } from "./effective-rank.ts";

const random = Key.fromSeed(2).stream();
const drawn = (size: number) => Float64Array.from({ length: size }, () => random.normal());

describe("singular values", () => {
  it("are those of a matrix known by hand", () => {
    // [[3, 0], [4, 5]]: AᵀA = [[25, 20], [20, 25]] with eigenvalues 45 and 5.
    const found = [...singularValues([3, 0, 4, 5], 2, 2)].sort();
    expect(found[0]).toBeCloseTo(Math.sqrt(5), 12);
    expect(found[1]).toBeCloseTo(Math.sqrt(45), 12);
  });

  it("are found for wide and tall, rotated and repeated", () => {
    // A Householder reflection Q: all singular values of s·Q are s.
    const n = 7;
    const v = drawn(n);
    const squared = v.reduce((sum, x) => sum + x * x, 0);
    const reflection = Array.from({ length: n * n }, (_, k) => {
      const [i, j] = [Math.floor(k / n), k % n];
      return 3 * ((i === j ? 1 : 0) - (2 * v[i]! * v[j]!) / squared);
    });
    for (const value of singularValues(reflection, n, n)) expect(value).toBeCloseTo(3, 10);
    const twoRows = reflection.slice(0, 2 * n);
    for (const value of singularValues(twoRows, 2, n)) expect(value).toBeCloseTo(3, 10);
  });

  it("have the squares of the elements as the sum of their squares", () => {
    for (const [rows, columns] of [
      [30, 64],
      [64, 64],
      [200, 9],
    ] as const) {
      const a = drawn(rows * columns);
      const values = singularValues(a, rows, columns);
      expect(values.length).toBe(Math.min(rows, columns));
      const squares = (x: Float64Array) => x.reduce((sum, y) => sum + y * y, 0);
      expect(squares(values) / squares(a)).toBeCloseTo(1, 12);
    }
  });
});

describe("the effective rank", () => {
  const outer = (pairs: number, rows = 40, columns = 12) => {
    const sum = new Float64Array(rows * columns);
    for (let p = 0; p < pairs; p++) {
      const [left, right] = [drawn(rows), drawn(columns)];
      for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) sum[i * columns + j]! += left[i]! * right[j]!;
    }
    return sum;
  };

  it("counts the directions that features use", () => {
    expect(effectiveRank(outer(1), 40, 12)).toBe(1);
    expect(effectiveRank(outer(3), 40, 12)).toBe(3);
    expect(effectiveRank(new Float64Array(480), 40, 12)).toBe(0);
  });

  it("leaves out what makes up less than δ of the sum", () => {
    // Singular values 1, 1 and 0.01: the first two are 2/2.01 = 0.995 of the sum.
    const diagonal = [1, 0, 0, 0, 1, 0, 0, 0, 0.01];
    expect(effectiveRank(diagonal, 3, 3)).toBe(2);
    expect(effectiveRank(diagonal, 3, 3, 0.001)).toBe(3);
  });
});
