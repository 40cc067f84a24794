/**
 * Deep Q-learning: Mnih et al. 2015, "Human-level control through deep reinforcement learning", algorithm 1. A network Q(s, a)
 * moves towards r + γ max_a′ Q̄(s′, a′) on transitions drawn from a replay buffer; Q̄ is a target network that follows slowly.
 * With `double`, van Hasselt et al. 2016, "Deep reinforcement learning with double Q-learning", equation 4. Deviations:
 *
 * - the loss is Huber's unless `loss` says otherwise, as in Stable-Baselines3; the paper clips the squared error's gradient,
 *   which is the same;
 * - Adam instead of RMSprop.
 */
import { z } from "zod";
import { type ReplayBuffer, replayInputs, UniformSampler } from "../../data/index.ts";
import {
  activationNames,
  adam,
  loadStateDict,
  makeSchedule,
  type Optimiser,
  type Schedule,
  stateDict,
} from "../../nn/index.ts";
import type { Random, RandomState } from "../../random/index.ts";
import { backward, plan } from "../../tensor/index.ts";
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
import { replayFields } from "../off-policy/config.ts";
import { createReplayBuffer, hindsightFields } from "../off-policy/hindsight.ts";
import { ReplayLoop, withoutPrefix } from "../off-policy/replay-loop.ts";
import { follower } from "../off-policy/target-network.ts";
import { prefixed } from "../snapshot.ts";
import { dqnLoss, lossNames } from "./dqn-loss.ts";
import { dqnPresets } from "./presets.ts";
import { QNetwork } from "./q-network.ts";
import { planBest, QPolicy } from "./q-policy.ts";

const schema = z.strictObject({
  ...field.commonFields,
  ...replayFields,
  ...hindsightFields,
  hidden: field.networkFields.hidden,
  activation: field.oneOf(activationNames, "relu", "Nonlinearity after hidden layers."),
  learningRate: field.scheduled(1e-4, "Step size of Adam. Too large: values diverge. Usual: 1e-5 to 1e-2."),
  batchSize: field.count(32, "Transitions per gradient step. Usual: 32 to 256."),
  trainFreq: field.count(4, "Steps of each environment between updates. Usual: 1 to 256."),
  double: field.flag(false, "One network chooses the best next action, the other judges it: less overestimation."),
  loss: field.oneOf(lossNames, "huber", "Huber: large errors count less. Squared error: means. L1: medians."),
  targetUpdateInterval: field.count(10_000, "Steps between copies to the target network. Usual: 10 to 10 000."),
  tau: field.fraction(1, "Share of the network that is copied; 1: all of it. Usual: 0.005 with interval 1, or 1."),
  explorationFraction: field.fraction(0.1, "Share of the run over which ε falls. Usual: 0.1 to 0.5."),
  explorationInitialEps: field.fraction(1, "First probability ε of a random action. Usual: 1."),
  explorationFinalEps: field.fraction(0.05, "ε after that. Usual: 0.01 to 0.1."),
  maxGradNorm: field.positive(10, "Gradients longer than this are shortened to it. Usual: 0.5 to 10."),
});

export type DqnConfig = z.infer<typeof schema> & CommonConfig;

class Dqn implements Learner {
  readonly policy: QPolicy;
  readonly #loop: ReplayLoop;
  readonly #target: QNetwork;
  readonly #optimiser: Optimiser;
  readonly #explorationRandom: Random;
  readonly #learningRate: Schedule;
  readonly #epsilon: Schedule;
  readonly #means = new MetricMeans();

