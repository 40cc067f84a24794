/**
 * Normalised advantage functions: Gu et al. 2016, "Continuous deep Q-learning with model-based acceleration", algorithm 1 without
 * the model. Q(s, a) = V(s) − ½ (a − μ(s))ᵀ P(s) (a − μ(s)) has its maximum V(s) at μ(s) by construction, so that Q-learning
 * needs no search for the best next action: Q moves towards r + γ V̄(s′) on transitions from a replay buffer. Deviations:
 *
 * - tanh keeps μ within the bounds of the actions, as Q beyond them is never learned; a small price on what goes into it keeps it
 *   from standing at a bound, where no gradient comes back;
 * - hidden layers of tanh, one update for each step, and no batch normalisation;
 * - gradients are limited in length: the logarithms of the diagonal of L make Q steep where they are large.
 */
import { z } from "zod";
import { type ReplayBuffer, type ReplaySampler, replayInputs, UniformSampler } from "../../data/index.ts";
import { activationNames, adam, makeSchedule, type Optimiser, type Schedule } from "../../nn/index.ts";
import type { Box } from "../../spaces/index.ts";
import {
  add,
  affine,
  backward,
  mean,
  mseLoss,
  mul,
  noGrad,
  plan,
  randomStream,
  square,
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
import { BoundedActions } from "../off-policy/bounded-actions.ts";
import { bufferFor } from "../off-policy/buffer-for.ts";
import { hindsightFields, replayFields } from "../off-policy/config.ts";
import { loadLearner, saveLearner } from "../off-policy/learner-state.ts";
import { NoisyActions } from "../off-policy/noisy-actions.ts";
import { ReplayLoop } from "../off-policy/replay-loop.ts";
import { follow } from "../off-policy/target-network.ts";
import { prefixed } from "../snapshot.ts";
import { NafNetwork } from "./naf-network.ts";
import { nafPresets } from "./presets.ts";

const schema = z.strictObject({
  ...field.commonFields,
  ...replayFields,
  ...hindsightFields,
  hidden: field.networkFields.hidden,
  activation: field.oneOf(
    activationNames,
    "tanh",
    "Nonlinearity after hidden layers; tanh keeps μ off its bounds longer.",
  ),
  learningRate: field.scheduled(1e-3, "Step size of Adam. Too large: values diverge. Usual: 1e-4 to 3e-3."),
  tau: field.fraction(0.005, "Share of the way that the target network moves at a time. Usual: 0.001 to 0.02."),
  noiseStd: field.scheduled(0.2, "σ of the noise on actions, of half their range: exploration. Usual: 0.1 to 0.5."),
  saturationCoef: field.nonNegative(
    0.01,
    "Price of squares before the tanh of μ: not stuck at a bound. Usual: 0 to 0.1.",
  ),
  maxGradNorm: field.positive(1, "Gradients longer than this are shortened to it. Usual: 1 to 10."),
});

export type NafConfig = z.infer<typeof schema> & CommonConfig;

class Naf implements Learner {
  readonly policy: ActorCriticPolicy<NoisyActions<NafNetwork>>;
  readonly #loop: ReplayLoop;
  readonly #target: NafNetwork;
  readonly #optimiser: Optimiser;
  readonly #stream: Tensor;
  readonly #means = new MetricMeans();

  constructor(context: LearnerContext<NafConfig>) {
    const { config, env, key } = context;
    this.policy = createPolicy(context);
    this.#target = createNetwork(context);
    this.#optimiser = adam(this.#network, { maxGradNorm: config.maxGradNorm });
    this.#stream = randomStream(key.split("actions"));
    const bounds = new BoundedActions(env.actionSpace, "naf");
    const buffer = bufferFor(context, "numbers");
    const sampler = new UniformSampler(key.split("replay").stream());
    this.#loop = new ReplayLoop({
      env,
      buffer,
      sampler,
      config,
      explore: this.policy.network.explorer(env, this.#stream),
      toEnv: bounds.forEnvs(env.count),
      learn: this.#recordLearning(buffer, sampler, config),
      moveTo: this.#follow(makeSchedule(config.learningRate), makeSchedule(config.noiseStd)),
    });
  }

  get #network(): NafNetwork {
    return this.policy.network.network;
  }

  get step(): number {
    return this.#loop.step;
  }

  get stepsPerIteration(): number {
    return this.#loop.stepsPerIteration;
  }

  iterate(): Metrics {
    this.#loop.iterate();
    return {
      ...this.#means.result(),
      "schedule/learningRate": this.#optimiser.learningRate,
      "schedule/noiseStd": this.policy.network.sigma.data[0]!,
      "update/count": this.#optimiser.steps,
    };
  }

  #recordLearning(buffer: ReplayBuffer, sampler: ReplaySampler, config: NafConfig): () => void {
    const rows = new Int32Array(config.batchSize);
    const update = plan(replayInputs(config.batchSize), (inputs) => {
      const { observations, actions, nextObservations, returns, discounts, weights } = buffer.minibatch(inputs);
      const targets = noGrad(() => add(returns, mul(discounts, this.#target.values(nextObservations))));
      const { values, preMeans } = this.#network.judge(observations, actions);
      const loss = mean(mul(mseLoss(values, targets, "none"), weights));
      const saturation = mean(square(preMeans));
      this.#optimiser.update(backward(add(loss, affine(saturation, config.saturationCoef, 0))));
      follow(this.#target.parameters(), this.#network.parameters(), config.tau);
      return { loss, saturation, value: noGrad(() => mean(values)) };
    });
    return () => {
      sampler.draw(rows, buffer.size, update.inputs.weights.data);
      buffer.window(rows, config.nSteps, config.gamma, update.inputs);
      const { loss, saturation, value } = update.run();
      this.#means.add({
        "loss/value": loss.item(),
        "value/mean": value.item(),
        "policy/saturation": saturation.item(),
        "gradient/norm": this.#optimiser.gradientNorm!.item(),
      });
    };
  }

  #follow(learningRate: Schedule, noiseStd: Schedule): (progressRemaining: number) => void {
    return (progressRemaining) => {
      this.#optimiser.learningRate = learningRate(progressRemaining);
      this.policy.network.sigma.data[0] = noiseStd(progressRemaining);
    };
  }

  #tensors() {
    return {
      ...prefixed("target/", this.#target.parameters()),
      ...prefixed("optimiser/", this.#optimiser.state()),
      actions: this.#stream,
    };
  }

  save(): Snapshot {
    return saveLearner(this.#loop, this.#tensors(), null);
  }

  load(snapshot: Snapshot): void {
    loadLearner(this.#loop, this.#tensors(), snapshot);
  }
}

function createNetwork({ config, observationSpace, actionSpace, key }: PolicyContext<NafConfig>): NafNetwork {
  const { hidden, activation } = config;
  const { size: actionSize } = new BoundedActions(actionSpace, "naf");
  const observationSize = observationSpace.flatSize;
  return new NafNetwork({ observationSize, actionSize, hidden, activation, key: key.split("network") });
}

function createPolicy(context: PolicyContext<NafConfig>) {
  return new ActorCriticPolicy(new NoisyActions(createNetwork(context), context.actionSpace as Box), context);
}

export const naf: Algorithm<NafConfig> = {
  name: "naf",
  summary: "Q-learning with a Q that is quadratic in the action, from a replay buffer; for actions that are numbers.",
  source: "Gu et al. 2016, arXiv:1603.00748",
  schema,
  actionSpaces: ["box"],
  presets: nafPresets,
  createPolicy,
  create: (context) => new Naf(context),
};
