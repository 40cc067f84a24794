import type { TransitionBatch } from "../../data/index.ts";
import type { DiagonalGaussian, SquashedGaussian } from "../../distributions/index.ts";
import type { Optimiser } from "../../nn/index.ts";
import { add, affine, backward, mean, mseLoss, mul, neg, noGrad, sub, type Tensor } from "../../tensor/index.ts";
import type { Critics } from "../off-policy/critics.ts";
import { frozen } from "../off-policy/frozen.ts";
import type { SquashedActor } from "./squashed-actor.ts";
import type { Temperature } from "./temperature.ts";

export interface SacParts {
  readonly actor: SquashedActor;
  readonly critics: Critics;
  readonly targets: Critics;
  readonly temperature: Temperature;
  readonly actorOptimiser: Optimiser;
  readonly criticOptimiser: Optimiser;
  /** H̄, in nats. */
  readonly targetEntropy: number;
}

/** Draws what goes into tanh, `[B, A]`. */
export type Draw = (policy: SquashedGaussian<DiagonalGaussian>) => Tensor;

/**
 * y = r + γ (min_k Q̄_k(s′, a′) − α log π(a′|s′)) with a′ drawn from π `[B]` (Haarnoja et al. 2018b, equations 3 and 5).
 * @param entCoef α `[1]`; undefined: values without entropy, r + γ min_k Q̄_k(s′, a′)
 */
export function sacTargets(
  { actor, targets }: Pick<SacParts, "actor" | "targets">,
  { nextObservations, returns, discounts }: TransitionBatch,
  entCoef: Tensor | undefined,
  draw: Draw,
): Tensor {
  const policy = actor.distribution(nextObservations);
  const { action, logProb } = policy.squash(draw(policy));
  const least = targets.least(nextObservations, action);
  const soft = entCoef ? sub(least, mul(entCoef, logProb)) : least;
  return add(returns, mul(discounts, soft));
}

/** mean (α log π(a|s) − min_k Q_k(s, a)) (equation 9): the gradient flows through the drawn action, and is the actor's alone. */
export function sacActorLoss(
  critics: Critics,
  observations: Tensor,
  { action, logProb }: { readonly action: Tensor; readonly logProb: Tensor },
  entCoef: Tensor,
): Tensor {
  const least = frozen(critics.parameters(), () => critics.least(observations, action));
  return mean(sub(mul(entCoef, logProb), least));
}

/**
 * One gradient step of temperature, critics and actor, in this order (Haarnoja et al. 2018b, algorithm 1; the order is
 * Stable-Baselines3's): all of them with the α from before, and the actor with the critics from after.
 * @param draw called for s, then for s′
 */
export function sacUpdate(parts: SacParts, batch: TransitionBatch, draw: Draw) {
  const { actor, critics, temperature, actorOptimiser, criticOptimiser, targetEntropy } = parts;
  const policy = actor.distribution(batch.observations);
  const drawn = policy.squash(draw(policy));
  const entropies = noGrad(() => neg(drawn.logProb));
  const entCoef = temperature.value();
  temperature.update(entropies, targetEntropy);

  const targets = noGrad(() => sacTargets(parts, batch, entCoef, draw));
  const values = critics.values(batch.observations, batch.actions);
  // Equation 5, summed over the critics.
  const criticLoss = affine(values.map((value) => mseLoss(value, targets)).reduce(add), 0.5, 0);
  criticOptimiser.update(backward(criticLoss));

  const actorLoss = sacActorLoss(critics, batch.observations, drawn, entCoef);
  actorOptimiser.update(backward(actorLoss));
  const [value, entropy] = noGrad(() => [mean(values[0]!), mean(entropies)]);
  return { criticLoss, actorLoss, targets, values, entCoef, value, entropy };
}
