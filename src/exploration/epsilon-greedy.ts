import { argmax } from "./greedy.ts";

/**
 * ε-greedy (Sutton & Barto 2018, section 2.2): with probability ε any action, uniformly, the best one among them too;
 * otherwise the best, the lowest among ties. One random number decides both: below ε, it says which action besides.
 * @param values `values[offset … offset + count)` are those of the actions
 * @param u uniform in [0, 1)
 */
export function epsilonGreedy(
  values: ArrayLike<number>,
  offset: number,
  count: number,
  epsilon: number,
  u: number,
): number {
  return u < epsilon ? exploringAction(count, epsilon, u) : argmax(values, offset, count);
}

/** Which action it is where u, uniform in [0, 1), lies below ε. */
export function exploringAction(count: number, epsilon: number, u: number): number {
  // Rounding might make the quotient 1.
  return Math.min(count - 1, Math.floor((u / epsilon) * count));
}

/** Writes the probability of each action into `out` `[count]`: ε/count, and 1 − ε more for the best. */
export function epsilonGreedyProbabilities(
  values: ArrayLike<number>,
  offset: number,
  count: number,
  epsilon: number,
  out: Float64Array,
): void {
  out.fill(epsilon / count, 0, count);
  out[argmax(values, offset, count)] += 1 - epsilon;
}
