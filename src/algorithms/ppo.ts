/**
 * Proximal policy optimisation with a clipped objective: Schulman et al. 2017, "Proximal Policy Optimization Algorithms",
 * equation 7 for the policy and equation 9 for the whole loss, with advantages by GAE (Schulman et al. 2016, equation 16).
 * What the paper leaves open follows Stable-Baselines3; every detail is listed in docs/ppo-details.md:
 *
 * - the value loss is not halved, and value clipping takes no maximum with the unclipped loss;
 * - advantages are normalised per minibatch, with the unbiased deviation;
 * - `targetKl` ends the update before the step that would follow the excess, at 1.5 times the target.
 */
import { z } from "zod";
import type { Minibatch, Rollout } from "../data/index.ts";
import { ConfigError } from "../errors.ts";
import { explainedVariance } from "../estimators/index.ts";
import { adam, loadStateDict, type Optimiser, stateDict } from "../nn/index.ts";
import type { Key, Random, RandomState } from "../random/index.ts";
import {
  abs,
  add,
  backward,
  exp,
  expm1,
  greater,
  mean,
  minimum,
  mul,
  neg,
  type Operand,
  plan,
  randomStream,
  square,
  sub,
  type Tensor,
} from "../tensor/index.ts";
import { ActorCritic, type PolicyNetwork, sizesOf } from "./actor-critic.ts";
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
import { type TrainingListener, tellReads, watched } from "./listener.ts";
import { clipAround, standardize } from "./loss-terms.ts";
import { perSize } from "./per-size.ts";
import { ppoEpochs } from "./ppo-epochs.ts";
import { ppoPresets } from "./ppo-presets.ts";
import { requireFullMinibatch, requireTwoTransitions } from "./rollout-size.ts";
import { ScheduledValue } from "./scheduled-value.ts";
import { prefixed } from "./snapshot.ts";

/** What PPO takes, with memory or without. */
export const ppoFields = {
  learningRate: field.scheduled(3e-4, "Step size of Adam. Too large: the policy collapses. Usual: 3e-5 to 1e-3."),
  nSteps: field.count(2048, "Steps per environment and rollout; more: steadier, rarer updates. Usual: 16 to 4096."),
  batchSize: field.count(64, "Samples per gradient step. Usual: 32 to 4096."),
  nEpochs: field.count(10, "Passes over a rollout; more pushes the policy further off its data. Usual: 3 to 30."),
  gaeLambda: field.fraction(0.95, "λ of GAE: 0 trusts the critic (bias), 1 the rewards (variance). Usual: 0.8 to 1."),
  clipRange: field.scheduled(0.2, "How far the ratio may leave 1 before its gradient is cut. Usual: 0.1 to 0.3."),
  clipRangeVf: field.scheduledOrNull(null, "How far a value may leave the collected one, in rewards; null: any."),
  normalizeAdvantage: field.flag(true, "Bring each minibatch of advantages to mean 0 and deviation 1."),
  entCoef: field.scheduled(0, "Weight of the entropy bonus: keeps the policy exploring. Usual: 0 to 0.02."),
  vfCoef: field.nonNegative(0.5, "Weight of the value loss; matters where the network is shared. Usual: 0.5 to 1."),
  maxGradNorm: field.positive(0.5, "Gradients longer than this are shortened to it. Usual: 0.5 to 5."),
  targetKl: field.positiveOrNull(null, "Ends an update that moved the policy so far; null: none. Usual: 0.01 to 0.05."),
  useSde: field.flag(false, "Gaussian noise as a smooth function of the state (gSDE), not drawn anew each step."),
  sdeSampleFreq: field.countOrNever(-1, "Steps until gSDE draws noise anew; −1: each rollout only. Usual: 4 to 64."),
  adamEps: field.positive(1e-5, "ε of Adam: damps steps of parameters with tiny gradients."),
};

const schema = z.strictObject({
  ...field.commonFields,
  ...field.networkFields,
  sparseInput: field.sparseInput,
  pooling: field.pooling,
  sharedNetwork: field.flag(false, "One trunk for policy and value instead of one each."),
  ...ppoFields,
});

export type PpoConfig = z.infer<typeof schema> & CommonConfig;

export interface PpoLossOptions {
  /** ε of equation 7; a tensor of one element where it changes over the run. */
  readonly clipRange: Operand;
  readonly clipRangeVf: Operand | null;
  readonly normalizeAdvantage: boolean;
  readonly entCoef: Operand;
  readonly vfCoef: number;
}

