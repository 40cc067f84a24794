/**
 * Analytic policy gradient: backpropagation through time through dynamics that are known and have derivatives. Short-horizon
 * actor-critic, SHAC: Xu et al. 2022, "Accelerated policy learning with parallel differentiable simulation".
 * A window of h steps of N environments, and V for what follows it, is one differentiable function of the policy's parameters θ:
 *
 *     J(θ) = 1/(N h) Σ_n [ Σ_{t<h} γ^t R(s_t, a_t) + γ^h V(s_h) ],   a_t = π_θ(s_t, ε_t),   s_{t+1} = f(s_t, a_t)
 *
 * with fixed noise ε. Nothing is estimated from samples of actions, as a policy gradient without dynamics has to. V is fitted to
 * λ-returns. Deviations from the paper:
 *
 * - a window also ends, for all environments, where an episode does, and bootstraps there unless it terminated;
 * - several steps of Adam per window: the dynamics being known, it is computed anew each time, under the changed policy, from the
 *   same s_0 and ε (`dynamics/steps` counts these; environment steps are counted once);
 * - a penalty on the square of what goes into tanh: where it saturates no gradient comes back, and a policy that has got there
 *   (Pendulum: full torque against gravity, hanging still) would stay for ever;
 * - no target network for V.
 */
import { z } from "zod";
import type { DifferentiableDynamics } from "../../envs/index.ts";
import { ConfigError } from "../../errors.ts";
import { explainedVariance, lambdaReturn } from "../../estimators/index.ts";
import { adam, loadStateDict, type Optimiser, stateDict } from "../../nn/index.ts";
import type { Random, RandomState } from "../../random/index.ts";
import { Box } from "../../spaces/index.ts";
import {
  backward,
  gatherRows,
  mseLoss,
  noGrad,
  persistent,
  plan,
  randomStream,
  type Tensor,
} from "../../tensor/index.ts";
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
import * as field from "../config.ts";
import { MetricMeans } from "../metric-means.ts";
import { perSize } from "../per-size.ts";
import { ScheduledValue } from "../scheduled-value.ts";
import { prefixed } from "../snapshot.ts";
import { BoundedActorCritic } from "./bounded-actor-critic.ts";
import { shortHorizonLoss } from "./loss.ts";
import { analyticPolicyGradientPresets } from "./presets.ts";
import { Window } from "./window.ts";

const schema = z.strictObject({
  ...field.commonFields,
  ...field.networkFields,
  normalizeObservation: field.never("Not possible: what is observed follows from states by the known dynamics."),
  normalizeReward: field.never("Not possible: rewards follow from states and actions by the known dynamics."),
  learningRate: field.scheduled(3e-3, "Step size of Adam, for policy and V. Usual: 1e-4 to 1e-2."),
  nSteps: field.count(32, "h: steps that gradients flow back through; more: less trust in V. Usual: 8 to 64."),
  nEpochs: field.count(1, "Steps along the policy's gradient per window; more: fewer samples. Usual: 1 to 8."),
  nCriticUpdates: field.count(16, "Passes over a window that V is fitted with. Usual: 4 to 64."),
  batchSize: field.count(64, "Samples per gradient step of V. Usual: 32 to 1024."),
  gaeLambda: field.fraction(0.95, "λ of the returns V is fitted to: 0 trusts V (bias), 1 the rewards (variance)."),
  saturationCoef: field.nonNegative(0.05, "Weight of the penalty on saturated actions. Usual: 0 to 0.1 of a reward."),
  maxGradNorm: field.positive(0.5, "Gradients longer than this are shortened to it. Usual: 0.5 to 5."),
});

export type AnalyticPolicyGradientConfig = z.infer<typeof schema> & CommonConfig;

/** V of all `observations`, as they are when it runs. */
function planValues(network: BoundedActorCritic, observations: Tensor) {
  return plan({}, () => noGrad(() => network.values(observations)));
}

