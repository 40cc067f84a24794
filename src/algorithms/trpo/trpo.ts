/**
 * Trust region policy optimisation: Schulman et al. 2015, "Trust Region Policy Optimization", section 6 and appendix C. Each
 * update maximises the surrogate objective L(θ) = E[π_θ(a | s) / π_old(a | s) · A] (equation 14) subject to a mean KL
 * divergence of at most δ from the old policy, in one step:
 *
 * 1. the direction s solves F·s = g, with g the gradient of L and F the Fisher information, by conjugate gradient (C.1);
 * 2. its length √(2δ / sᵀFs) is what KL allows to second order;
 * 3. a backtracking line search shortens it until KL itself is at most δ and L has improved (appendix C).
 *
 * What the paper leaves open follows sb3-contrib: advantages by GAE, F with `cgDamping` added to its diagonal in both of the
 * first two steps, and a critic of its own that Adam fits to the returns afterwards. Deviations from sb3-contrib:
 *
 * - F·v is exact and from two walks over the network, not from the second derivative of KL;
 * - the divergence is KL(old ‖ new), as in the paper, not KL(new ‖ old); to second order both are the same.
 */
import { z } from "zod";
import type { Minibatch, Rollout } from "../../data/index.ts";
import { ConfigError } from "../../errors.ts";
import { explainedVariance } from "../../estimators/index.ts";
import { adam, loadStateDict, type Optimiser, stateDict } from "../../nn/index.ts";
import type { Random, RandomState } from "../../random/index.ts";
import {
  backward,
  exp,
  gatherRows,
  mean,
  mseLoss,
  mul,
  noGrad,
  plan,
  randomStream,
  sub,
  type Tensor,
} from "../../tensor/index.ts";
import { ActorCritic } from "../actor-critic.ts";
import { ActorCriticPolicy } from "../actor-critic-policy.ts";
import type {
  Algorithm,
  CommonConfig,
  Learner,
  LearnerContext,
  Metrics,
  PolicyContext,
  Snapshot,
} from "../algorithm.ts";
import { Collector } from "../collector.ts";
import * as field from "../config.ts";
import { standardize } from "../loss-terms.ts";
import { MetricMeans } from "../metric-means.ts";
import { perSize } from "../per-size.ts";
import { requireFullMinibatch, requireTwoTransitions } from "../rollout-size.ts";
import { ScheduledValue } from "../scheduled-value.ts";
import { prefixed } from "../snapshot.ts";
import { conjugateGradient, inner } from "./conjugate-gradient.ts";
import { fisherProduct } from "./fisher-product.ts";
import { FlatParameters } from "./flat-parameters.ts";
import { trpoPresets } from "./presets.ts";

const schema = z.strictObject({
  ...field.commonFields,
  ...field.networkFields,
  learningRate: field.scheduled(1e-3, "Step size of Adam, for the critic alone. Usual: 3e-4 to 3e-3."),
  nSteps: field.count(2048, "Steps per environment and rollout; more: a steadier direction. Usual: 512 to 4096."),
  batchSize: field.count(128, "Samples per gradient step of the critic. Usual: 32 to 1024."),
  gaeLambda: field.fraction(0.95, "λ of GAE: 0 trusts the critic (bias), 1 the rewards (variance). Usual: 0.9 to 1."),
  targetKl: field.positive(0.01, "δ: the largest mean KL divergence of one update. Usual: 0.003 to 0.05."),
  cgMaxSteps: field.count(15, "Steps of conjugate gradient; more: closer to the natural gradient. Usual: 10 to 25."),
  cgDamping: field.nonNegative(
    0.1,
    "Added to F's diagonal; more: steadier, closer to the gradient. Usual: 1e-3 to 0.1.",
  ),
  lineSearchShrinkingFactor: field.fraction(0.8, "What a step that goes too far is multiplied by. Usual: 0.5 to 0.8."),
  lineSearchMaxIter: field.count(10, "Lengths tried before the update is given up. Usual: 10."),
  nCriticUpdates: field.count(10, "Passes of the critic over a rollout. Usual: 10 to 20."),
  subSamplingFactor: field.count(1, "The policy learns from one of so many samples: faster, noisier. Usual: 1 to 5."),
  normalizeAdvantage: field.flag(true, "Bring the advantages of an update to mean 0 and deviation 1."),
  useSde: field.flag(false, "Gaussian noise as a smooth function of the state (gSDE), not drawn anew each step."),
  sdeSampleFreq: field.countOrNever(-1, "Steps until gSDE draws noise anew; −1: each rollout only. Usual: 4 to 64."),
  adamEps: field.positive(1e-5, "ε of the critic's Adam: damps steps of parameters with tiny gradients."),
});

