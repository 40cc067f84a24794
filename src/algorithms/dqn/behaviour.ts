import type { TransitionBatch } from "../../data/index.ts";
import { Categorical } from "../../distributions/index.ts";
import { Discrete } from "../../spaces/index.ts";
import {
  add,
  cast,
  div,
  type FloatType,
  log,
  maximum,
  mul,
  noGrad,
  sub,
  sum,
  type Tensor,
} from "../../tensor/index.ts";
import { actionEncoder } from "../encode-actions.ts";
import type { GradientStep } from "../listener.ts";
import type { QPolicy } from "./q-policy.ts";

/** What an action is given that is never taken, so that its logarithm is finite. */
const NEVER = 1e-8;

/**
 * How a Q-network would act in N states as it is now, for who listens: greedily, ε-greedily or by Boltzmann, with the means of
 * noisy weights, and among the actions that the masks allow.
 */
export function behaviourIn(
  { observations, masks }: Pick<TransitionBatch, "observations" | "masks">,
  { network, head, explorer }: Pick<QPolicy, "network" | "head" | "explorer">,
): Required<Pick<GradientStep, "policy" | "greedy">> {
  const values = () => head.values(network.outputs(observations));
  return {
    greedy: () => noGrad(() => new Categorical(values(), masks).mode()),
    policy: () => noGrad(() => new Categorical(logits(values(), masks, explorer), masks)),
  };
}

/** Of the actions' probabilities. */
function logits(values: Tensor, masks: Tensor | undefined, { exploration, amount }: QPolicy["explorer"]): Tensor {
  if (exploration === "boltzmann") return div(values, amount);
  const actions = values.shape[1]!;
  const dtype = values.dtype as FloatType;
  const isBest = actionEncoder(new Discrete(actions), dtype)(new Categorical(values, masks).mode());
  if (exploration === "greedy") return log(maximum(isBest, NEVER));
  // ε/n for each of n actions that may be taken, and what remains for the best.
  const each = masks ? div(amount, sum(cast(masks, dtype), 1, true)) : mul(amount, 1 / actions);
  return log(maximum(add(mul(isBest, sub(1, amount)), each), NEVER));
}
