/** How good an estimator of a gradient is that is exactly known. */

import { cosine } from "../../inspection/noise.ts";
import type { Episodes } from "../episodes.ts";
import { meanOf } from "../interval.ts";
import type { FrozenPolicy } from "./frozen-policy.ts";

export interface Quality {
  /** ‖E ĝ − g‖² / ‖g‖², unbiased: around 0 where there is no bias, below 0 too. */
  readonly bias: number;
  /** tr Var[ĝ] of one episode / ‖g‖². */
  readonly variance: number;
  /** ‖E ĝ‖² / tr Var[ĝ], of one episode; unbiased in the numerator. */
  readonly signalToNoise: number;
  /** Mean cosine between g and the mean of `BATCH` episodes. */
  readonly cosine: number;
}

export const BATCH = 32;

/** @param credit `[T]` for the steps of the episodes */
export function qualityOf(policy: FrozenPolicy, episodes: Episodes, credit: Float64Array): Quality {
  const { gradient, parameters, addScore } = policy;
  const mean = new Float64Array(parameters);
  const cosines: number[] = [];
  const [own, batch] = [new Float64Array(parameters), new Float64Array(parameters)];
  let [squares, seen] = [0, 0];
  for (let i = 0; i < credit.length; i++) {
    addScore(own, episodes.states[i]!, episodes.actions[i]!, credit[i]!);
    if (!episodes.terminated[i]) continue;
    squares += squaredNorm(own);
    for (let p = 0; p < parameters; p++) {
      mean[p]! += own[p]! / episodes.count;
      batch[p]! += own[p]!;
    }
    own.fill(0);
    if (++seen % BATCH !== 0) continue;
    // An estimate of 0 points nowhere.
    cosines.push(cosine(batch, gradient) ?? 0);
    batch.fill(0);
  }
  const { count } = episodes;
  const truth = squaredNorm(gradient);
  const variance = (squares - count * squaredNorm(mean)) / (count - 1);
  const noise = variance / count;
  return {
    bias: (squaredNorm(mean.map((value, p) => value - gradient[p]!)) - noise) / truth,
    variance: variance / truth,
    signalToNoise: (squaredNorm(mean) - noise) / variance,
    cosine: meanOf(cosines),
  };
}

function squaredNorm(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * x[i]!;
  return sum;
}
