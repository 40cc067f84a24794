/**
 * The index that a uniform number u in [0, 1) selects among `probabilities[offset … offset + count)`, which sum to 1: the first
 * whose running sum exceeds u. Where rounding leaves the sum at or below u it is the last of those above 0.
 */
export function selectAction(probabilities: ArrayLike<number>, offset: number, count: number, u: number): number {
  let left = u;
  let last = 0;
  for (let i = 0; i < count; i++) {
    const probability = probabilities[offset + i];
    if (probability === 0) continue;
    left -= probability;
    if (left < 0) return i;
    last = i;
  }
  return last;
}
