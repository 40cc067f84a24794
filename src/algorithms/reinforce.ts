/**
 * REINFORCE: Williams 1992, "Simple statistical gradient-following algorithms for connectionist reinforcement learning";
 * Sutton & Barto 2018, sections 13.3 (equation 13.8) and 13.4 (with baseline, equation 13.11). The gradient of the expected
 * return is estimated from M whole episodes as
 *
 *     ∇J ≈ (1/M) Σ_episodes Σ_t ∇ log π(a_t | s_t) (G_t − b)
 *
 * where G_t is the return of the whole episode or, with less variance and (undiscounted) the same expectation, only what
 * follows step t. Deviations from the book's pseudo-code:
 *
 * - one step of Adam (or RMSprop) along the mean of M episodes instead of one of plain ascent after each;
 * - no factor γ^t before the reward-to-go, as everywhere in practice: late steps count as much as early ones;
 * - the average baseline contains the sample's own return, which shrinks the estimate by about 1/M (its direction stays);
 * - the optimal baseline, b = Σ ‖∇ log π‖² G / Σ ‖∇ log π‖² over all steps (Greensmith, Bartlett & Baxter 2004; Peters &
 *   Schaal 2008, section 3.2), takes steps for independent, from exact per-sample gradient norms; it too contains the sample;
 * - a truncated episode goes on with V of its final observation where V is the baseline. Without V there is nothing to go on
 *   with: its return then ends there, a bias towards policies that do well before the limit.
 *
 * Karpathy 2016, "Deep reinforcement learning: Pong from pixels" (karpathy.github.io/2016/05/31/rl), is `optimizer` rmsProp,
 * `resetAtReward`, `normalizeAdvantage` and no baseline, on the difference of two frames.
 */
import { z } from "zod";
import type { Episodes } from "../data/index.ts";
import {
  endAtRewards,
  episodeReturn,
  explainedVariance,
  meanBaseline,
  normalizeAdvantages,
  optimalBaseline,
  rewardToGo,
} from "../estimators/index.ts";
import { adam, loadStateDict, type Optimiser, rmsProp, stateDict } from "../nn/index.ts";
import type { Key } from "../random/index.ts";
import {
  add,
  backward,
  div,
  mul,
  neg,
  type Plan,
  perSample,
  plan,
  randomStream,
  square,
  sub,
  sum,
  type Tensor,
} from "../tensor/index.ts";
import { ActorCritic } from "./actor-critic.ts";
import { ActorCriticPolicy } from "./actor-critic-policy.ts";
import type {
  Algorithm,
  CommonConfig,
  Learner,
  LearnerContext,
  Metrics,
  PolicyContext,
  Snapshot,
} from "./algorithm.ts";
import { BatchActor } from "./batch-actor.ts";
import * as field from "./config.ts";
import { EpisodeCollector } from "./episode-collector.ts";
import { type GradientStep, type TrainingListener, watched } from "./listener.ts";
import { perSize } from "./per-size.ts";
import { reinforcePresets } from "./reinforce-presets.ts";
import { ScheduledValue } from "./scheduled-value.ts";
import { prefixed } from "./snapshot.ts";
import { SummedGradients } from "./summed-gradients.ts";

const schema = z.strictObject({
  ...field.commonFields,
  ...field.networkFields,
  sparseInput: field.sparseInput,
  optimizer: field.oneOf(["adam", "rmsProp"], "adam", "Whose steps: Adam, or RMSprop (α 0.99, ε 1e-5) as in 2016."),
  learningRate: field.scheduled(1e-3, "Step size. Too large: the policy collapses. Usual: 1e-4 to 1e-2."),
  episodes: field.count(1, "Episodes of each environment per update; M is this times nEnvs. Usual: M from 4 to 64."),
  maxEpisodeSteps: field.count(10_000, "Longer episodes are truncated, for environments without a limit of their own."),
  returns: field.oneOf(["rewardToGo", "full"], "rewardToGo", "G: the rewards from step t on, or all of the episode."),
  resetAtReward: field.flag(false, "Each reward other than 0 ends what is credited before it: for games of points."),
  baseline: field.oneOf(
    ["none", "average", "optimal", "value"],
    "value",
    "b: 0, the mean G of the batch, the constant of least variance, or a learned V(s).",
  ),
  normalizeAdvantage: field.flag(false, "Bring the advantages of a batch to mean 0 and deviation 1."),
  entCoef: field.nonNegative(0, "Weight of the entropy bonus: keeps the policy exploring. Usual: 0 to 0.02."),
  // The critic is a network of its own, and Adam's steps do not depend on the scale of its gradients.
  vfCoef: field.nonNegative(0.5, "Weight of the value loss; matters where maxGradNorm shortens. Usual: 0.5 to 1."),
  maxGradNorm: field.positiveOrNull(
    null,
    "Gradients longer than this are shortened to it; null: none. Usual: 0.5 to 5.",
  ),
});

