import { describe, expect, it } from "vitest";
import { expectClose } from "../../../test/support/transitions.ts";
import { Key } from "../../random/index.ts";
import { conjugateGradient, inner } from "./conjugate-gradient.ts";

const N = 12;
const random = Key.fromSeed(3).stream();

/** B·Bᵀ + damping·I with B of `rank` random columns, row-major. */
function positive(rank: number, damping: number): Float64Array[] {
  const factor = Array.from({ length: N }, () => {
    const row = new Float64Array(rank);
    random.fillNormal(row);
    return row;
  });
  return factor.map((a, i) => Float64Array.from(factor, (b, j) => inner(a, b) + (i === j ? damping : 0)));
}

const times = (matrix: Float64Array[]) => (v: Float64Array) => matrix.map((row) => inner(row, v));

/** Gaussian elimination with pivots. */
function solve(matrix: readonly Float64Array[], b: Float64Array): Float64Array {
  const rows = matrix.map((row, i) => Float64Array.of(...row, b[i]!));
  for (let k = 0; k < N; k++) {
    const best = rows.reduce((at, row, i) => (i > k && Math.abs(row[k]!) > Math.abs(rows[at]![k]!) ? i : at), k);
    [rows[k], rows[best]] = [rows[best]!, rows[k]!];
    for (let i = 0; i < N; i++) {
      if (i === k) continue;
      const factor = rows[i]![k]! / rows[k]![k]!;
      rows[i] = rows[i]!.map((value, j) => value - factor * rows[k]![j]!);
    }
  }
  return Float64Array.from(rows, (row, i) => row[N]! / row[i]!);
}

describe("conjugateGradient", () => {
  const matrix = positive(N, 0.5);
  const b = new Float64Array(N);
  random.fillNormal(b);
  const exact = solve(matrix, b);

  it("solves n equations in n steps", () => {
    expectClose(conjugateGradient(times(matrix), b, { maxSteps: N, tolerance: 0 }), exact, 1e-8);
    expect(() =>
      expectClose(conjugateGradient(times(matrix), b, { maxSteps: N - 4, tolerance: 0 }), exact, 1e-8),
    ).toThrow();
  });

  it("needs only as many steps as there are different eigenvalues: 3 and one for the damping", () => {
    const low = positive(3, 0.1);
    expectClose(conjugateGradient(times(low), b, { maxSteps: 4, tolerance: 0 }), solve(low, b), 1e-8);
    expect(() =>
      expectClose(conjugateGradient(times(low), b, { maxSteps: 3, tolerance: 0 }), solve(low, b), 1e-3),
    ).toThrow();
  });

  it("has nowhere to go without damping, where the matrix is singular and b is not in its range", () => {
    const singular = positive(3, 0);
    const x = conjugateGradient(times(singular), b, { maxSteps: 50, tolerance: 0 });
    expect(() => expectClose(times(singular)(x), b, 1e-3)).toThrow();
  });

  it("stops at a small residual, and at once where b is zero", () => {
    let products = 0;
    const counted = (v: Float64Array) => {
      products++;
      return v.map((value) => 2 * value);
    };
    expect([...conjugateGradient(counted, [2, 4], { maxSteps: 15 })]).toEqual([1, 2]);
    expect(products).toBe(1);
    expect([...conjugateGradient(counted, [0, 0], { maxSteps: 15 })]).toEqual([0, 0]);
    expect(products).toBe(1);
  });
});
