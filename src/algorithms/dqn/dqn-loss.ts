import type { TransitionBatch } from "../../data/index.ts";
import {
  add,
  argMax,
  huberLoss,
  l1Loss,
  maskFill,
  maxRows,
  mean,
  mseLoss,
  mul,
  noGrad,
  pick,
  sub,
  type Tensor,
} from "../../tensor/index.ts";
import type { QNetwork } from "./q-network.ts";

/** Which error of a value counts how much; one loss for each transition. */
export const lossNames = ["huber", "mse", "l1"] as const;
export type LossName = (typeof lossNames)[number];

const losses: Readonly<Record<LossName, (prediction: Tensor, target: Tensor) => Tensor>> = {
  huber: (prediction, target) => huberLoss(prediction, target, { reduction: "none" }),
  mse: (prediction, target) => mseLoss(prediction, target, "none"),
  l1: (prediction, target) => l1Loss(prediction, target, "none"),
};

/** Below every value there is: what an action that is not allowed is worth. */
const FAR = -1e9;

/** Q of the allowed actions, far below for the others. */
export function allowedValues(values: Tensor, mask: Tensor | undefined): Tensor {
  return mask ? maskFill(values, mask, FAR) : values;
}

/**
 * y = r + γ max_a Q̄(s′, a) `[B]` (Mnih et al. 2015, algorithm 1), or with double Q-learning r + γ Q̄(s′, argmax_a Q(s′, a)) (van
 * Hasselt et al. 2016, equation 4): one network chooses, the other judges.
 */
export function dqnTargets(
  network: Pick<QNetwork, "values">,
  target: Pick<QNetwork, "values">,
  batch: TransitionBatch,
  { double }: { readonly double: boolean },
): Tensor {
  const { nextObservations, nextMasks, returns, discounts } = batch;
  const judged = target.values(nextObservations);
  const next = double
    ? pick(judged, argMax(allowedValues(network.values(nextObservations), nextMasks)))
    : maxRows(allowedValues(judged, nextMasks));
  return add(returns, mul(discounts, next));
}

/** The mean loss of Q(s, a) against its targets, each weighed by importance, and what it was made from. */
export function dqnLoss(
  network: Pick<QNetwork, "values">,
  target: Pick<QNetwork, "values">,
  batch: TransitionBatch,
  options: { readonly double: boolean; readonly loss: LossName },
) {
  const targets = noGrad(() => dqnTargets(network, target, batch, options));
  const values = pick(network.values(batch.observations), batch.actions);
  const total = mean(mul(losses[options.loss](values, targets), batch.weights));
  return { total, values, targets, errors: sub(targets, values) };
}
