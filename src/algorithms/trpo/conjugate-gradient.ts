/** Below this squared residual the solution is as good as float32 products allow; Stable-Baselines3's value. */
const SMALL_RESIDUAL = 1e-10;

/**
 * Solves A·x = b for a symmetric positive definite A that is only known by its products (Hestenes & Stiefel 1952; Nocedal &
 * Wright 2006, algorithm 5.2). In exact arithmetic n steps solve n equations; far fewer come close.
 *
 * @param product A·v; the array it returns is read before the next call
 * @param b `[n]`
 * @returns x `[n]`; zeros where b is zero
 */
export function conjugateGradient(
  product: (v: Float64Array) => ArrayLike<number>,
  b: ArrayLike<number>,
  { maxSteps, tolerance = SMALL_RESIDUAL }: { maxSteps: number; tolerance?: number },
): Float64Array {
  const x = new Float64Array(b.length);
  const residual = Float64Array.from(b);
  const direction = residual.slice();
  let squared = inner(residual, residual);
  for (let step = 0; step < maxSteps && squared > tolerance; step++) {
    const along = product(direction);
    const size = squared / inner(direction, along);
    for (let i = 0; i < x.length; i++) {
      x[i]! += size * direction[i]!;
      residual[i]! -= size * along[i]!;
    }
    const before = squared;
    squared = inner(residual, residual);
    for (let i = 0; i < x.length; i++) direction[i] = residual[i]! + (squared / before) * direction[i]!;
  }
  return x;
}

/** Σ a·b. */
export function inner(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
