/** How many directions a layer's features use. */

/** From the bound down to its last bit. */
const BISECTIONS = 54;

/**
 * srank_δ (Kumar et al. 2021, "Implicit under-parameterization inhibits data-efficient deep reinforcement learning", section 3):
 * the smallest k for which the k largest singular values of the features make up 1 − δ of the sum of all.
 * @param features `[N, H]`, row-major
 */
export function effectiveRank(features: ArrayLike<number>, rows: number, columns: number, delta = 0.01): number {
  const values = singularValues(features, rows, columns).sort().reverse();
  const total = values.reduce((a, b) => a + b, 0);
  if (!(total > 0)) return 0;
  let sum = 0;
  for (let k = 0; k < values.length; k++) {
    sum += values[k]!;
    if (sum >= (1 - delta) * total) return k + 1;
  }
  return values.length;
}

/** Roots of the eigenvalues of the smaller of AᵀA and AAᵀ. What is below 1e-8 of the largest is lost in squaring. */
export function singularValues(a: ArrayLike<number>, rows: number, columns: number): Float64Array {
  const isTall = rows >= columns;
  const [size, length] = isTall ? [columns, rows] : [rows, columns];
  const [step, stride] = isTall ? [1, columns] : [columns, 1];
  const gram = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < length; k++) sum += a[i * step + k * stride]! * a[j * step + k * stride]!;
      gram[i * size + j] = sum;
      gram[j * size + i] = sum;
    }
  }
  return eigenvalues(gram, size).map((value) => Math.sqrt(Math.max(0, value)));
}

/**
 * Of a symmetric matrix, ascending: Householder's reduction to a tridiagonal one (Golub & Van Loan 2013, algorithm 8.3.1), then
 * bisection by Sturm counts (section 8.4.1), which finds every eigenvalue to full absolute accuracy. `a` is used up.
 */
function eigenvalues(a: Float64Array, n: number): Float64Array {
  const { diagonal, off } = tridiagonal(a, n);
  let bound = 0;
  for (let i = 0; i < n; i++) {
    bound = Math.max(bound, Math.abs(diagonal[i]!) + Math.abs(off[i]!) + Math.abs(off[i + 1] ?? 0));
  }
  return Float64Array.from({ length: n }, (_, k) => {
    let [low, high] = [-bound, bound];
    for (let step = 0; step < BISECTIONS && low < high; step++) {
      const middle = (low + high) / 2;
      if (countBelow(diagonal, off, middle, bound) > k) high = middle;
      else low = middle;
    }
    return (low + high) / 2;
  });
}

/** off[i] stands between diagonal[i − 1] and diagonal[i]. */
function tridiagonal(a: Float64Array, n: number): { diagonal: Float64Array; off: Float64Array } {
  const off = new Float64Array(n);
  const v = new Float64Array(n);
  const p = new Float64Array(n);
  for (let k = 0; k < n - 1; k++) {
    let squares = 0;
    for (let i = k + 1; i < n; i++) squares += a[i * n + k]! * a[i * n + k]!;
    const first = a[(k + 1) * n + k]!;
    const norm = Math.sqrt(squares);
    off[k + 1] = first > 0 ? -norm : norm;
    if (norm === 0) continue;
    for (let i = k + 1; i < n; i++) v[i] = a[i * n + k]!;
    v[k + 1] = first - off[k + 1]!;
    const beta = 1 / (squares - first * off[k + 1]!);
    let product = 0;
    for (let i = k + 1; i < n; i++) {
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += a[i * n + j]! * v[j]!;
      p[i] = beta * sum;
      product += p[i]! * v[i]!;
    }
    for (let i = k + 1; i < n; i++) p[i]! -= 0.5 * beta * product * v[i]!;
    for (let i = k + 1; i < n; i++) {
      for (let j = k + 1; j < n; j++) a[i * n + j]! -= v[i]! * p[j]! + p[i]! * v[j]!;
    }
  }
  return { diagonal: Float64Array.from({ length: n }, (_, i) => a[i * n + i]!), off };
}

/** How many eigenvalues are below x: the negative pivots of LDLᵀ of the matrix less x. */
function countBelow(diagonal: Float64Array, off: Float64Array, x: number, bound: number): number {
  let count = 0;
  let pivot = 1;
  for (let i = 0; i < diagonal.length; i++) {
    pivot = diagonal[i]! - x - (off[i]! * off[i]!) / pivot;
    if (pivot === 0) pivot = -bound * 2.3e-16;
    if (pivot < 0) count++;
  }
  return count;
}
