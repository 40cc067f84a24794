/**
 * Proximal policy optimisation with a clipped objective: Schulman et al. 2017, "Proximal Policy Optimization Algorithms",
 * equation 7 for the policy and equation 9 for the whole loss, with advantages by GAE (Schulman et al. 2016, equation 16).
 * What the paper leaves open follows Stable-Baselines3; every detail has its line in docs/ppo-details.md:
 *
 * - the value loss is not halved, and value clipping takes no maximum with the unclipped loss;
 * - advantages are normalised per minibatch, with the unbiased deviation;
 * - `targetKl` ends the update before the step that would follow the excess, at 1.5 times the target.
 */
import { z } from "zod";
import type { Rollout } from "../data/index.ts";
import { gatherMasks } from "../data/index.ts";
import { explainedVariance } from "../estimators/index.ts";
import {
  adam,
  loadStateDict,
  makeSchedule,
  type Optimiser,
  type ScheduleSpec,
  scheduleSchema,
  stateDict,
} from "../nn/index.ts";
import type { Random, RandomState } from "../random/index.ts";
import {
  abs,
  add,
  backward,
  clip,
  div,
  exp,
  expm1,
  greater,
  maximum,
  mean,
  minimum,
  mul,
  neg,
  type Operand,
  persistent,
  plan,
  randomStream,
  sqrt,
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
import { Collector } from "./collector.ts";
import { commonFields, networkFields, scheduled } from "./config.ts";
import { MetricMeans } from "./metric-means.ts";
import { ppoPresets } from "./ppo-presets.ts";
import { prefixed } from "./snapshot.ts";

const schema = z.strictObject({
  ...commonFields,
  ...networkFields,
  learningRate: scheduled(
    3e-4,
    "Step size of Adam. Too large: the policy collapses; too small: nothing moves. Usual: 3e-5 to 1e-3.",
  ),
  nSteps: z
    .int()
    .positive()
    .default(2048)
    .describe(
      "Steps of each environment per rollout; more lowers the variance of an update and makes updates rarer. Usual: 16 to 4096.",
    ),
  batchSize: z.int().positive().default(64).describe("Samples per gradient step. Usual: 32 to 4096."),
  nEpochs: z
    .int()
    .positive()
    .default(10)
    .describe("Passes over each rollout; more squeezes the data and pushes the policy further off it. Usual: 3 to 30."),
  gaeLambda: z
    .number()
    .min(0)
    .max(1)
    .default(0.95)
    .describe("λ of GAE: 0 trusts the critic (bias), 1 the rewards (variance). Usual: 0.8 to 1."),
  clipRange: scheduled(0.2, "How far the probability ratio may leave 1 before its gradient is cut. Usual: 0.1 to 0.3."),
  clipRangeVf: z
    .union([scheduleSchema, z.null()])
    .default(null)
    .describe("How far the value may leave the collected one; null: any. It depends on the scale of rewards."),
  normalizeAdvantage: z
    .boolean()
    .default(true)
    .describe("Bring each minibatch of advantages to mean 0 and deviation 1."),
  entCoef: z
    .number()
    .nonnegative()
    .default(0)
    .describe("Weight of the entropy bonus: keeps the policy exploring. Usual: 0 to 0.02."),
  vfCoef: z
    .number()
    .nonnegative()
    .default(0.5)
    .describe("Weight of the value loss; matters where the network is shared. Usual: 0.5 to 1."),
  maxGradNorm: z
    .number()
    .positive()
    .default(0.5)
    .describe("Gradients longer than this are shortened to it. Usual: 0.5 to 5."),
  targetKl: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe("End the update once the policy moved this far (approximate KL); null: never. Usual: 0.01 to 0.05."),
  sharedNetwork: z.boolean().default(false).describe("One trunk for policy and value instead of one each."),
  orthogonalInit: z
    .boolean()
    .default(true)
    .describe("Orthogonal first weights with a small policy head, and zero biases."),
  logStdInit: z
    .number()
    .default(0)
    .describe("First log σ of a Gaussian policy: how boldly it explores. Usual: −3 to 0."),
  adamEps: z.number().positive().default(1e-5).describe("ε of Adam: damps steps of parameters with tiny gradients."),
});

export type PpoConfig = z.infer<typeof schema> & CommonConfig;

/** What the loss reads of one minibatch; every tensor has B rows. */
export interface PpoBatch {
  readonly observations: Tensor;
  readonly actions: Tensor;
  readonly masks?: Tensor | undefined;
  readonly oldLogProbs: Tensor;
  readonly oldValues: Tensor;
  readonly advantages: Tensor;
  readonly returns: Tensor;
}

export interface PpoLossOptions {
  /** ε of equation 7; a tensor of one element where it changes over the run. */
  readonly clipRange: Operand;
  readonly clipRangeVf: Operand | null;
  readonly normalizeAdvantage: boolean;
  readonly entCoef: number;
  readonly vfCoef: number;
}

/** Equation 9 on one minibatch, and its parts. Every result has one element; `total` is what to differentiate. */
export function ppoLoss(network: ActorCritic, batch: PpoBatch, options: PpoLossOptions) {
  const { policy, values } = network.forward(batch.observations, batch.masks);
  const logProbs = policy.logProb(batch.actions);
  const advantages = options.normalizeAdvantage ? standardize(batch.advantages) : batch.advantages;

  const logRatios = sub(logProbs, batch.oldLogProbs);
  const ratios = exp(logRatios);
  const clipped = clipAround(1, ratios, options.clipRange);
  const policyLoss = neg(mean(minimum(mul(ratios, advantages), mul(clipped, advantages))));

  const { oldValues, returns } = batch;
  const change = sub(values, oldValues);
  const predicted = options.clipRangeVf === null ? values : add(oldValues, clipAround(0, change, options.clipRangeVf));
  const valueLoss = mean(square(sub(returns, predicted)));

  const entropy = mean(policy.entropy());
  const total = add(sub(policyLoss, mul(entropy, options.entCoef)), mul(valueLoss, options.vfCoef));

  // Schulman 2020, "Approximating KL divergence": (r − 1) − log r, unbiased and never negative.
  const approxKl = mean(sub(expm1(logRatios), logRatios));
  const clipFraction = mean(greater(abs(sub(ratios, 1)), options.clipRange));
  return { total, policyLoss, valueLoss, entropy, approxKl, clipFraction, logProbs, values, ratios };
}

/** x limited to center ± range. */
function clipAround(center: number, x: Tensor, range: Operand): Tensor {
  if (typeof range === "number") return clip(x, center - range, center + range);
  return maximum(minimum(x, add(range, center)), sub(center, range));
}

/** (x − mean) / (deviation + 1e-8), with the unbiased deviation; one sample stays as it is. */
function standardize(x: Tensor): Tensor {
  if (x.size < 2) return x;
  const centered = sub(x, mean(x));
  const deviation = sqrt(mul(sum(square(centered)), 1 / (x.size - 1)));
  return div(centered, add(deviation, 1e-8));
}

/** Rollouts and updates in turn. */
class Ppo implements Learner {
  readonly policy: ActorCriticPolicy;
  step = 0;
  readonly #config: PpoConfig;
  readonly #optimiser: Optimiser;
  readonly #collector: Collector;
  readonly #actionStream: Tensor;
  readonly #minibatchRandom: Random;
  readonly #plans = new Map<number, ReturnType<Ppo["planUpdate"]>>();
  readonly #clipRange = persistent([1], "float32");
  readonly #clipRangeVf = persistent([1], "float32");

  constructor(context: LearnerContext<PpoConfig>) {
    const { config, env, key } = context;
    this.#config = config;
    this.policy = createPolicy(context);
    const { network } = this.policy;
    this.#optimiser = adam(network.parameters(), { eps: config.adamEps, maxGradNorm: config.maxGradNorm });
    this.#actionStream = randomStream(key.split("actions"));
    this.#minibatchRandom = key.split("minibatches").stream();
    this.#collector = new Collector(env, network, config.nSteps, this.#actionStream);
  }

  iterate(): Metrics {
    const { nSteps, nEnvs, gamma, gaeLambda, steps } = this.#config;
    const rollout = this.#collector.collect();
    rollout.finish(this.#collector.lastValues, gamma, gaeLambda);
    this.step += nSteps * nEnvs;
    const schedules = this.#setSchedules(1 - this.step / steps);
    const learned = this.#learn(rollout);
    const explained = explainedVariance(rollout.values.data, rollout.returns.data);
    return { ...learned, ...schedules, "value/explainedVariance": explained };
  }

  /** Several epochs of minibatches over the rollout. */
  #learn({ rewards: { length }, masks, sizes: { maskSize } }: Rollout): Metrics {
    const { nEpochs, batchSize, targetKl } = this.#config;
    const means = new MetricMeans();
    const order = new Int32Array(length);
    epochs: for (let epoch = 0; epoch < nEpochs; epoch++) {
      this.#minibatchRandom.permutation(order);
      for (let start = 0; start < length; start += batchSize) {
        const rows = order.subarray(start, start + batchSize);
        const { differentiate, apply } = this.#planFor(rows.length);
        differentiate.inputs.rows.set(rows);
        if (maskSize > 0) gatherMasks(masks, rows, maskSize, differentiate.inputs.masks.data);
        const loss = differentiate.run();
        const kl = loss.approxKl.item();
        means.add("loss/total", loss.total.item());
        means.add("loss/policy", loss.policyLoss.item());
        means.add("loss/value", loss.valueLoss.item());
        means.add("policy/entropy", loss.entropy.item());
        means.add("policy/approxKl", kl);
        means.add("policy/clipFraction", loss.clipFraction.item());
        if (targetKl !== null && kl > 1.5 * targetKl) break epochs;
        apply.run();
        means.add("gradient/norm", this.#optimiser.gradientNorm!.item());
      }
    }
    return { ...means.result(), "update/count": this.#optimiser.steps };
  }

  /** The gradient and the step for minibatches of one size, each recorded once. The last minibatch may be smaller. */
  planUpdate(size: number) {
    const { rollout } = this.#collector;
    const rows = { shape: [size], dtype: "int32" as const };
    const masks = { shape: [size, rollout.sizes.maskSize], dtype: "uint8" as const };
    const differentiate = plan({ rows, masks }, (inputs) => {
      const batch = { ...rollout.minibatch(inputs.rows), masks: rollout.sizes.maskSize > 0 ? inputs.masks : undefined };
      const loss = ppoLoss(this.policy.network, batch, {
        ...this.#config,
        clipRange: this.#clipRange,
        clipRangeVf: this.#config.clipRangeVf === null ? null : this.#clipRangeVf,
      });
      return { ...loss, gradients: backward(loss.total) };
    });
    const apply = plan({}, () => this.#optimiser.update(differentiate.outputs.gradients));
    return { differentiate, apply };
  }

  #planFor(size: number) {
    let known = this.#plans.get(size);
    if (known === undefined) {
      known = this.planUpdate(size);
      this.#plans.set(size, known);
    }
    return known;
  }

  #setSchedules(progressRemaining: number): Metrics {
    const { learningRate, clipRange, clipRangeVf } = this.#config;
    const at = (spec: ScheduleSpec) => makeSchedule(spec)(progressRemaining);
    this.#optimiser.learningRate = at(learningRate);
    this.#clipRange.set([at(clipRange)]);
    if (clipRangeVf !== null) this.#clipRangeVf.set([at(clipRangeVf)]);
    return { "schedule/learningRate": this.#optimiser.learningRate, "schedule/clipRange": at(clipRange) };
  }

  save(): Snapshot {
    return {
      json: { step: this.step, minibatches: { ...this.#minibatchRandom.state() } },
      arrays: {
        actions: stateDict({ stream: this.#actionStream }).stream!,
        ...prefixed("optimiser/", stateDict(this.#optimiser.state())),
      },
    };
  }

  load({ json, arrays }: Snapshot): void {
    const { step, minibatches } = json as unknown as { step: number; minibatches: RandomState };
    this.step = step;
    this.#minibatchRandom.restore(minibatches);
    loadStateDict({ actions: this.#actionStream, ...prefixed("optimiser/", this.#optimiser.state()) }, arrays);
  }
}

function createPolicy(context: PolicyContext<PpoConfig>): ActorCriticPolicy {
  const { config, observationSpace, actionSpace, key } = context;
  const observationSize = observationSpace.flatSize;
  const network = new ActorCritic({ ...config, observationSize, actionSpace, key: key.split("network") });
  return new ActorCriticPolicy(network, context);
}

export const ppo: Algorithm<PpoConfig> = {
  name: "ppo",
  summary: "Proximal policy optimisation: actor-critic with a clipped ratio; the sturdy first choice.",
  source: "Schulman et al. 2017, arXiv:1707.06347",
  schema,
  actionSpaces: ["discrete", "multi-discrete", "multi-binary", "box"],
  presets: ppoPresets,
  createPolicy,
  create: (context) => new Ppo(context),
};
