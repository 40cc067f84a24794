import type { Episodes } from "../data/index.ts";
import {
  endAtRewards,
  episodeReturn,
  meanBaseline,
  normalizeAdvantages,
  optimalBaseline,
  rewardToGo,
} from "../estimators/index.ts";
import { add, backward, div, mul, neg, perSample, square, sub, sum, type Tensor } from "../tensor/index.ts";
import type { ActorCritic } from "./actor-critic.ts";

/** What b may be. */
export const BASELINES = ["none", "average", "optimal", "value"] as const;
type Baseline = (typeof BASELINES)[number];

/** Hyperparameters of the loss; `reinforce` says what they do. */
export interface ReinforceLossOptions {
  readonly baseline: Baseline;
  readonly entCoef: number;
  readonly vfCoef: number;
}

/** Those of what each step is credited with. */
export interface CreditOptions {
  readonly gamma: number;
  readonly baseline: Baseline;
  readonly returns: "rewardToGo" | "full";
  readonly resetAtReward: boolean;
  readonly normalizeAdvantage: boolean;
}

/** What the loss reads: B rows, steps of M episodes and perhaps others of weight 0 that only fill up the batch. */
export interface ReinforceBatch {
  /** `[B, F]` */
  readonly observations: Tensor;
  /** `[B, …action]` */
  readonly actions: Tensor;
  /** uint8 `[B, …]`, 1 where an action was allowed; left out where all were. */
  readonly masks?: Tensor | undefined;
  /** `[B]` 1/M, or 0. */
  readonly weights: Tensor;
  /** `[B]` G_t − b. */
  readonly advantages: Tensor;
  /** `[B]` what V is fitted to: the reward-to-go. */
  readonly returns: Tensor;
  /** `[1]` Σ weights of the whole batch, of which these rows are a part; left out: of these rows. */
  readonly stepsPerEpisode?: Tensor;
}

/** The function whose gradient is −∇J, and its parts. Every result has one element; `total` is what to differentiate. */
export function reinforceLoss(network: ActorCritic, batch: ReinforceBatch, options: ReinforceLossOptions) {
  const { weights, advantages } = batch;
  const { policy, values } = network.forward(batch.observations, { mask: batch.masks });
  const weighted = mul(policy.logProb(batch.actions), advantages);
  const policyLoss = neg(sum(mul(weights, weighted)));
  const entropies = policy.entropy();
  const entropyPerEpisode = sum(mul(weights, entropies));
  const objective = sub(policyLoss, mul(entropyPerEpisode, options.entCoef));

  const { stepsPerEpisode = sum(weights) } = batch;
  const entropy = div(entropyPerEpisode, stepsPerEpisode);
  const squaredErrors = square(sub(batch.returns, values));
  const valueLoss = div(sum(mul(weights, squaredErrors)), stepsPerEpisode);
  const hasCritic = options.baseline === "value";
  const total = hasCritic ? add(objective, mul(valueLoss, options.vfCoef)) : objective;
  const terms = { policy: weighted, entropy: entropies, ...(hasCritic && { value: squaredErrors }) };
  return { total, policyLoss, valueLoss, entropy, terms, ...(hasCritic && { values }) };
}

/** ‖∇ log π(a_t | s_t)‖² `[B]`, exactly; of a network without a critic, so that all parameters are the policy's. */
export function squaredScores(network: ActorCritic, batch: Pick<ReinforceBatch, "observations" | "actions" | "masks">) {
  const policy = network.policy(batch.observations, { mask: batch.masks });
  const gradients = backward(sum(policy.logProb(batch.actions)));
  return perSample(gradients, Object.values(network.parameters()), {
    batch: batch.observations.shape[0]!,
  }).squaredNorms();
}

/** G_t − b for the given rows, and what V should have said there. `scores`, of these rows, make b the optimal one. */
export function assignCredit(episodes: Episodes, rows: Int32Array, options: CreditOptions, scores?: ArrayLike<number>) {
  const { gamma, baseline, normalizeAdvantage } = options;
  const at = (field: ArrayLike<number>) => Float64Array.from(rows, (row) => field[row]!);
  const collected = episodes.transitions();
  const transitions = options.resetAtReward ? { ...collected, terminated: endAtRewards(collected) } : collected;
  const returns = at(rewardToGo(transitions, { gamma }));
  const g = options.returns === "full" ? at(episodeReturn(transitions, { gamma })) : returns;
  const constant = scores ? optimalBaseline(g, scores) : baseline === "average" ? meanBaseline(g) : 0;
  // V is 0 where there is no critic.
  const values = at(episodes.values);
  const advantages = g.map((value, i) => value - constant - values[i]!);
  if (normalizeAdvantage) normalizeAdvantages(advantages, advantages);
  return { returns, values, advantages };
}
