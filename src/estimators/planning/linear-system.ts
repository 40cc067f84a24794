import { ConfigError, type Fault } from "../../errors.ts";

/** Pivots are compared with the largest entry, which is about 1 where rows are probabilities. */
const SINGULAR = 1e-13;

/**
 * Solves M x = b in place: Gaussian elimination with partial pivoting (Golub & Van Loan, "Matrix computations", algorithm
 * 3.4.1).
 * @param matrix `[n, n]`, overwritten
 * @param b `[n]`, overwritten with x and returned
 * @param singular what to say where there is no one solution
 * @throws ConfigError
 */
export function solveLinear(matrix: Float64Array, b: Float64Array, singular: Fault): Float64Array {
  const n = b.length;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(matrix[i * n + k]) > Math.abs(matrix[pivot * n + k])) pivot = i;
    if (!(Math.abs(matrix[pivot * n + k]) > SINGULAR)) throw new ConfigError(singular);
    if (pivot !== k) swapRows(matrix, b, pivot, k);
    for (let i = k + 1; i < n; i++) {
      const factor = matrix[i * n + k] / matrix[k * n + k];
      // Few states follow upon one another: most of the matrix is 0.
      if (factor === 0) continue;
      for (let j = k; j < n; j++) matrix[i * n + j] -= factor * matrix[k * n + j];
      b[i] -= factor * b[k];
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    let sum = b[k];
    for (let j = k + 1; j < n; j++) sum -= matrix[k * n + j] * b[j];
    b[k] = sum / matrix[k * n + k];
  }
  return b;
}

function swapRows(matrix: Float64Array, b: Float64Array, i: number, k: number): void {
  const n = b.length;
  const row = matrix.slice(i * n, (i + 1) * n);
  matrix.copyWithin(i * n, k * n, (k + 1) * n);
  matrix.set(row, k * n);
  [b[i], b[k]] = [b[k], b[i]];
}