export type TrpoConfig = z.infer<typeof schema> & CommonConfig;

/** Equation 14 on one batch: the mean of π(a | s) / π_old(a | s) · A, to be maximised; and the policy itself. */
export function surrogate(network: ActorCritic, batch: Minibatch, options: Pick<TrpoConfig, "normalizeAdvantage">) {
  const policy = network.policy(batch.observations, { mask: batch.masks });
  const advantages = options.normalizeAdvantage ? standardize(batch.advantages) : batch.advantages;
  const ratios = exp(sub(policy.logProb(batch.actions), batch.oldLogProbs));
  return { policy, objective: mean(mul(ratios, advantages)) };
}

/** What an update of the policy computes, recorded once: g, F·v, and how far and how well the policy is off as it is now. */
function recordPolicyStep(network: ActorCritic, rollout: Rollout, parameters: FlatParameters, config: TrpoConfig) {
  const size = Math.ceil(rollout.size / config.subSamplingFactor);
  const rows = { shape: [size], dtype: "int32" } as const;
  const masks = { shape: [size, rollout.sizes.maskSize], dtype: "uint8" } as const;
  const differentiate = plan({ rows, masks }, (inputs) => {
    const batch = rollout.minibatch(inputs.rows, inputs.masks);
    const { policy, objective } = surrogate(network, batch, config);
    const gradient = parameters.join(backward(objective));
    return { batch, policy, objective, gradient, entropy: noGrad(() => mean(policy.entropy())) };
  });
  // The old policy stays in the recording's memory until that is run again, however the parameters move.
  const { batch, policy: old } = differentiate.outputs;
  const fisher = plan({ direction: { shape: [parameters.size] } }, ({ direction }) =>
    parameters.join(fisherProduct(old, parameters.split(direction))),
  );
  const compare = plan({}, () =>
    noGrad(() => {
      const { policy, objective } = surrogate(network, batch, config);
      return { objective, kl: mean(old.kl(policy)) };
    }),
  );
  return { size, differentiate, fisher, compare };
}

/** Rollouts and updates in turn. */
class Trpo implements Learner {
  readonly policy: ActorCriticPolicy;
  step = 0;
  readonly #config: TrpoConfig;
  readonly #collector: Collector;
  readonly #actionStream: Tensor;
  readonly #minibatchRandom: Random;
  readonly #policyParameters: FlatParameters;
  readonly #policyStep: ReturnType<typeof recordPolicyStep>;
  readonly #critic: Optimiser;
  readonly #learningRate: ScheduledValue;
  readonly #criticStepFor = perSize((batchSize) => this.#recordCriticStep(batchSize));

  constructor(context: LearnerContext<TrpoConfig>) {
    const { config, env, key } = context;
    this.#config = config;
    this.policy = createPolicy(context);
    const { network } = this.policy;
    const partOf = (part: string) =>
      Object.fromEntries(Object.entries(network.parameters()).filter(([name]) => name.startsWith(part)));
    this.#actionStream = randomStream(key.split("actions"));
    this.#minibatchRandom = key.split("minibatches").stream();
    this.#collector = new Collector({ ...config, env, network, steps: config.nSteps, stream: this.#actionStream });
    this.#policyParameters = new FlatParameters(Object.values(partOf("policy.")));
    this.#policyStep = recordPolicyStep(network, this.#collector.rollout, this.#policyParameters, config);
    this.#critic = adam(partOf("value."), { eps: config.adamEps });
    this.#learningRate = new ScheduledValue(config.learningRate);
  }

