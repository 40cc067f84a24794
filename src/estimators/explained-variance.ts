import { checkSameLength, mean, sumOfSquares } from "./moments.ts";

/**
 * 1 - Var[returns - values] / Var[returns]: the part of the returns' variance that the critic accounts for. 1 is
 * perfect, 0 as good as a constant, below 0 worse than one; NaN where the returns do not vary. Both [B]; ShapeError
 * if empty or if the lengths differ.
 */
export function explainedVariance(values: ArrayLike<number>, returns: ArrayLike<number>): number {
  checkSameLength("values", values, returns);
  const total = sumOfSquares(returns, mean(returns, "returns"));
  if (total === 0) return Number.NaN;
  const residuals = new Float64Array(returns.length);
  for (let i = 0; i < residuals.length; i++) residuals[i] = returns[i] - values[i];
  return 1 - sumOfSquares(residuals, mean(residuals, "returns")) / total;
}