/** Windows and updates in turn. */
class AnalyticPolicyGradient implements Learner {
  readonly policy: ActorCriticPolicy<BoundedActorCritic>;
  step = 0;
  readonly #config: AnalyticPolicyGradientConfig;
  readonly #dynamics: DifferentiableDynamics;
  readonly #window: Window;
  /** `[(h + 1)·N, F]` and `[h·N]`: what V is fitted to. */
  readonly #observations: Tensor;
  readonly #returns: Tensor;
  readonly #policyOptimiser: Optimiser;
  readonly #valueOptimiser: Optimiser;
  readonly #noiseStream: Tensor;
  readonly #minibatchRandom: Random;
  readonly #learningRate: ScheduledValue;
  readonly #policyUpdateFor = perSize((steps) => this.#recordPolicyUpdate(steps));
  readonly #valueUpdateFor = perSize((batchSize) => this.#recordValueUpdate(batchSize));
  readonly #values: ReturnType<typeof planValues>;
  #dynamicsSteps = 0;

  constructor(context: LearnerContext<AnalyticPolicyGradientConfig>) {
    const { config, env, key } = context;
    const { nSteps, maxGradNorm, learningRate } = config;
    this.#config = config;
    this.#dynamics = env.differentiable!.dynamics;
    this.policy = createPolicy(context);
    const { network } = this.policy;
    this.#policyOptimiser = adam(network.policyParameters(), { maxGradNorm });
    this.#valueOptimiser = adam(network.valueParameters(), { maxGradNorm });
    this.#noiseStream = randomStream(key.split("noise"));
    this.#minibatchRandom = key.split("minibatches").stream();
    this.#window = new Window(env, network, nSteps, this.#noiseStream);
    this.#observations = persistent([(nSteps + 1) * env.count, env.observationSpace.flatSize], "float32");
    this.#returns = persistent([nSteps * env.count], "float32");
    this.#values = planValues(network, this.#observations);
    this.#learningRate = new ScheduledValue(learningRate);
  }

  iterate(): Metrics {
    this.#window.collect();
    this.step += this.#window.steps * this.#config.nEnvs;
    const learningRate = this.#learningRate.moveTo(1 - this.step / this.#config.steps);
    this.#policyOptimiser.learningRate = learningRate;
    this.#valueOptimiser.learningRate = learningRate;
    return {
      ...this.#learnPolicy(),
      ...this.#learnValue(),
      "policy/std": this.policy.network.std,
      "dynamics/steps": this.#dynamicsSteps,
      "schedule/learningRate": learningRate,
      "update/count": this.#policyOptimiser.steps,
    };
  }

