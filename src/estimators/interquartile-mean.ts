import { mean } from "./moments.ts";

/**
 * The mean of the middle half: a quarter of the values, rounded down, is left out at either end. Nearly as sharp as the mean
 * and, unlike it, not moved by one run that went wrong (Agarwal et al. 2021, "Deep reinforcement learning at the edge of the
 * statistical precipice", section 4.3; SciPy's `trim_mean(x, 0.25)`).
 * @throws ShapeError for no values
 */
export function interquartileMean(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const cut = Math.floor(sorted.length / 4);
  return mean(sorted.subarray(cut, sorted.length - cut), "values");
}
