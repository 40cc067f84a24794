/**
 * Advantage actor-critic, synchronous: Mnih et al. 2016, "Asynchronous methods for deep reinforcement learning", algorithm S3
 * with N environments stepped together instead of N threads (A2C). After every few steps the policy follows
 *
 *     ∇J ≈ (1/B) Σ_t ∇ log π(a_t | s_t) Ψ_t
 *
 * and the critic is fitted to its targets, once: the data is then thrown away. What the critic is and what Ψ_t says of the
 * action is `estimator`. Forms are numbered as in Schulman et al. 2016, "High-dimensional continuous control using generalized
 * advantage estimation", section 2:
 *
 * | estimator | Ψ_t | form | the critic's target |
 * |---|---|---|---|
 * | q | Q(s_t, a_t) | 4, action values | r_t + γ Q(s_t+1, a_t+1) |
 * | td | r_t + γ V(s_t+1) | 4, estimated by V | r_t + γ V(s_t+1) |
 * | advantage | r_t + γ V(s_t+1) − V(s_t) | 6, the TD residual | r_t + γ V(s_t+1) |
 * | nStep | R_t − V(s_t) | 3, what follows less a baseline | R_t = r_t + … + γ^k V(s_t+k), to the end of the rollout |
 * | gae | GAE(λ) | 5, the advantage, estimated | GAE(λ) + V(s_t) |
 *
 * The targets are λ-returns with λ = 0, 0, 0, 1 and `gaeLambda`; so gae with gaeLambda 1, the default, is nStep. Deviations
 * and details:
 *
 * - Stable-Baselines3's loss: mean over the rollout, value loss not halved, the network of policy and critic not shared;
 * - RMSprop in TensorFlow's form, ε inside of the root and averages that start at 1, as the published results were made with;
 * - a_t+1 in the target of Q is the action taken there, so that Q is that of the policy whatever its actions are (SARSA). At
 *   the end of a rollout and of a truncated episode none was taken: there it is drawn (for the latter without a mask, since
 *   environments give none for final observations).
 */
import { z } from "zod";
import type { Rollout } from "../data/index.ts";
import { ConfigError } from "../errors.ts";
import { explainedVariance, lambdaReturn, type ValuedTransitions } from "../estimators/index.ts";
import { adam, loadStateDict, type Optimiser, rmsProp, stateDict } from "../nn/index.ts";
import { add, backward, mean, mul, neg, plan, randomStream, square, sub, type Tensor } from "../tensor/index.ts";
import { a2cPresets } from "./a2c-presets.ts";
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
import { Collector } from "./collector.ts";
import * as field from "./config.ts";
import { type GradientStep, type TrainingListener, watched } from "./listener.ts";
import { standardize } from "./loss-terms.ts";
import { MetricMeans } from "./metric-means.ts";
import { ScheduledValue } from "./scheduled-value.ts";
import { prefixed } from "./snapshot.ts";

const schema = z.strictObject({
  ...field.commonFields,
  ...field.networkFields,
  learningRate: field.scheduled(7e-4, "Step size. Too large: the policy collapses. Usual: 1e-4 to 3e-3."),
  nSteps: field.count(5, "Steps per environment and update; more: less bias, rarer updates. Usual: 5 to 128."),
  estimator: field.oneOf(
    ["q", "td", "advantage", "nStep", "gae"],
    "gae",
    "What weighs ∇ log π: Q, r + γV′, r + γV′ − V, n-step returns less V, or GAE.",
  ),
  gaeLambda: field.fraction(1, "λ of GAE: 0 trusts the critic (bias), 1 the rewards (variance). Usual: 0.8 to 1."),
  normalizeAdvantage: field.flag(false, "Bring the weights of a rollout to mean 0 and deviation 1."),
  entCoef: field.nonNegative(0, "Weight of the entropy bonus: keeps the policy exploring. Usual: 0 to 0.02."),
  vfCoef: field.nonNegative(0.5, "Weight of the value loss; matters where the network is shared. Usual: 0.25 to 1."),
  maxGradNorm: field.positive(0.5, "Gradients longer than this are shortened to it. Usual: 0.5 to 5."),
  sharedNetwork: field.flag(false, "One trunk for policy and value instead of one each."),
  useRmsProp: field.flag(true, "RMSprop in TensorFlow's form, as published; false: Adam."),
  rmsPropEps: field.positive(1e-5, "ε of RMSprop: damps steps of parameters with tiny gradients."),
  logInterval: field.count(100, "Updates per iteration: metrics are their means. Usual: 10 to 1000."),
});

