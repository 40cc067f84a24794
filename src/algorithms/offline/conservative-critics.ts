import { DiagonalGaussian, SquashedGaussian } from "../../distributions/index.ts";
import { log } from "../../math/index.ts";
import {
  affine,
  concat,
  full,
  logSumExp,
  mean,
  noGrad,
  randomUniform,
  reshape,
  sub,
  type Tensor,
} from "../../tensor/index.ts";
import { type Critics, repeatRows } from "../off-policy/critics.ts";

/** M actions for each of B observations, and how densely they lie where they were drawn. No gradient. */
export interface ActionSamples {
  /** `[B·M, A]`, −1 … 1, those of one observation together. */
  readonly actions: Tensor;
  /** `[B, M]` */
  readonly logDensities: Tensor;
}

/** So many uniform actions for each observation, and as many drawn from the policy there: M = 2 · `count`. */
export function drawSamples(
  { gaussian }: SquashedGaussian<DiagonalGaussian>,
  count: number,
  stream: Tensor,
): ActionSamples {
  const [rows, size] = gaussian.mean.shape as [number, number];
  return noGrad(() => {
    const repeated = new DiagonalGaussian(repeatRows(gaussian.mean, count), repeatRows(gaussian.logStd, count));
    const drawn = new SquashedGaussian(repeated).sampleWithLogProb(stream);
    const uniform = randomUniform(stream, [rows, count, size], { low: -1 });
    const actions = concat([uniform, reshape(drawn.action, [rows, count, size])], 1);
    const densities = [full([rows, count], -size * log(2)), reshape(drawn.logProb, [rows, count])];
    return { actions: reshape(actions, [rows * 2 * count, size]), logDensities: concat(densities, 1) };
  });
}

/**
 * log ∫ exp Q_k(s, a) da over all actions, for each critic: `[B]`. Estimated from samples by importance (Kumar et al. 2020, appendix F):
 *
 *     log ( 1/M Σ_i exp Q_k(s, a_i) / density(a_i) )
 */
export function logIntegrals(
  critics: Pick<Critics, "values">,
  observations: Tensor,
  { actions, logDensities }: ActionSamples,
): Tensor[] {
  const [rows, count] = logDensities.shape as [number, number];
  const values = critics.values(repeatRows(observations, count), actions);
  return values.map((value) => affine(logSumExp(sub(reshape(value, [rows, count]), logDensities)), 1, -log(count)));
}

/**
 * mean_s [ log ∫ exp Q_k(s, a) da − Q_k(s, a_recorded) ], over the critics too: how much values of other actions exceed those of
 * recorded ones. One element.
 * @param recorded Q_k `[B]` of the recorded actions
 */
export function conservativeLoss(integrals: readonly Tensor[], recorded: readonly Tensor[]): Tensor {
  return mean(concat(integrals.map((integral, k) => sub(integral, recorded[k]!))));
}