/** Equation 9 on one minibatch, and its parts. Every result has one element; `total` is what to differentiate. */
export function ppoLoss(network: Pick<PolicyNetwork, "forward">, batch: Minibatch, options: PpoLossOptions) {
  const { policy, values } = network.forward(batch.observations, { mask: batch.masks });
  const logProbs = policy.logProb(batch.actions);
  const advantages = options.normalizeAdvantage ? standardize(batch.advantages) : batch.advantages;

  const logRatios = sub(logProbs, batch.oldLogProbs);
  const ratios = exp(logRatios);
  const clipped = clipAround(1, ratios, options.clipRange);
  const surrogates = minimum(mul(ratios, advantages), mul(clipped, advantages));
  const policyLoss = neg(mean(surrogates));

  const { oldValues, returns } = batch;
  const change = sub(values, oldValues);
  const predicted = options.clipRangeVf === null ? values : add(oldValues, clipAround(0, change, options.clipRangeVf));
  const squaredErrors = square(sub(returns, predicted));
  const valueLoss = mean(squaredErrors);

  const entropies = policy.entropy();
  const entropy = mean(entropies);
  const total = add(sub(policyLoss, mul(entropy, options.entCoef)), mul(valueLoss, options.vfCoef));

  // Schulman 2020, "Approximating KL divergence": (r − 1) − log r, unbiased and never negative.
  const approxKl = mean(sub(expm1(logRatios), logRatios));
  const clipFraction = mean(greater(abs(sub(ratios, 1)), options.clipRange));
  const terms = { policy: surrogates, value: squaredErrors, entropy: entropies };
  return { total, policyLoss, valueLoss, entropy, approxKl, clipFraction, logProbs, values, ratios, advantages, terms };
}

/** Rollouts and updates in turn. */
class Ppo implements Learner {
  readonly policy: ActorCriticPolicy;
  step = 0;
  readonly stepsPerIteration: number;
  readonly #config: PpoConfig;
  readonly #optimiser: Optimiser;
  readonly #collector: Collector;
  readonly #actionStream: Tensor;
  readonly #minibatchRandom: Random;
  readonly #learningRate: ScheduledValue;
  readonly #clipRange: ScheduledValue;
  readonly #clipRangeVf: ScheduledValue | null;
  readonly #entCoef: ScheduledValue;
  readonly #listener: TrainingListener | undefined;
  readonly #updateFor = perSize((batchSize) => this.#recordUpdate(batchSize));

  constructor(context: LearnerContext<PpoConfig>) {
    const { config, env, key } = context;
    this.#config = config;
    this.#listener = context.listener;
    this.stepsPerIteration = config.nSteps * config.nEnvs;
    this.policy = createPolicy(context);
    const { network } = this.policy;
    tellReads(context.listener, network, env);
    this.#optimiser = adam(network.parameters(), { eps: config.adamEps, maxGradNorm: config.maxGradNorm });
    this.#actionStream = randomStream(key.split("actions"));
    this.#minibatchRandom = key.split("minibatches").stream();
    this.#collector = new Collector({ ...config, env, network, steps: config.nSteps, stream: this.#actionStream });
    this.#learningRate = new ScheduledValue(config.learningRate);
    this.#clipRange = new ScheduledValue(config.clipRange);
    this.#clipRangeVf = config.clipRangeVf === null ? null : new ScheduledValue(config.clipRangeVf);
    this.#entCoef = new ScheduledValue(config.entCoef);
  }

  iterate(): Metrics {
    const { gamma, gaeLambda } = this.#config;
    const rollout = this.#collector.collect();
    this.step += this.stepsPerIteration;
    rollout.finish(this.#collector.lastValues, gamma, gaeLambda);
    const schedules = this.#followSchedules();
    const learned = this.#learn(rollout);
    const { std } = this.policy.network;
    return {
      ...learned,
      ...schedules,
      ...(std !== undefined && { "policy/std": std }),
      "value/explainedVariance": explainedVariance(rollout.values.data, rollout.returns.data),
      "update/count": this.#optimiser.steps,
    };
  }

  #learn(rollout: Rollout): Metrics {
    return ppoEpochs({
      ...this.#config,
      units: rollout.size,
      unitsPerMinibatch: this.#config.batchSize,
      random: this.#minibatchRandom,
      optimiser: this.#optimiser,
      prepare: (rows) => {
        const update = this.#updateFor(rows.length);
        update.differentiate.inputs.rows.set(rows);
        rollout.gatherMasks(rows, update.differentiate.inputs.masks);
        return update;
      },
    });
  }

