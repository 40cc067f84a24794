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
 *
 * The loss and what each step is credited with: `reinforce-loss.ts`; the step along its gradient: `reinforce-update.ts`.
 */
import { z } from "zod";
import { explainedVariance } from "../estimators/index.ts";
import { loadStateDict, stateDict } from "../nn/index.ts";
import type { Key } from "../random/index.ts";
import { randomStream, type Tensor } from "../tensor/index.ts";
import { ActorCritic, sizesOf } from "./actor-critic.ts";
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
import { tellReads } from "./listener.ts";
import { BASELINES } from "./reinforce-loss.ts";
import { reinforcePresets } from "./reinforce-presets.ts";
import { ReinforceUpdate } from "./reinforce-update.ts";
import { ScheduledValue } from "./scheduled-value.ts";
import { prefixed } from "./snapshot.ts";

const schema = z.strictObject({
  ...field.commonFields,
  ...field.networkFields,
  sparseInput: field.sparseInput,
  pooling: field.pooling,
  optimizer: field.oneOf(["adam", "rmsProp"], "adam", "Whose steps: Adam, or RMSprop (α 0.99, ε 1e-5) as in 2016."),
  learningRate: field.scheduled(1e-3, "Step size. Too large: the policy collapses. Usual: 1e-4 to 1e-2."),
  episodes: field.count(1, "Episodes of each environment per update; M is this times nEnvs. Usual: M from 4 to 64."),
  maxEpisodeSteps: field.count(10_000, "Longer episodes are truncated, for environments without a limit of their own."),
  returns: field.oneOf(["rewardToGo", "full"], "rewardToGo", "G: the rewards from step t on, or all of the episode."),
  resetAtReward: field.flag(false, "Each reward other than 0 ends what is credited before it: for games of points."),
  baseline: field.oneOf(
    BASELINES,
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

/** Episodes and updates in turn. */
class Reinforce implements Learner {
  readonly policy: ActorCriticPolicy;
  step = 0;
  readonly #config: ReinforceConfig;
  readonly #key: Key;
  readonly #collector: EpisodeCollector;
  readonly #actionStream: Tensor;
  readonly #learningRate: ScheduledValue;
  readonly #update: ReinforceUpdate;

  constructor(context: LearnerContext<ReinforceConfig>) {
    const { config, env, key } = context;
    this.#config = config;
    this.#key = key;
    this.policy = createPolicy(context);
    const { network } = this.policy;
    tellReads(context.listener, network, env);
    this.#actionStream = randomStream(key.split("actions"));
    const actor = new BatchActor({ env, network, stream: this.#actionStream });
    this.#collector = new EpisodeCollector({ ...config, env, actor, inputSize: network.inputSize });
    this.#update = new ReinforceUpdate(network, config, this.#collector.episodes.sizes, context.listener);
    this.#learningRate = new ScheduledValue(config.learningRate);
  }

  iterate(): Metrics {
    const { optimiser } = this.#update;
    const episodes = this.#collector.collect(this.#key.split("episodes", optimiser.steps));
    // Environments that waited for others were stepped too.
    this.step += episodes.size;
    optimiser.learningRate = this.#learningRate.moveTo(1 - this.step / this.#config.steps);
    const rows = episodes.playedRows();
    const { values, returns, ...loss } = this.#update.learn(episodes, rows);

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
      "gradient/norm": optimiser.gradientNorm!.item(),
      "schedule/learningRate": optimiser.learningRate,
      "update/count": optimiser.steps,
      "rollout/episodes": episodes.count,
      "rollout/waiting": 1 - rows.length / episodes.size,
    };
  }

  /** What changes besides parameters, by name. */
  #tensors() {
    return { actions: this.#actionStream, ...prefixed("optimiser/", this.#update.optimiser.state()) };
  }

  save(): Snapshot {
    return { json: { step: this.step }, arrays: stateDict(this.#tensors()) };
  }

  load({ json, arrays }: Snapshot): void {
    loadStateDict(this.#tensors(), arrays);
    this.step = (json as { step: number }).step;
  }
}

function createPolicy(context: PolicyContext<ReinforceConfig>): ActorCriticPolicy {
  const { config, observationSpace, actionSpace, key } = context;
  const critic = config.baseline === "value" ? "separate" : "none";
  const network = new ActorCritic({
    ...config,
    ...sizesOf(observationSpace),
    actionSpace,
    critic,
    key: key.split("network"),
  });
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
