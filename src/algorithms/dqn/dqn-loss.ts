import type { TransitionBatch } from "../../data/index.ts";
import { Discrete } from "../../spaces/index.ts";
import {
  argMax,
  type FloatType,
  maskFill,
  mean,
  mul,
  noGrad,
  pick,
  reshape,
  sum,
  type Tensor,
} from "../../tensor/index.ts";
import { actionEncoder } from "../encode-actions.ts";
import type { ValueHead } from "./heads/value-head.ts";
import type { QNetwork } from "./networks/q-network.ts";

/** Below every value there is: what an action that is not allowed is worth. */
export const FAR = -1e9;

export interface DqnLossOptions {
  readonly head: ValueHead;
  /** Double Q-learning. */
  readonly double: boolean;
  /** Weigh the transitions by their importance. */
  readonly weighted: boolean;
  /** Where the noise of noisy networks comes from; each use of a network draws its own. */
  readonly noise?: Tensor | undefined;
}

type Network = Pick<QNetwork, "outputs">;

/**
 * What Q̄ says of the best next action, `[B, K]`: argmax_a Q̄(s′, a) (Mnih et al. 2015, algorithm 1), or with double Q-learning
 * argmax_a Q(s′, a) (van Hasselt et al. 2016, equation 4): one network chooses, the other judges.
 */
export function nextOutputs(
  network: Network,
  target: Network,
  { nextObservations, nextMasks }: Pick<TransitionBatch, "nextObservations" | "nextMasks">,
  { head, double, noise }: DqnLossOptions,
): Tensor {
  const judged = target.outputs(nextObservations, noise);
  const values = head.values(double ? network.outputs(nextObservations, noise) : judged);
  return ofActions(judged, argMax(nextMasks ? maskFill(values, nextMasks, FAR) : values));
}

/** The mean loss of what the network says of the actions taken, and what it was made from. */
export function dqnLoss(network: Network, target: Network, batch: TransitionBatch, options: DqnLossOptions) {
  const { head, noise, weighted } = options;
  const next = noGrad(() => nextOutputs(network, target, batch, options));
  const chosen = ofActions(network.outputs(batch.observations, noise), batch.actions);
  const found = head.losses({ chosen, next, returns: batch.returns, discounts: batch.discounts });
  const { losses, errors, targets } = found;
  const total = mean(weighted ? mul(losses, batch.weights) : losses);
  return { total, losses, errors, chosen, targets, meanValue: noGrad(() => mean(head.values(chosen))) };
}

/** What is said of one action each: `outputs` `[B, n, K]` and `actions` int32 `[B]` to `[B, K]`. */
export function ofActions(outputs: Tensor, actions: Tensor): Tensor {
  const [batch, count, size] = outputs.shape as [number, number, number];
  if (size === 1) return reshape(pick(reshape(outputs, [batch, count]), actions), [batch, 1]);
  const isChosen = actionEncoder(new Discrete(count), outputs.dtype as FloatType)(actions);
  return sum(mul(outputs, reshape(isChosen, [batch, count, 1])), 1);
}