  /** The gradient of one minibatch and the step along it, each recorded once. */
  #recordUpdate(batchSize: number) {
    const { rollout } = this.#collector;
    const { network } = this.policy;
    const rows = { shape: [batchSize], dtype: "int32" } as const;
    const masks = { shape: [batchSize, rollout.sizes.maskSize], dtype: "uint8" } as const;
    const [clipRange, clipRangeVf] = [this.#clipRange.tensor, this.#clipRangeVf?.tensor ?? null];
    const entCoef = this.#entCoef.tensor;
    const differentiate = plan({ rows, masks }, (inputs) => {
      const batch = rollout.minibatch(inputs.rows, inputs.masks);
      const loss = ppoLoss(network, batch, { ...this.#config, clipRange, clipRangeVf, entCoef });
      return { ...loss, batch, gradients: backward(loss.total) };
    });
    const { batch, gradients, ...loss } = differentiate.outputs;
    const apply = plan({}, () => this.#optimiser.update(gradients));
    const step = () => ({
      ...loss,
      name: "update",
      batch: batchSize,
      gradients,
      optimiser: this.#optimiser,
      observations: batch.observations,
      actions: batch.actions,
      policy: () => network.policy(batch.observations, { mask: batch.masks }),
      clipRange,
      targets: batch.returns,
      judge: (observations: Tensor) => network.values(observations),
      gamma: this.#config.gamma,
    });
    return { differentiate, apply: watched(apply, this.#listener, step) };
  }

  #followSchedules(): Metrics {
    const progressRemaining = 1 - this.step / this.#config.steps;
    this.#optimiser.learningRate = this.#learningRate.moveTo(progressRemaining);
    this.#clipRangeVf?.moveTo(progressRemaining);
    return {
      "schedule/learningRate": this.#optimiser.learningRate,
      "schedule/clipRange": this.#clipRange.moveTo(progressRemaining),
      "schedule/entCoef": this.#entCoef.moveTo(progressRemaining),
    };
  }

  /** What changes besides parameters and minibatches, by name. */
  #tensors() {
    return { actions: this.#actionStream, ...prefixed("optimiser/", this.#optimiser.state()) };
  }

  save(): Snapshot {
    const minibatches = { ...this.#minibatchRandom.state() };
    return { json: { step: this.step, minibatches }, arrays: stateDict(this.#tensors()) };
  }

  load({ json, arrays }: Snapshot): void {
    const { step, minibatches } = json as unknown as { step: number; minibatches: RandomState };
    loadStateDict(this.#tensors(), arrays);
    this.#minibatchRandom.restore(minibatches);
    this.step = step;
  }
}

function check(config: PpoConfig): void {
  requireTwoTransitions(config);
  if (config.batchSize === 1 && config.normalizeAdvantage) {
    const fix = "One advantage alone has no deviation; raise batchSize, or set normalizeAdvantage=false.";
    throw new ConfigError({
      field: "batchSize",
      value: 1,
      allowed: "at least 2 where normalizeAdvantage is true",
      fix,
    });
  }
  requireFullMinibatch(config);
}

/** Policy and critic as the configuration says. */
export function ppoNetwork({ config, observationSpace, actionSpace }: PolicyContext<PpoConfig>, key: Key): ActorCritic {
  const critic = config.sharedNetwork ? "shared" : "separate";
  return new ActorCritic({ ...config, ...sizesOf(observationSpace), actionSpace, critic, key });
}

function createPolicy(context: PolicyContext<PpoConfig>): ActorCriticPolicy {
  const { config, key } = context;
  const network = ppoNetwork(context, key.split("network"));
  return new ActorCriticPolicy(network, context, config.sdeSampleFreq > 0 ? config.sdeSampleFreq : config.nSteps);
}

export const ppo: Algorithm<PpoConfig> = {
  name: "ppo",
  summary: "Proximal policy optimisation: actor-critic with a clipped ratio; the sturdy first choice.",
  source: "Schulman et al. 2017, arXiv:1707.06347",
  schema,
  actionSpaces: ["discrete", "multi-discrete", "multi-binary", "box"],
  presets: ppoPresets,
  tells: true,
  check,
  createPolicy,
  create: (context) => new Ppo(context),
};