export type ReinforceConfig = z.infer<typeof schema> & CommonConfig;
type LossOptions = Pick<ReinforceConfig, "baseline" | "entCoef" | "vfCoef">;

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
export function reinforceLoss(network: ActorCritic, batch: ReinforceBatch, options: LossOptions) {
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
export function assignCredit(
  episodes: Episodes,
  rows: Int32Array,
  config: ReinforceConfig,
  scores?: ArrayLike<number>,
) {
  const { gamma, baseline, normalizeAdvantage } = config;
  const at = (field: ArrayLike<number>) => Float64Array.from(rows, (row) => field[row]!);
  const collected = episodes.transitions();
  const transitions = config.resetAtReward ? { ...collected, terminated: endAtRewards(collected) } : collected;
  const returns = at(rewardToGo(transitions, { gamma }));
  const g = config.returns === "full" ? at(episodeReturn(transitions, { gamma })) : returns;
  const constant = scores ? optimalBaseline(g, scores) : baseline === "average" ? meanBaseline(g) : 0;
  // V is 0 where there is no critic.
  const values = at(episodes.values);
  const advantages = g.map((value, i) => value - constant - values[i]!);
  if (normalizeAdvantage) normalizeAdvantages(advantages, advantages);
  return { returns, values, advantages };
}

/** Numbers in the observations that are differentiated at once, at most: 64 MiB. Larger batches go part by part. */
const MOST_AT_ONCE = 1 << 24;

/** Episodes and updates in turn. */
class Reinforce implements Learner {
  readonly policy: ActorCriticPolicy;
  step = 0;
  readonly #config: ReinforceConfig;
  readonly #key: Key;
  readonly #optimiser: Optimiser;
  readonly #collector: EpisodeCollector;
  readonly #actionStream: Tensor;
  readonly #learningRate: ScheduledValue;
  readonly #gradients: SummedGradients;
  readonly #listener: TrainingListener | undefined;
  readonly #partOf = perSize((rows) => this.#recordPart(rows));
  readonly #apply: Plan<Record<string, never>, void>;
  /** Rows of the present batch, steps of episodes; what else a part has fills up. */
  #samples = 0;

  constructor(context: LearnerContext<ReinforceConfig>) {
    const { config, env, key } = context;
    this.#config = config;
    this.#key = key;
    this.#listener = context.listener;
    this.policy = createPolicy(context);
    const { network } = this.policy;
    this.#optimiser = makeOptimiser(network, config);
    this.#gradients = new SummedGradients(network.parameters());
    this.#apply = plan({}, () => this.#optimiser.update(this.#gradients));
    this.#actionStream = randomStream(key.split("actions"));
    const actor = new BatchActor({ env, network, stream: this.#actionStream });
    this.#collector = new EpisodeCollector({ ...config, env, actor });
    this.#learningRate = new ScheduledValue(config.learningRate);
  }

  iterate(): Metrics {
    const episodes = this.#collector.collect(this.#key.split("episodes", this.#optimiser.steps));
    // Environments that waited for others were stepped too.
    this.step += episodes.size;
    this.#optimiser.learningRate = this.#learningRate.moveTo(1 - this.step / this.#config.steps);
    const rows = episodes.playedRows();
    const { values, returns, ...loss } = this.#learn(episodes, rows);

    const { std } = this.policy.network;
    return {
      "loss/total": loss.total,
      "loss/policy": loss.policyLoss,
      "policy/entropy": loss.entropy,
      ...(std !== undefined && { "policy/std": std }),
      ...(this.#config.baseline === "value" && {
        "loss/value": loss.valueLoss,
        "value/explainedVariance": explainedVariance(values, returns),
      }),
      "gradient/norm": this.#optimiser.gradientNorm!.item(),
      "schedule/learningRate": this.#optimiser.learningRate,
      "update/count": this.#optimiser.steps,
      "rollout/episodes": episodes.count,
      "rollout/waiting": 1 - rows.length / episodes.size,
    };
  }

  /** One step along the gradient of the whole batch, and the parts of its loss. */
  #learn(episodes: Episodes, rows: Int32Array) {
    // Few different sizes, so that few plans are recorded; the rows that fill up weigh nothing.
    let size = 1;
    while (size < rows.length && 2 * size * episodes.sizes.observationSize <= MOST_AT_ONCE) size *= 2;
    const { differentiate, score, applyWhole } = this.#partOf(size);
    const { inputs } = differentiate;
    const scores = score && new Float64Array(rows.length);
    for (let start = 0; scores && start < rows.length; start += size) {
      const part = rows.subarray(start, start + size);
      episodes.gather(part, inputs);
      scores.set(score.run().toArray().subarray(0, part.length), start);
    }
    const { returns, values, advantages } = assignCredit(episodes, rows, this.#config, scores);

    this.#samples = rows.length;
    this.#gradients.clear();
    inputs.stepsPerEpisode.set([rows.length / episodes.count]);
    const sums = { total: 0, policyLoss: 0, valueLoss: 0, entropy: 0 };
    for (let start = 0; start < rows.length; start += size) {
      const part = rows.subarray(start, start + size);
      episodes.gather(part, inputs);
      inputs.weights.data.fill(0).fill(1 / episodes.count, 0, part.length);
      inputs.advantages.data.set(advantages.subarray(start, start + size));
      inputs.returns.data.set(returns.subarray(start, start + size));
      const loss = differentiate.run();
      for (const name of ["total", "policyLoss", "valueLoss", "entropy"] as const) sums[name] += loss[name].item();
    }
    // Parts overwrite one another: a listener would see the last one only, so it hears of steps that have one.
    const apply = rows.length > size ? this.#apply : applyWhole;
    apply.run();
    return { ...sums, returns, values };
  }

  /** The gradient of so many rows, added to those before; and the step along it where they are the whole batch. */
  #recordPart(size: number) {
    const { head } = this.policy.network;
    const { observationSize, maskSize } = this.#collector.episodes.sizes;
    const each = { shape: [size] };
    const specs = {
      observations: { shape: [size, observationSize] },
      actions: { shape: [size, ...head.actionShape], dtype: head.actionDtype === "int32" ? "int32" : "float32" },
      masks: { shape: [size, maskSize], dtype: "uint8" },
      weights: each,
      advantages: each,
      returns: each,
      stepsPerEpisode: { shape: [1] },
    } as const;
    const { network } = this.policy;
    const batchOf = (inputs: ReinforceBatch) => ({ ...inputs, masks: maskSize > 0 ? inputs.masks : undefined });
    const differentiate = plan(specs, (inputs) => {
      const loss = reinforceLoss(network, batchOf(inputs), this.#config);
      const gradients = backward(loss.total);
      this.#gradients.add(gradients);
      return { ...loss, gradients };
    });
    const { inputs, outputs } = differentiate;
    const step = (): GradientStep => ({
      name: "update",
      batch: size,
      count: () => this.#samples,
      gradients: outputs.gradients,
      optimiser: this.#optimiser,
      terms: outputs.terms,
      observations: inputs.observations,
      actions: inputs.actions,
      policy: () => network.policy(inputs.observations, { mask: batchOf(inputs).masks }),
      advantages: inputs.advantages,
      ...(outputs.values && {
        values: outputs.values,
        targets: inputs.returns,
        judge: (states) => network.values(states),
      }),
      gamma: this.#config.gamma,
    });
    const isOptimal = this.#config.baseline === "optimal";
    const score = isOptimal ? plan({}, () => squaredScores(network, batchOf(inputs))) : undefined;
    return { differentiate, score, applyWhole: watched(this.#apply, this.#listener, step) };
  }

  /** What changes besides parameters, by name. */
  #tensors() {
    return { actions: this.#actionStream, ...prefixed("optimiser/", this.#optimiser.state()) };
  }

  save(): Snapshot {
    return { json: { step: this.step }, arrays: stateDict(this.#tensors()) };
  }

  load({ json, arrays }: Snapshot): void {
    loadStateDict(this.#tensors(), arrays);
    this.step = (json as { step: number }).step;
  }
}

function makeOptimiser(network: ActorCritic, config: ReinforceConfig): Optimiser {
  const maxGradNorm = config.maxGradNorm ?? Number.POSITIVE_INFINITY;
  if (config.optimizer === "adam") return adam(network.parameters(), { maxGradNorm });
  return rmsProp(network.parameters(), { alpha: 0.99, eps: 1e-5, maxGradNorm });
}

function createPolicy(context: PolicyContext<ReinforceConfig>): ActorCriticPolicy {
  const { config, observationSpace, actionSpace, key } = context;
  const critic = config.baseline === "value" ? "separate" : "none";
  const observationSize = observationSpace.flatSize;
  const network = new ActorCritic({ ...config, observationSize, actionSpace, critic, key: key.split("network") });
  return new ActorCriticPolicy(network, context);
}

export const reinforce: Algorithm<ReinforceConfig> = {
  name: "reinforce",
  summary: "REINFORCE: the plain policy gradient from whole episodes, with a choice of baselines.",
  source: "Williams 1992, Machine Learning 8; Sutton & Barto 2018, chapter 13",
  schema,
  actionSpaces: ["discrete", "multi-discrete", "multi-binary", "box"],
  presets: reinforcePresets,
  tells: true,
  createPolicy,
  create: (context) => new Reinforce(context),
};
