import { argmax } from "./greedy.ts";

/**
 * ε-greedy (Sutton & Barto 2018, section 2.2): with probability ε any action, uniformly, the best one among them too;
 * otherwise the best, the lowest among ties. One random number decides both: below ε, it says which action besides.
 * @param values `values[offset … offset + count)` are those of the actions
 * @param u uniform in [0, 1)
 * @param mask `[count]`, 1 where allowed; at least one is
 */
export function epsilonGreedy(
  values: ArrayLike<number>,
  offset: number,
  count: number,
  epsilon: number,
  u: number,
  mask?: ArrayLike<number>,
): number {
  return u < epsilon ? exploringAction(count, epsilon, u, mask) : argmax(values, offset, count, mask);
}

/** Which action it is where u, uniform in [0, 1), lies below ε: each of the allowed ones as likely as any other. */
export function exploringAction(count: number, epsilon: number, u: number, mask?: ArrayLike<number>): number {
  const allowed = mask === undefined ? count : allowedCount(mask);
  // Rounding might make the quotient 1.
  const choice = Math.min(allowed - 1, Math.floor((u / epsilon) * allowed));
  return mask === undefined ? choice : allowedAction(mask, choice);
}

function allowedCount(mask: ArrayLike<number>): number {
  let allowed = 0;
  for (let i = 0; i < mask.length; i++) if (mask[i] !== 0) allowed++;
  return allowed;
}

/** The allowed action before which there are `choice` others. */
function allowedAction(mask: ArrayLike<number>, choice: number): number {
  let action = 0;
  for (let left = choice; mask[action] === 0 || left-- > 0; action++);
  return action;
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
