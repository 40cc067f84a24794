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

/**
 * mean (α log π(a|s) − min_k Q_k(s, a)) (equation 9), and its terms `[B]`: the gradient flows through the drawn action, and is the
 * actor's alone.
 */
export function sacActorLoss(
  critics: Critics,
  observations: Tensor,
  { action, logProb }: { readonly action: Tensor; readonly logProb: Tensor },
  entCoef: Tensor,
) {
  const least = frozen(critics.parameters(), () => critics.least(observations, action));
  const price = mul(entCoef, logProb);
  return { actorLoss: mean(sub(price, least)), terms: { policy: least, entropy: price } };
}

/** One step of the temperature, by the entropies of the policy in s; with what was drawn there, and the α from before. */
export function moveTemperature(
  { actor, temperature, targetEntropy }: Pick<SacParts, "actor" | "temperature" | "targetEntropy">,
  observations: Tensor,
  draw: Draw,
) {
  const policy = actor.distribution(observations);
  const drawn = policy.squash(draw(policy));
  const entropies = noGrad(() => neg(drawn.logProb));
  const entCoef = temperature.value();
  temperature.update(entropies, targetEntropy);
  return { policy, drawn, entropies, entCoef };
}

/** One step of the temperature, and the gradient of the critics' loss: both with the α from before. */
export function differentiateCritics(parts: SacParts, batch: TransitionBatch, draw: Draw) {
  const { critics } = parts;
  const { drawn, entropies, entCoef } = moveTemperature(parts, batch.observations, draw);
  const targets = noGrad(() => sacTargets(parts, batch, entCoef, draw));
  const values = critics.values(batch.observations, batch.actions);
  // Equation 5, summed over the critics.
  const errors = values.map((value) => mseLoss(value, targets, "none"));
  const criticLoss = affine(errors.map((each) => mean(each)).reduce(add), 0.5, 0);
  const gradients = backward(criticLoss);
  const [value, entropy] = noGrad(() => [mean(values[0]!), mean(entropies)]);
  return { criticLoss, gradients, errors, targets, values, drawn, entCoef, value, entropy };
}

/** The gradient of the actor's loss in the same states, with the critics as they are now. */
export function differentiateActor(
  { critics }: Pick<SacParts, "critics">,
  { observations }: Pick<TransitionBatch, "observations">,
  { drawn, entCoef }: Pick<ReturnType<typeof differentiateCritics>, "drawn" | "entCoef">,
) {
  const loss = sacActorLoss(critics, observations, drawn, entCoef);
  return { ...loss, gradients: backward(loss.actorLoss) };
}
