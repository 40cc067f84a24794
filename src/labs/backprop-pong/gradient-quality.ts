/** How good estimates of a gradient are that is known. */
import { cosine } from "../../inspection/noise.ts";
import { meanOf } from "../interval.ts";

export interface GradientQuality {
  /** ‖E ĝ − g‖² / ‖g‖², unbiased: around 0 where there is no bias, below 0 too. */
  readonly bias: number;
  /** tr Var[ĝ] of one estimate / ‖g‖². */
  readonly variance: number;
  /** Mean cosine of an estimate to g; an estimate of 0 points nowhere, and counts as 0. */
  readonly cosine: number;
}

/** @param estimates at least two, of the length of the true gradient */
export function gradientQuality(estimates: readonly ArrayLike<number>[], truth: ArrayLike<number>): GradientQuality {
  const count = estimates.length;
  const squares = squaredNorm(truth);
  let [bias, variance] = [0, 0];
  for (let i = 0; i < truth.length; i++) {
    const mean = meanOf(estimates.map((estimate) => estimate[i]!));
    bias += (mean - truth[i]!) * (mean - truth[i]!);
    for (const estimate of estimates) variance += (estimate[i]! - mean) * (estimate[i]! - mean);
  }
  variance /= count - 1;
  return {
    bias: (bias - variance / count) / squares,
    variance: variance / squares,
    cosine: meanOf(estimates.map((estimate) => cosine(estimate, truth) ?? 0)),
  };
}

function squaredNorm(x: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * x[i]!;
  return sum;
}