  constructor(context: LearnerContext<DqnConfig>) {
    const { config, env, key } = context;
    const { flatSize: observationSize } = env.observationSpace;
    const { maskSize } = env.actionSpace;
    this.policy = new QPolicy(createNetwork(context), context);
    this.#target = createNetwork(context);
    this.#optimiser = adam(this.policy.network.parameters(), { maxGradNorm: config.maxGradNorm });
    this.#explorationRandom = key.split("actions").stream();
    this.#learningRate = makeSchedule(config.learningRate);
    this.#epsilon = explorationSchedule(config);
    const sizes = {
      capacity: config.bufferSize,
      envs: env.count,
      observationSize,
      actionShape: [],
      actionType: "int32",
      maskSize: env.actionMasks ? maskSize : 0,
    } as const;
    const buffer = createReplayBuffer(sizes, context);
    const sampler = new UniformSampler(key.split("replay").stream());
    const update = this.#recordUpdate(buffer, config);
    const rows = new Int32Array(config.batchSize);
    const learn = () => {
      sampler.draw(rows, buffer.size, update.inputs.weights.data);
      buffer.window(rows, config.nSteps, config.gamma, update.inputs);
      const { total, values } = update.run();
      this.#means.add({
        "loss/value": total.item(),
        "value/mean": mean(values.data),
        "gradient/norm": this.#optimiser.gradientNorm!.item(),
      });
    };
    const follow = follower(this.#target.parameters(), this.policy.network.parameters(), config.tau);
    const best = planBest(this.policy.network, env.count, observationSize, env.actionMasks ? maskSize : 0);
    const interval = Math.max(1, Math.floor(config.targetUpdateInterval / env.count));
    this.#loop = new ReplayLoop({
      env,
      buffer,
      sampler,
      config,
      learn,
      explore: (actions, isRandom) => {
        const epsilon = isRandom ? 1 : this.policy.epsilon.data[0]!;
        best.inputs.observations.data.set(env.observations);
        if (env.actionMasks) best.inputs.mask.data.set(env.actionMasks);
        const chosen = best.run().data;
        for (let n = 0; n < env.count; n++) {
          const explores = this.#explorationRandom.uniform() < epsilon;
          actions[n] = explores ? this.#explorationRandom.integer(maskSize) : chosen[n]!;
        }
      },
      moveTo: (remaining) => {
        this.#optimiser.learningRate = this.#learningRate(remaining);
        this.policy.epsilon.data[0] = this.#epsilon(remaining);
      },
      stepped: () => {
        if ((this.#loop.step / env.count) % interval === 0) follow();
      },
    });
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
      "schedule/epsilon": this.policy.epsilon.data[0]!,
      "update/count": this.#optimiser.steps,
    };
  }

  #recordUpdate(buffer: ReplayBuffer, config: DqnConfig) {
    return plan(replayInputs(config.batchSize), (inputs) => {
      const loss = dqnLoss(this.policy.network, this.#target, buffer.minibatch(inputs), config);
      this.#optimiser.update(backward(loss.total));
      return loss;
    });
  }

  #tensors() {
    return { ...prefixed("target/", this.#target.parameters()), ...prefixed("optimiser/", this.#optimiser.state()) };
  }

  save(): Snapshot {
    const loop = this.#loop.save();
    const json = { loop: loop.json, exploration: { ...this.#explorationRandom.state() } };
    return { json, arrays: { ...prefixed("loop/", loop.arrays), ...stateDict(this.#tensors()) } };
  }

  load({ json, arrays }: Snapshot): void {
    const saved = json as unknown as { loop: Snapshot["json"]; exploration: RandomState };
    this.#loop.load({ json: saved.loop, arrays: withoutPrefix("loop/", arrays) });
    const own = Object.entries(arrays).filter(([name]) => !name.startsWith("loop/"));
    loadStateDict(this.#tensors(), Object.fromEntries(own));
    this.#explorationRandom.restore(saved.exploration);
  }
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** ε falls in a straight line over the first part of the run. */
export function explorationSchedule(config: DqnConfig): Schedule {
  const { explorationFraction, explorationInitialEps: from, explorationFinalEps: to } = config;
  if (explorationFraction === 0) return () => to;
  return (remaining) => from + Math.min(1, (1 - remaining) / explorationFraction) * (to - from);
}

function createNetwork({ config, observationSpace, actionSpace, key }: PolicyContext<DqnConfig>): QNetwork {
  const { hidden, activation } = config;
  return new QNetwork({
    observationSize: observationSpace.flatSize,
    actions: actionSpace.maskSize,
    hidden,
    activation,
    key: key.split("network"),
  });
}

export const dqn: Algorithm<DqnConfig> = {
  name: "dqn",
  summary: "Deep Q-learning from a replay buffer; for discrete actions.",
  source: "Mnih et al. 2015, doi:10.1038/nature14236",
  schema,
  actionSpaces: ["discrete"],
  presets: dqnPresets,
  createPolicy: (context) => new QPolicy(createNetwork(context), context),
  create: (context) => new Dqn(context),
};
