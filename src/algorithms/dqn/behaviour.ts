import { Categorical } from "../../distributions/index.ts";
import { Discrete } from "../../spaces/index.ts";
import { add, argMax, div, type FloatType, log, maximum, mul, noGrad, sub, type Tensor } from "../../tensor/index.ts";
import { actionEncoder } from "../encode-actions.ts";
import type { GradientStep } from "../listener.ts";
import type { QPolicy } from "./q-policy.ts";

/** What an action is given that is never taken, so that its logarithm is finite. */
const NEVER = 1e-8;

/**
 * How a Q-network would act in N states as it is now, for who listens: greedily, ε-greedily or by Boltzmann, with the means of
 * noisy weights, and without the action masks, which a replay buffer does not keep.
 */
export function behaviourIn(
  observations: Tensor,
  { network, head, explorer }: QPolicy,
): Required<Pick<GradientStep, "policy" | "greedy">> {
  const values = () => noGrad(() => head.values(network.outputs(observations)));
  return {
    greedy: () => noGrad(() => argMax(values())),
    policy: () => noGrad(() => new Categorical(logits(values(), explorer))),
  };
}

/** Of the actions' probabilities. */
function logits(values: Tensor, { exploration, amount }: QPolicy["explorer"]): Tensor {
  if (exploration === "boltzmann") return div(values, amount);
  const actions = values.shape[1]!;
  const isBest = actionEncoder(new Discrete(actions), values.dtype as FloatType)(argMax(values));
  if (exploration === "greedy") return log(maximum(isBest, NEVER));
  // ε/n for every action, and what remains for the best.
  return log(maximum(add(mul(isBest, sub(1, amount)), mul(amount, 1 / actions)), NEVER));
}
