import { ConfigError } from "../errors.ts";
import { checkSameLength, mean } from "./moments.ts";

/**
 * The constant baseline b = (1/B) Σ_i R_i of B returns (Williams 1992, "Simple statistical gradient-following
 * algorithms for connectionist reinforcement learning"). ShapeError if empty.
 */
export function meanBaseline(returns: ArrayLike<number>): number {
  return mean(returns, "returns");
}

/**
 * The constant baseline that makes the variance of the score-function estimator (R - b) ∇ log π least, b = E[‖∇ log
 * π‖² R] / E[‖∇ log π‖²] (Greensmith, Bartlett & Baxter 2004, "Variance reduction techniques for gradient estimates
 * in reinforcement learning"; for sampled returns R).
 *
 * | symbol | argument | shape |
 * |---|---|---|
 * | R_i | `returns` | [B] |
 * | ‖∇ log π_i‖² | `squaredScoreNorms`, not negative | [B] |
 *
 * Where all scores are 0 every baseline is as good, and the mean return is given. ShapeError for lengths, ConfigError
 * for a negative norm.
 */
export function optimalBaseline(returns: ArrayLike<number>, squaredScoreNorms: ArrayLike<number>): number {
  checkSameLength("squaredScoreNorms", squaredScoreNorms, returns);
  let weighted = 0;
  let weight = 0;
  for (let i = 0; i < returns.length; i++) {
    const norm = squaredScoreNorms[i];
    if (!(norm >= 0)) throw new ConfigError({ field: "squaredScoreNorms", value: norm, allowed: "not negative" });
    weighted += norm * returns[i];
    weight += norm;
  }
  return weight > 0 ? weighted / weight : meanBaseline(returns);
}
