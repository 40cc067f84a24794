import type { TransitionBatch } from "../../data/index.ts";
import { Categorical } from "../../distributions/index.ts";
import { Discrete } from "../../spaces/index.ts";
import {
  add,
  argMax,
  div,
  type FloatType,
  log,
  maskFill,
  maximum,
  mul,
  noGrad,
  ones,
  reshape,
  sub,
  sum,
  type Tensor,
} from "../../tensor/index.ts";
import { actionEncoder } from "../encode-actions.ts";
import type { GradientStep } from "../listener.ts";
import { FAR } from "./dqn-loss.ts";
import type { QPolicy } from "./q-policy.ts";

/** What an action is given that is never taken, so that its logarithm is finite. */
const NEVER = 1e-8;

/**
 * How a Q-network would act in N states as it is now, for who listens: greedily, ε-greedily or by Boltzmann, with the means of
 * noisy weights, among the actions that were allowed.
 */
export function behaviourIn(
  { observations, masks }: Pick<TransitionBatch, "observations" | "masks">,
  { network, head, explorer }: Pick<QPolicy, "network" | "head" | "explorer">,
): Required<Pick<GradientStep, "policy" | "greedy">> {
  const values = () => {
    const all = head.values(network.outputs(observations));
    return masks ? maskFill(all, masks, FAR) : all;
  };
  return {
    greedy: () => noGrad(() => argMax(values())),
    policy: () => noGrad(() => new Categorical(logits(values(), masks, explorer), masks)),
  };
}

/** Of the actions' probabilities. */
function logits(values: Tensor, masks: Tensor | undefined, { exploration, amount }: QPolicy["explorer"]): Tensor {
  if (exploration === "boltzmann") return div(values, amount);
  const actions = values.shape[1]!;
  const isBest = actionEncoder(new Discrete(actions), values.dtype as FloatType)(argMax(values));
  if (exploration === "greedy") return log(maximum(isBest, NEVER));
  // ε/n for each of the n actions that are allowed, and what remains for the best.
  const allowed = masks ? reshape(sum(maskFill(ones(masks.shape), masks, 0), 1), [-1, 1]) : actions;
  return log(maximum(add(mul(isBest, sub(1, amount)), div(amount, allowed)), NEVER));
}
