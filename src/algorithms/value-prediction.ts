/**
 * Prediction with a network: the values of a given policy, by gradient Monte Carlo or semi-gradient TD(0) (Sutton & Barto 2018,
 * sections 9.3, the algorithms on pages 202 and 203, and 11.1 off-policy). Every step of every episode asks V or Q to move
 * *towards* a target U, θ ← θ − α ∇ loss(U − V(s)), which for the squared error is θ + α (U − V(s)) ∇V(s):
 *
 * | predicts | targets | U_t |
 * |---|---|---|
 * | v | monteCarlo | G_t = r_t + γ r_t+1 + … |
 * | v | td | r_t + γ V̄(s_t+1) |
 * | q | td | r_t + γ Σ_a π(a given s_t+1) Q̄(s_t+1, a): expected SARSA, of a greedy π Q-learning |
 *
 * V̄ and Q̄ are the network itself or a target network; no gradient flows through them, hence semi-gradient. Actions come from a
 * behaviour policy, ε-greedy in Q or uniform: the targets of Q ask for no ratios, whatever the behaviour. Details:
 *
 * - whole episodes are collected, then learned from in shuffled minibatches, the last one filled up, by Adam;
 * - targets are made when they are needed, with the parameters of that moment, Monte Carlo returns when they are collected;
 * - where an episode was truncated, G goes on with V̄ of its final observation; masks of final observations are not known:
 *   there all actions are allowed;
 * - only the squared error leads to mean values: L1 finds the median of the targets, Huber's loss something between.
 */
import { z } from "zod";
import { type Episodes, gather } from "../data/index.ts";
import { ConfigError } from "../errors.ts";
import { explainedVariance, rewardToGo } from "../estimators/index.ts";
import { adam, loadStateDict, type Optimiser, stateDict } from "../nn/index.ts";
import type { Key, Random, RandomState } from "../random/index.ts";
import { Discrete } from "../spaces/index.ts";
import { add, backward, huberLoss, l1Loss, mseLoss, mul, noGrad, plan, type Tensor } from "../tensor/index.ts";
import type {
  Algorithm,
  CommonConfig,
  Learner,
  LearnerContext,
  Metrics,
  PolicyContext,
  Snapshot,
} from "./algorithm.ts";
import * as field from "./config.ts";
import { EpisodeCollector } from "./episode-collector.ts";
import { MetricMeans } from "./metric-means.ts";
import { follower } from "./off-policy/target-network.ts";
import { BehaviorActor } from "./prediction/behavior-actor.ts";
import { PredictionPolicy } from "./prediction/prediction-policy.ts";
import { ValueNetwork } from "./prediction/value-network.ts";
import { ScheduledValue } from "./scheduled-value.ts";
import { prefixed } from "./snapshot.ts";

const schema = z.strictObject({
  ...field.commonFields,
  hidden: field.networkFields.hidden,
  activation: field.networkFields.activation,
  learningRate: field.scheduled(
    1e-3,
    "Step size of Adam; one that ends at 0 averages the noise out. Usual: 1e-4 to 1e-2.",
  ),
  episodes: field.count(1, "Episodes of each environment between updates. Usual: 1 to 16."),
  maxEpisodeSteps: field.count(10_000, "Longer episodes are truncated, for environments without a limit of their own."),
  predicts: field.oneOf(["v", "q"], "v", "V(s) of the uniform policy, or Q(s, a) of the target policy."),
  targets: field.oneOf(
    ["td", "monteCarlo"],
    "td",
    "One reward and the value after it (bias), or the return (variance).",
  ),
  targetPolicy: field.oneOf(["uniform", "greedy"], "uniform", "Whose Q: of uniform actions, or of the best ones by Q."),
  epsilon: field.fraction(
    1,
    "Share of uniform actions in what is tried; the others are the best by Q. Usual: 0.05 to 1.",
  ),
  loss: field.oneOf(["mse", "l1", "huber"], "mse", "Squared error: means. L1: medians. Huber: small errors squared."),
  targetNetwork: field.oneOf(
    ["none", "copy", "average"],
    "none",
    "What values behind γ come from: the network itself, a copy, a moving average.",
  ),
  targetUpdateInterval: field.count(100, "Gradient steps between copies. Usual: 100 to 10 000."),
  tau: field.fraction(0.005, "Share of the network in the moving average at each gradient step. Usual: 0.001 to 0.1."),
  batchSize: field.count(64, "Steps per gradient step. Usual: 16 to 256."),
  nEpochs: field.count(1, "Passes over collected episodes. Usual: 1 to 10."),
  maxGradNorm: field.positiveOrNull(
    null,
    "Gradients longer than this are shortened to it; null: none. Usual: 0.5 to 10.",
  ),
});

export type ValuePredictionConfig = z.infer<typeof schema> & CommonConfig;