  iterate(): Metrics {
    const { nSteps, nEnvs, gamma, gaeLambda, steps } = this.#config;
    const rollout = this.#collector.collect();
    this.step += nSteps * nEnvs;
    rollout.finish(this.#collector.lastValues, gamma, gaeLambda);
    this.#critic.learningRate = this.#learningRate.moveTo(1 - this.step / steps);
    const improved = this.#improvePolicy(rollout);
    const fitted = this.#fitCritic(rollout);
    const { std } = this.policy.network;
    return {
      ...improved,
      ...fitted,
      ...(std !== undefined && { "policy/std": std }),
      "value/explainedVariance": explainedVariance(rollout.values.data, rollout.returns.data),
      "schedule/learningRate": this.#critic.learningRate,
      "update/count": this.#critic.steps,
    };
  }

  /** One step to the edge of the trust region; where the line search finds none that helps, the policy stays as it is. */
  #improvePolicy(rollout: Rollout): Metrics {
    const { targetKl, cgMaxSteps, cgDamping, lineSearchShrinkingFactor, lineSearchMaxIter } = this.#config;
    const { size, differentiate, fisher, compare } = this.#policyStep;
    const rows = this.#minibatchRandom.permutation(new Int32Array(rollout.size)).subarray(0, size);
    differentiate.inputs.rows.set(rows);
    rollout.gatherMasks(rows, differentiate.inputs.masks);
    const { objective, gradient, entropy } = differentiate.run();
    const before = objective.item();

    const curvature = (v: Float64Array) => {
      fisher.inputs.direction.set(v);
      return Float64Array.from(fisher.run().data, (product, i) => product + cgDamping * v[i]!);
    };
    const direction = conjugateGradient(curvature, gradient.data.slice(), { maxSteps: cgMaxSteps });
    const curved = inner(direction, curvature(direction));
    const found = { kl: 0, gain: 0, tried: 0 };
    const start = this.#policyParameters.values();
    // Without a gradient there is no direction either, and no curvature along it.
    let length = curved > 0 ? Math.sqrt((2 * targetKl) / curved) : 0;
    let accepted = false;
    while (length > 0 && !accepted && found.tried < lineSearchMaxIter) {
      this.#policyParameters.moveTo(start, direction, length);
      const now = compare.run();
      found.kl = now.kl.item();
      found.gain = now.objective.item() - before;
      found.tried++;
      accepted = found.kl <= targetKl && found.gain > 0;
      length *= lineSearchShrinkingFactor;
    }
    if (!accepted) this.#policyParameters.moveTo(start, direction, 0);
    return {
      "loss/policy": -before,
      "policy/entropy": entropy.item(),
      "policy/kl": accepted ? found.kl : 0,
      "policy/surrogateGain": accepted ? found.gain : 0,
      "update/accepted": Number(accepted),
      "update/lineSearchSteps": found.tried,
      "gradient/norm": Math.sqrt(inner(gradient.data, gradient.data)),
    };
  }

  /** Several passes of minibatches: V towards the returns. */
  #fitCritic(rollout: Rollout): Metrics {
    const { nCriticUpdates, batchSize } = this.#config;
    const means = new MetricMeans();
    const order = new Int32Array(rollout.size);
    for (let pass = 0; pass < nCriticUpdates; pass++) {
      this.#minibatchRandom.permutation(order);
      // The last minibatch may be smaller than the others.
      for (let start = 0; start < order.length; start += batchSize) {
        const rows = order.subarray(start, start + batchSize);
        const criticStep = this.#criticStepFor(rows.length);
        criticStep.inputs.rows.set(rows);
        means.add({ "loss/value": criticStep.run().item() });
      }
    }
    return means.result();
  }

  #recordCriticStep(batchSize: number) {
    const { observations, returns } = this.#collector.rollout;
    return plan({ rows: { shape: [batchSize], dtype: "int32" } }, ({ rows }) => {
      const values = this.policy.network.values(gatherRows(observations, rows));
      const loss = mseLoss(values, gatherRows(returns, rows));
      this.#critic.update(backward(loss));
      return loss;
    });
  }

  /** What changes besides parameters and minibatches, by name. */
  #tensors() {
    return { actions: this.#actionStream, ...prefixed("optimiser/", this.#critic.state()) };
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

function check(config: TrpoConfig): void {
  requireTwoTransitions(config);
  requireFullMinibatch(config);
  const transitions = config.nSteps * config.nEnvs;
  if (2 * config.subSamplingFactor <= transitions) return;
  throw new ConfigError({
    field: "subSamplingFactor",
    value: config.subSamplingFactor,
    allowed: `at most half of nSteps × nEnvs = ${transitions}, so that two transitions are left`,
  });
}

function createPolicy(context: PolicyContext<TrpoConfig>): ActorCriticPolicy {
  const { config, observationSpace, actionSpace, key } = context;
  const observationSize = observationSpace.flatSize;
  const network = new ActorCritic({ ...config, observationSize, actionSpace, key: key.split("network") });
  return new ActorCriticPolicy(network, context, config.sdeSampleFreq > 0 ? config.sdeSampleFreq : config.nSteps);
}

export const trpo: Algorithm<TrpoConfig> = {
  name: "trpo",
  summary: "Trust region policy optimisation: natural gradient steps that never move the policy further than allowed.",
  source: "Schulman et al. 2015, arXiv:1502.05477",
  schema,
  actionSpaces: ["discrete", "multi-discrete", "multi-binary", "box"],
  presets: trpoPresets,
  check,
  createPolicy,
  create: (context) => new Trpo(context),
};
