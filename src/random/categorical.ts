import { ConfigError, ShapeError } from "../errors.ts";

/**
 * The index that a uniform number u in [0, 1) selects among `length` probabilities from `offset` on: the first one
 * whose running sum exceeds u times the total. They need not sum to 1; an index of probability 0 is never selected.
 */
export function selectCategory(u: number, probabilities: ArrayLike<number>, offset: number, length: number): number {
  if (!(length > 0 && offset >= 0 && offset + length <= probabilities.length)) {
    throw new ShapeError({
      field: "probabilities",
      value: [offset, length],
      allowed: `an offset and a positive length inside ${probabilities.length} entries`,
    });
  }
  let total = 0;
  for (let i = offset; i < offset + length; i++) {
    const p = probabilities[i];
    if (!(p >= 0)) throw invalid(p);
    total += p;
  }
  if (!(total > 0 && total < Number.POSITIVE_INFINITY)) throw invalid(total);
  const threshold = u * total;
  let sum = 0;
  for (let i = 0; i < length; i++) {
    sum += probabilities[offset + i];
    if (sum > threshold) return i;
  }
  // Unreachable: u < 1 puts the threshold below the same sum. The last index keeps the type honest.
  return length - 1;
}

function invalid(value: number): ConfigError {
  return new ConfigError({ field: "probabilities", value, allowed: "non-negative, finite and not all zero" });
}