export type A2cConfig = z.infer<typeof schema> & CommonConfig;

/** What the loss reads: the rows of one rollout. */
export interface A2cBatch {
  /** `[B, F]` */
  readonly observations: Tensor;
  /** `[B, …action]` */
  readonly actions: Tensor;
  /** uint8 `[B, M]`, 1 where an action was allowed; left out where all were. */
  readonly masks?: Tensor | undefined;
  /** `[B]` Ψ_t. */
  readonly advantages: Tensor;
  /** `[B]` the critic's targets. */
  readonly returns: Tensor;
}

type LossOptions = Pick<A2cConfig, "normalizeAdvantage" | "entCoef" | "vfCoef">;

/** The loss of one rollout and its parts. Every result has one element; `total` is what to differentiate. */
export function a2cLoss(network: ActorCritic, batch: A2cBatch, options: LossOptions) {
  const { observations, actions, masks: mask } = batch;
  const { policy, values } = network.forward(observations, { mask, actions });
  const advantages = options.normalizeAdvantage ? standardize(batch.advantages) : batch.advantages;
  const weighted = mul(policy.logProb(actions), advantages);
  const policyLoss = neg(mean(weighted));
  const squaredErrors = square(sub(batch.returns, values));
  const valueLoss = mean(squaredErrors);
  const entropies = policy.entropy();
  const entropy = mean(entropies);
  const total = add(sub(policyLoss, mul(entropy, options.entCoef)), mul(valueLoss, options.vfCoef));
  const terms = { policy: weighted, value: squaredErrors, entropy: entropies };
  return { total, policyLoss, valueLoss, entropy, values, advantages, terms };
}

/** Ψ_t into `advantages` and the critic's targets into `returns`, both `[T·N]`: the table above. */
export function judgeActions(
  transitions: ValuedTransitions,
  { estimator, gamma, gaeLambda }: Pick<A2cConfig, "estimator" | "gamma" | "gaeLambda">,
  out: { readonly advantages: Float32Array; readonly returns: Float32Array },
): void {
  const lambda = { q: 0, td: 0, advantage: 0, nStep: 1, gae: gaeLambda }[estimator];
  const { values } = transitions;
  const { advantages, returns } = out;
  lambdaReturn(transitions, { gamma, lambda }, returns);
  for (let i = 0; i < values.length; i++) {
    if (estimator === "q") advantages[i] = values[i]!;
    else advantages[i] = estimator === "td" ? returns[i]! : returns[i]! - values[i]!;
  }
}

/** Short rollouts, with one update after each. */
class A2c implements Learner {
  readonly policy: ActorCriticPolicy;
  step = 0;
  readonly #config: A2cConfig;
  readonly #optimiser: Optimiser;
  readonly #collector: Collector;
  readonly #actionStream: Tensor;
  readonly #learningRate: ScheduledValue;
  readonly #update: ReturnType<typeof recordUpdate>;