const losses = { mse: mseLoss, l1: l1Loss, huber: (v: Tensor, target: Tensor) => huberLoss(v, target) };

/** Episodes and minibatches of their steps in turn. */
class ValuePrediction implements Learner {
  readonly policy: PredictionPolicy;
  step = 0;
  readonly #config: ValuePredictionConfig;
  readonly #key: Key;
  readonly #network: ValueNetwork;
  /** V̄ or Q̄; the network itself where there is no target network. */
  readonly #target: ValueNetwork;
  /** Moves the target network after the other. */
  readonly #follow: () => void;
  readonly #optimiser: Optimiser;
  readonly #collector: EpisodeCollector;
  readonly #behaviorRandom: Random;
  readonly #minibatchRandom: Random;
  readonly #learningRate: ScheduledValue;
  readonly #update: ReturnType<typeof recordUpdate>;
  #collections = 0;

  constructor(context: LearnerContext<ValuePredictionConfig>) {
    const { config, env, key } = context;
    this.#config = config;
    this.#key = key;
    this.policy = createPolicy(context);
    this.#network = this.policy.network;
    this.#target = config.targetNetwork === "none" ? this.#network : createNetwork(context);
    const share = config.targetNetwork === "average" ? config.tau : 1;
    this.#follow = follower(this.#target.parameters(), this.#network.parameters(), share);
    this.#behaviorRandom = key.split("actions").stream();
    this.#minibatchRandom = key.split("minibatches").stream();
    const parts = { network: this.#network, bootstrap: this.#target, random: this.#behaviorRandom };
    const actor = new BehaviorActor({ ...config, ...parts, env });
    this.#collector = new EpisodeCollector({ ...config, env, actor, keepsNext: true });
    const { maxGradNorm } = config;
    this.#optimiser = adam(this.#network.parameters(), { maxGradNorm: maxGradNorm ?? Number.POSITIVE_INFINITY });
    this.#learningRate = new ScheduledValue(config.learningRate);
    this.#update = recordUpdate(this.#network, this.#target, this.#optimiser, context);
  }

  iterate(): Metrics {
    const episodes = this.#collector.collect(this.#key.split("episodes", this.#collections++));
    this.step += episodes.size;
    this.#optimiser.learningRate = this.#learningRate.moveTo(1 - this.step / this.#config.steps);
    const rows = episodes.playedRows();
    return {
      ...this.#learn(episodes, rows),
      "schedule/learningRate": this.#optimiser.learningRate,
      "update/count": this.#optimiser.steps,
      "rollout/episodes": episodes.count,
      "rollout/waiting": 1 - rows.length / episodes.size,
    };
  }

  /** Passes over the played rows in minibatches. */
  #learn(episodes: Episodes, played: Int32Array): Metrics {
    const { nEpochs, batchSize, gamma } = this.#config;
    const returns = rewardToGo(episodes.transitions(), { gamma });
    const means = new MetricMeans();
    const found = { values: new Float64Array(played.length), returns: new Float64Array(played.length) };
    const rows = played.slice();
    const chosen = new Int32Array(batchSize);
    for (let epoch = 0; epoch < nEpochs; epoch++) {
      this.#minibatchRandom.shuffle(rows);
      for (let start = 0; start < rows.length; start += batchSize) {
        // The last minibatch is filled up from the first one, so that one recorded plan serves for all.
        for (let i = 0; i < batchSize; i++) chosen[i] = rows[(start + i) % rows.length]!;
        this.#fill(this.#update.inputs, episodes, chosen, returns);
        const { loss, values } = this.#update.run();
        for (let i = 0; i < Math.min(batchSize, rows.length - start); i++) {
          found.values[start + i] = values.data[i]!;
          found.returns[start + i] = returns[chosen[i]!]!;
        }
        means.add({ "loss/value": loss.item(), "gradient/norm": this.#optimiser.gradientNorm!.item() });
        this.#moveTarget();
      }
    }
    return { ...means.result(), "value/explainedVariance": explainedVariance(found.values, found.returns) };
  }

  /** What a minibatch reads of the given rows. */
  #fill(inputs: Inputs, episodes: Episodes, rows: Int32Array, returns: Float64Array): void {
    const { gamma, targets } = this.#config;
    const { observationSize, actionSize, maskSize, envs } = episodes.sizes;
    const isWhole = targets === "monteCarlo";
    gather(episodes.observations, rows, observationSize, inputs.observations.data);
    gather(episodes.nextObservations, rows, observationSize, inputs.nextObservations.data);
    inputs.nextAllowed.data.fill(1);
    rows.forEach((row, i) => {
      const ends = episodes.terminated[row] === 1;
      const goesOn = !ends && episodes.truncated[row] === 0;
      inputs.actions.data[i] = episodes.actions[row * actionSize]!;
      inputs.rewards.data[i] = isWhole ? returns[row]! : episodes.rewards[row]!;
      inputs.discounts.data[i] = ends || isWhole ? 0 : gamma;
      if (goesOn && maskSize > 0) {
        const next = (row + envs) * maskSize;
        inputs.nextAllowed.data.set(episodes.masks.subarray(next, next + maskSize), i * maskSize);
      }
    });
  }

  #moveTarget(): void {
    const { targetNetwork, targetUpdateInterval } = this.#config;
    if (targetNetwork === "average") this.#follow();
    if (targetNetwork === "copy" && this.#optimiser.steps % targetUpdateInterval === 0) this.#follow();
  }

  /** What changes besides parameters, by name. */
  #tensors() {
    const target = this.#config.targetNetwork === "none" ? {} : prefixed("target/", this.#target.parameters());
    return { ...target, ...prefixed("optimiser/", this.#optimiser.state()) };
  }

  save(): Snapshot {
    const random = { behavior: { ...this.#behaviorRandom.state() }, minibatches: { ...this.#minibatchRandom.state() } };
    const json = { step: this.step, collections: this.#collections, ...random };
    return { json, arrays: stateDict(this.#tensors()) };
  }

  load({ json, arrays }: Snapshot): void {
    const saved = json as unknown as Record<"step" | "collections", number> &
      Record<"behavior" | "minibatches", RandomState>;
    loadStateDict(this.#tensors(), arrays);
    this.#behaviorRandom.restore(saved.behavior);
    this.#minibatchRandom.restore(saved.minibatches);
    this.step = saved.step;
    this.#collections = saved.collections;
  }
}

/** One minibatch: targets, loss and the step along its gradient. */
function recordUpdate(
  network: ValueNetwork,
  target: ValueNetwork,
  optimiser: Optimiser,
  { config, env }: LearnerContext<ValuePredictionConfig>,
) {
  const { batchSize: size, loss, targetPolicy } = config;
  const observations = { shape: [size, env.observationSpace.flatSize] };
  const specs = {
    observations,
    nextObservations: observations,
    nextAllowed: { shape: [size, Math.max(1, env.actionSpace.maskSize)] },
    actions: { shape: [size], dtype: "int32" },
    rewards: { shape: [size] },
    discounts: { shape: [size] },
  } as const;
  return plan(specs, (inputs) => {
    const { nextObservations, nextAllowed, rewards, discounts } = inputs;
    const targets = noGrad(() =>
      add(rewards, mul(discounts, target.stateValues(nextObservations, nextAllowed, targetPolicy))),
    );
    const values = network.values(inputs.observations, inputs.actions);
    const error = losses[loss](values, targets);
    optimiser.update(backward(error));
    return { loss: error, values };
  });
}

type Inputs = Record<"observations" | "nextObservations" | "nextAllowed" | "actions" | "rewards" | "discounts", Tensor>;

/** V knows one policy, the one that acts; returns belong to it alone. */
function check({ predicts, targets, targetPolicy, epsilon }: ValuePredictionConfig): void {
  const onlyWithQ = (name: string, value: unknown, allowed: unknown) => {
    throw new ConfigError({ field: name, value, allowed: `${JSON.stringify(allowed)} where predicts is "v"` });
  };
  if (predicts === "v" && targetPolicy !== "uniform") onlyWithQ("targetPolicy", targetPolicy, "uniform");
  if (predicts === "v" && epsilon !== 1) onlyWithQ("epsilon", epsilon, 1);
  if (predicts === "q" && targets === "monteCarlo") {
    const fix = "Returns are those of the policy that acts; expected SARSA's targets are the target policy's.";
    throw new ConfigError({ field: "targets", value: targets, allowed: '"td" where predicts is "q"', fix });
  }
}

function createNetwork({ config, observationSpace, actionSpace, key }: PolicyContext<ValuePredictionConfig>) {
  if (config.predicts === "q" && !(actionSpace instanceof Discrete)) {
    throw new ConfigError({ field: "predicts", value: "q", allowed: `"v" where actions are ${actionSpace.kind}` });
  }
  const actions = config.predicts === "q" ? actionSpace.maskSize : undefined;
  const { hidden, activation } = config;
  const observationSize = observationSpace.flatSize;
  return new ValueNetwork({ observationSize, actions, hidden, activation, key: key.split("network") });
}

function createPolicy(context: PolicyContext<ValuePredictionConfig>): PredictionPolicy {
  return new PredictionPolicy(createNetwork(context), context.config.targetPolicy, context);
}

export const valuePrediction: Algorithm<ValuePredictionConfig> = {
  name: "value-prediction",
  summary: "Values of a given policy by a network: Monte Carlo or TD, V on-policy or Q off-policy.",
  source: "Sutton & Barto 2018, chapters 9 and 11",
  schema,
  actionSpaces: ["discrete", "multi-discrete", "multi-binary", "box"],
  presets: {},
  check,
  createPolicy,
  create: (context) => new ValuePrediction(context),
};
