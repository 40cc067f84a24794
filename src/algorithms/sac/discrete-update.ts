import type { TransitionBatch } from "../../data/index.ts";
import type { Categorical } from "../../distributions/index.ts";
import type { Optimiser } from "../../nn/index.ts";
import {
  add,
  affine,
  backward,
  dotRows,
  exp,
  log,
  maskFill,
  mean,
  mseLoss,
  mul,
  noGrad,
  ones,
  pick,
  sub,
  sum,
  type Tensor,
} from "../../tensor/index.ts";
import type { DiscreteSoftActorCritic } from "./discrete-soft-actor-critic.ts";
import type { Temperature } from "./temperature.ts";

export interface DiscreteSacParts {
  readonly network: DiscreteSoftActorCritic;
  readonly target: DiscreteSoftActorCritic;
  readonly temperature: Temperature;
  readonly actorOptimiser: Optimiser;
  readonly criticOptimiser: Optimiser;
  /** H̄ in nats, of B states: a number, or one for each `[B]`. */
  targetEntropy(masks: Tensor | undefined): Tensor | number;
}

/** Σ_a π(a|s) (Q(s, a) − α log π(a|s)): the soft value of a state, `[B]` (Christodoulou 2019, equation 10). */
function softValue(policy: Categorical, values: Tensor, entCoef: Tensor): Tensor {
  const { logProbabilities } = policy;
  return dotRows(exp(logProbabilities), sub(values, mul(entCoef, logProbabilities)));
}

/** y = r + γ Σ_a π(a|s′) (min_k Q̄_k(s′, a) − α log π(a|s′)), `[B]`: nothing is drawn. */
export function discreteSacTargets(
  { network, target }: Pick<DiscreteSacParts, "network" | "target">,
  { nextObservations, nextMasks, returns, discounts }: TransitionBatch,
  entCoef: Tensor,
): Tensor {
  const policy = network.policy(nextObservations, { mask: nextMasks });
  return add(returns, mul(discounts, softValue(policy, target.least(nextObservations), entCoef)));
}

/** One gradient step of temperature, critics and actor, in the order of `recordUpdate` (Christodoulou 2019, algorithm 1). */
export function discreteSacUpdate(parts: DiscreteSacParts, batch: TransitionBatch) {
  const { network, temperature, actorOptimiser, criticOptimiser } = parts;
  const policy = network.policy(batch.observations, { mask: batch.masks });
  // Not within noGrad: the policy keeps the log-probabilities that it computes first, and their gradient is needed below.
  const entropies = policy.entropy();
  const entCoef = temperature.value();
  temperature.update(entropies, parts.targetEntropy(batch.masks));

  const targets = noGrad(() => discreteSacTargets(parts, batch, entCoef));
  const values = network.values(batch.observations).map((value) => pick(value, batch.actions));
  const criticLoss = affine(values.map((value) => mseLoss(value, targets)).reduce(add), 0.5, 0);
  criticOptimiser.update(backward(criticLoss));

  // Equation 12: −Σ π (min Q − α log π), whose gradient needs no drawn action.
  const least = noGrad(() => network.least(batch.observations));
  const actorLoss = affine(mean(softValue(policy, least, entCoef)), -1, 0);
  actorOptimiser.update(backward(actorLoss));
  const [value, entropy] = noGrad(() => [mean(values[0]!), mean(entropies)]);
  return { criticLoss, actorLoss, targets, entCoef, value, entropy };
}

/** log of how many actions are allowed, `[B]`: the entropy of choosing among them blindly. */
export function greatestEntropy(masks: Tensor): Tensor {
  return log(sum(maskFill(ones(masks.shape), masks, 0), 1));
}