  constructor(context: LearnerContext<A2cConfig>) {
    const { config, env, key } = context;
    this.#config = config;
    this.policy = createPolicy(context);
    const { network } = this.policy;
    this.#optimiser = makeOptimiser(network, config);
    this.#actionStream = randomStream(key.split("actions"));
    this.#collector = new Collector({ ...config, env, network, steps: config.nSteps, stream: this.#actionStream });
    this.#learningRate = new ScheduledValue(config.learningRate);
    const step = { network, rollout: this.#collector.rollout, optimiser: this.#optimiser, config };
    this.#update = recordUpdate(step, context.listener);
  }

  /** An update is small, so an iteration has many: looking at the numbers would take longer than making them. */
  iterate(): Metrics {
    const { logInterval, steps } = this.#config;
    const means = new MetricMeans();
    for (let i = 0; i < logInterval && this.step < steps; i++) {
      const rollout = this.#collect();
      means.add(this.#learn(rollout));
    }
    const { rollout } = this.#collector;
    const { std } = this.policy.network;
    return {
      ...means.result(),
      ...(std !== undefined && { "policy/std": std }),
      "value/explainedVariance": explainedVariance(rollout.values.data, rollout.returns.data),
      "update/count": this.#optimiser.steps,
    };
  }

  #collect(): Rollout {
    const rollout = this.#collector.collect();
    this.step += rollout.size;
    judgeActions(rollout.transitions(this.#collector.lastValues), this.#config, {
      advantages: rollout.advantages.data as Float32Array,
      returns: rollout.returns.data as Float32Array,
    });
    return rollout;
  }

  #learn(rollout: Rollout): Metrics {
    this.#optimiser.learningRate = this.#learningRate.moveTo(1 - this.step / this.#config.steps);
    const { differentiate, apply } = this.#update;
    differentiate.inputs.masks.data.set(rollout.masks);
    const loss = differentiate.run();
    apply.run();
    return {
      "loss/total": loss.total.item(),
      "loss/policy": loss.policyLoss.item(),
      "loss/value": loss.valueLoss.item(),
      "policy/entropy": loss.entropy.item(),
      "gradient/norm": this.#optimiser.gradientNorm!.item(),
      "schedule/learningRate": this.#optimiser.learningRate,
    };
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

interface UpdateParts {
  readonly network: ActorCritic;
  readonly rollout: Rollout;
  readonly optimiser: Optimiser;
  readonly config: A2cConfig;
}

/** The gradient of the loss on the rollout, and the step along it. */
function recordUpdate({ network, rollout, optimiser, config }: UpdateParts, listener: TrainingListener | undefined) {
  const { maskSize } = rollout.sizes;
  const { observations, actions, returns: targets } = rollout;
  const differentiate = plan({ masks: { shape: [rollout.size, maskSize], dtype: "uint8" } }, (inputs) => {
    const mask = maskSize > 0 ? inputs.masks : undefined;
    const loss = a2cLoss(network, { ...rollout, masks: mask }, config);
    return { ...loss, mask, gradients: backward(loss.total) };
  });
  const { gradients, terms, values, advantages, mask } = differentiate.outputs;
  const apply = plan({}, () => optimiser.update(gradients));
  const step = (): GradientStep => ({
    name: "update",
    batch: rollout.size,
    gradients,
    optimiser,
    terms,
    observations,
    actions,
    policy: () => network.policy(observations, { mask }),
    advantages,
    values,
    targets,
    gamma: config.gamma,
    // A critic of actions judges no states.
    ...(!network.judgesActions && { judge: (states: Tensor) => network.values(states) }),
  });
  return { differentiate, apply: watched(apply, listener, step) };
}

function makeOptimiser(network: ActorCritic, { useRmsProp, rmsPropEps, maxGradNorm }: A2cConfig): Optimiser {
  const parameters = network.parameters();
  if (useRmsProp) return rmsProp(parameters, { eps: rmsPropEps, tfLike: true, maxGradNorm });
  return adam(parameters, { eps: 1e-5, maxGradNorm });
}

function check({ estimator, sharedNetwork }: A2cConfig): void {
  if (estimator !== "q" || !sharedNetwork) return;
  const allowed = 'false where estimator is "q": that critic reads the action too';
  throw new ConfigError({ field: "sharedNetwork", value: true, allowed });
}

function createPolicy(context: PolicyContext<A2cConfig>): ActorCriticPolicy {
  const { config, observationSpace, actionSpace, key } = context;
  const critic = config.estimator === "q" ? "action" : config.sharedNetwork ? "shared" : "separate";
  const observationSize = observationSpace.flatSize;
  const network = new ActorCritic({ ...config, observationSize, actionSpace, critic, key: key.split("network") });
  return new ActorCriticPolicy(network, context);
}

export const a2c: Algorithm<A2cConfig> = {
  name: "a2c",
  summary: "Advantage actor-critic: small, frequent on-policy updates, with a choice of five estimators.",
  source: "Mnih et al. 2016, arXiv:1602.01783",
  schema,
  actionSpaces: ["discrete", "multi-discrete", "multi-binary", "box"],
  presets: a2cPresets,
  tells: true,
  check,
  createPolicy,
  create: (context) => new A2c(context),
};
