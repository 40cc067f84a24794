import type { TransitionBatch } from "../../data/index.ts";
import { add, clip, mean, mseLoss, mul, neg, type Tensor } from "../../tensor/index.ts";
import { frozen } from "../off-policy/frozen.ts";
import type { DeterministicActorCritic } from "./deterministic-actor-critic.ts";

/**
 * y = r + γ min_k Q̄_k(s′, ã) with ã = μ̄(s′), or with smoothing noise ã = clip(μ̄(s′) + ε, −1, 1): `[B]` (Lillicrap et al. 2016,
 * algorithm 1; Fujimoto et al. 2018, equations 10 and 14).
 * @param target μ̄ and Q̄
 * @param noise ε, already limited, `[B, A]`
 */
export function deterministicTargets(
  target: DeterministicActorCritic,
  { nextObservations, returns, discounts }: TransitionBatch,
  noise?: Tensor,
): Tensor {
  const actions = target.actions(nextObservations);
  const smoothed = noise ? clip(add(actions, noise), -1, 1) : actions;
  return add(returns, mul(discounts, target.critics.least(nextObservations, smoothed)));
}

/** Σ_k mean (Q_k(s, a) − y)², and Q_0 `[B]`. */
export function criticLoss({ critics }: DeterministicActorCritic, batch: TransitionBatch, targets: Tensor) {
  const values = critics.values(batch.observations, batch.actions);
  return { total: values.map((value) => mseLoss(value, targets)).reduce(add), values: values[0]! };
}

/** −mean Q_0(s, μ(s)): its gradient is the deterministic policy gradient (Silver et al. 2014, theorem 1), and the actor's alone. */
export function deterministicActorLoss(network: DeterministicActorCritic, observations: Tensor): Tensor {
  const { critics } = network;
  const actions = network.actions(observations);
  return neg(mean(frozen(critics.parameters(), () => critics.first(observations, actions))));
}
