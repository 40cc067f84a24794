/**
 * The index of the largest of `values[offset … offset + count)`, counted from 0; the lowest among ties.
 * @param mask `[count]`, 1 where allowed; at least one is
 */
export function argmax(values: ArrayLike<number>, offset: number, count: number, mask?: ArrayLike<number>): number {
  let best = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    const value = values[offset + i];
    if (value > most && (mask === undefined || mask[i] !== 0)) {
      most = value;
      best = i;
    }
  }
  return best;
}

/** The largest of `values[offset … offset + count)`. */
export function maximum(values: ArrayLike<number>, offset: number, count: number): number {
  let most = values[offset];
  for (let i = 1; i < count; i++) {
    const value = values[offset + i];
    if (value > most) most = value;
  }
  return most;
}
