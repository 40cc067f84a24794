/** What the parts of the lab share: the target of a step, and the distance to exact values. */

/** The target of a step, r + γ V(s′), from V(s′). */
export type Backup = (reward: number, next: number, terminated: boolean, gamma: number) => number;

/** Termination does not bootstrap. */
export const bellmanBackup: Backup = (reward, next, terminated, gamma) => (terminated ? reward : reward + gamma * next);

/** √ of the mean over the states of (V − truth)². @param weights `[S]` default: all states alike */
export function rootMeanSquare(
  values: ArrayLike<number>,
  truth: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  let [sum, total] = [0, 0];
  for (let s = 0; s < truth.length; s++) {
    const weight = weights === undefined ? 1 : weights[s]!;
    const distance = values[s]! - truth[s]!;
    sum += weight * distance * distance;
    total += weight;
  }
  return Math.sqrt(sum / total);
}