  /** Some steps along the gradient through the window. */
  #learnPolicy(): Metrics {
    const { steps, states, noise, terminated, rewards } = this.#window;
    const { nEpochs, nEnvs } = this.#config;
    const update = this.#policyUpdateFor(steps);
    const { inputs } = update;
    inputs.states.set(states);
    inputs.noise.set(noise.subarray(0, inputs.noise.size));
    inputs.continues.set(terminated.map((isOver) => 1 - isOver));
    const means = new MetricMeans();
    for (let epoch = 0; epoch < nEpochs; epoch++) {
      const loss = update.run();
      // Only the first time are the actions those that the environments were given.
      const mismatch = { "dynamics/mismatch": meanDistance(loss.rewards.data, rewards) };
      means.add({
        "loss/policy": loss.policyLoss.item(),
        "policy/saturation": loss.saturation.item(),
        "gradient/norm": this.#policyOptimiser.gradientNorm!.item(),
        ...(epoch === 0 && mismatch),
      });
    }
    this.#dynamicsSteps += nEpochs * steps * nEnvs;
    return means.result();
  }

  /** Fits V to the λ-returns of the window. */
  #learnValue(): Metrics {
    const { nEnvs: envs, nCriticUpdates, batchSize, gamma, gaeLambda: lambda } = this.#config;
    const { steps, observations } = this.#window;
    const size = steps * envs;
    this.#observations.data.set(observations);
    const values = this.#values.run().data as Float32Array;
    const returns = lambdaReturn(this.#window.transitions(values), { gamma, lambda });
    const explained = explainedVariance(values.subarray(0, size), returns);
    this.#returns.data.set(returns);
    const means = new MetricMeans();
    const order = new Int32Array(size);
    for (let pass = 0; pass < nCriticUpdates; pass++) {
      this.#minibatchRandom.permutation(order);
      for (let start = 0; start < size; start += batchSize) {
        const rows = order.subarray(start, start + batchSize);
        const update = this.#valueUpdateFor(rows.length);
        update.inputs.rows.set(rows);
        means.add({ "loss/value": update.run().item() });
      }
    }
    return { ...means.result(), "value/explainedVariance": explained };
  }

  #recordPolicyUpdate(steps: number) {
    const { nEnvs } = this.#config;
    const specs = {
      states: { shape: [nEnvs, this.#dynamics.stateSize] },
      noise: { shape: [steps, nEnvs, this.policy.actionSpace.actionSize] },
      continues: { shape: [nEnvs] },
    };
    return plan(specs, (inputs) => {
      const loss = shortHorizonLoss(this.policy.network, this.#dynamics, inputs, this.#config);
      this.#policyOptimiser.update(backward(loss.total));
      return loss;
    });
  }

  #recordValueUpdate(batchSize: number) {
    return plan({ rows: { shape: [batchSize], dtype: "int32" } }, ({ rows }) => {
      const values = this.policy.network.values(gatherRows(this.#observations, rows));
      const loss = mseLoss(values, gatherRows(this.#returns, rows));
      this.#valueOptimiser.update(backward(loss));
      return loss;
    });
  }

  /** What changes besides parameters and minibatches, by name. */
  #tensors() {
    return {
      noise: this.#noiseStream,
      ...prefixed("policyOptimiser/", this.#policyOptimiser.state()),
      ...prefixed("valueOptimiser/", this.#valueOptimiser.state()),
    };
  }

  save(): Snapshot {
    const minibatches = { ...this.#minibatchRandom.state() };
    const json = { step: this.step, dynamicsSteps: this.#dynamicsSteps, minibatches };
    return { json, arrays: stateDict(this.#tensors()) };
  }

  load({ json, arrays }: Snapshot): void {
    const saved = json as unknown as { step: number; dynamicsSteps: number; minibatches: RandomState };
    loadStateDict(this.#tensors(), arrays);
    this.#minibatchRandom.restore(saved.minibatches);
    this.#dynamicsSteps = saved.dynamicsSteps;
    this.step = saved.step;
  }
}

/** Mean |a_i − b_i| over the entries of a. */
function meanDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / a.length;
}

function createPolicy(context: PolicyContext<AnalyticPolicyGradientConfig>): ActorCriticPolicy<BoundedActorCritic> {
  const { config, observationSpace, actionSpace, key } = context;
  if (!(actionSpace instanceof Box && actionSpace.bounded)) {
    throw new ConfigError({ field: `action space of ${config.env}`, value: actionSpace, allowed: "a bounded Box" });
  }
  const observationSize = observationSpace.flatSize;
  const network = new BoundedActorCritic({ ...config, observationSize, actionSpace, key: key.split("network") });
  return new ActorCriticPolicy(network, context);
}

export const analyticPolicyGradient: Algorithm<AnalyticPolicyGradientConfig> = {
  name: "analytic-policy-gradient",
  summary: "Backpropagation through known dynamics: the gradient of the return itself, where an environment has one.",
  source: "Xu et al. 2022, arXiv:2204.07137",
  schema,
  actionSpaces: ["box"],
  needs: "differentiable",
  presets: analyticPolicyGradientPresets,
  createPolicy,
  create: (context) => new AnalyticPolicyGradient(context),
};
