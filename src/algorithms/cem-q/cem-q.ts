/**
 * Q-learning with continuous actions by search, as in QT-Opt: Kalashnikov et al. 2018, "QT-Opt: Scalable deep reinforcement learning
 * for vision-based robotic manipulation", sections 4.2 and 4.3. Q(s, a) may have any form; the best action, for the targets and
 * for acting, is searched by the cross-entropy method. Q_k move towards r + γ min_k Q̄_k(s′, argmax_a Q̄_0(s′, a)) on transitions
 * from a replay buffer. Deviations:
 *
 * - the error is squared, where the paper has the cross-entropy of a success probability, as rewards may be any;
 * - the second critic is one of its own, where the paper has an older copy of the first;
 * - one process, a first round of uniform actions, and noise on actions to explore.
 */
import { z } from "zod";
import { type ReplayBuffer, type ReplaySampler, replayInputs, UniformSampler } from "../../data/index.ts";
import { ConfigError } from "../../errors.ts";
import { activationNames, adam, makeSchedule, type Optimiser, type Schedule } from "../../nn/index.ts";
import type { Box } from "../../spaces/index.ts";
import { add, backward, mean, mseLoss, mul, noGrad, plan, randomStream, type Tensor } from "../../tensor/index.ts";
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
import { cemQPresets } from "./presets.ts";
import { SearchNetwork } from "./search-network.ts";

const schema = z.strictObject({
  ...field.commonFields,
  ...replayFields,
  ...hindsightFields,
  hidden: field.networkFields.hidden,
  activation: field.oneOf(activationNames, "relu", "Nonlinearity after hidden layers."),
  learningRate: field.scheduled(1e-3, "Step size of Adam. Too large: values diverge. Usual: 1e-4 to 3e-3."),
  tau: field.fraction(0.005, "Share of the way that the target network moves at a time. Usual: 0.001 to 0.02."),
  noiseStd: field.scheduled(0.2, "σ of the noise on actions, of half their range: exploration. Usual: 0.1 to 0.5."),
  maxGradNorm: field.positive(10, "Gradients longer than this are shortened to it. Usual: 1 to 10."),
  nCritics: z
    .int()
    .min(1)
    .max(2)
    .default(2)
    .describe("2: the worse of two critics judges the best next action, against overestimation. 1 or 2."),
  nSamples: field.count(64, "Actions of each round of the search for the best one. Usual: 16 to 64."),
  nElites: field.count(6, "The best of them, which the next round comes from. Usual: a tenth of nSamples."),
  nIterations: field.count(2, "Rounds of the search. Usual: 2 or 3."),
});

export type CemQConfig = z.infer<typeof schema> & CommonConfig;

class CemQ implements Learner {
  readonly policy: ActorCriticPolicy<NoisyActions<SearchNetwork>>;
  readonly #loop: ReplayLoop;
  readonly #target: SearchNetwork;
  readonly #optimiser: Optimiser;
  readonly #stream: Tensor;
  readonly #means = new MetricMeans();

  constructor(context: LearnerContext<CemQConfig>) {
    const { config, env, key } = context;
    this.policy = createPolicy(context);
    this.#target = createNetwork(context);
    this.#optimiser = adam(this.#network, { maxGradNorm: config.maxGradNorm });
    this.#stream = randomStream(key.split("actions"));
    const bounds = new BoundedActions(env.actionSpace, "cem-q");
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

  get #network(): SearchNetwork {
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

  #recordLearning(buffer: ReplayBuffer, sampler: ReplaySampler, config: CemQConfig): () => void {
    const rows = new Int32Array(config.batchSize);
    const update = plan(replayInputs(config.batchSize), (inputs) => {
      const { observations, actions, nextObservations, returns, discounts, weights } = buffer.minibatch(inputs);
      const targets = noGrad(() => {
        const draws = this.#target.draws(config.batchSize, this.#stream);
        const next = this.#target.least(nextObservations, this.#target.best(nextObservations, draws));
        return add(returns, mul(discounts, next));
      });
      const values = this.#network.actionValues(observations, actions);
      const losses = values.map((value) => mean(mul(mseLoss(value, targets, "none"), weights)));
      this.#optimiser.update(backward(losses.reduce((total, loss) => add(total, loss))));
      follow(this.#target.parameters(), this.#network.parameters(), config.tau);
      return noGrad(() => ({ loss: losses[0]!, value: mean(values[0]!) }));
    });
    return () => {
      sampler.draw(rows, buffer.size, update.inputs.weights.data);
      buffer.window(rows, config.nSteps, config.gamma, update.inputs);
      const { loss, value } = update.run();
      this.#means.add({
        "loss/value": loss.item(),
        "value/mean": value.item(),
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

function createNetwork({ config, observationSpace, actionSpace, key }: PolicyContext<CemQConfig>): SearchNetwork {
  const { hidden, activation, nCritics, nSamples, nElites, nIterations } = config;
  const { size: actionSize } = new BoundedActions(actionSpace, "cem-q");
  return new SearchNetwork({
    ...{ observationSize: observationSpace.flatSize, actionSize, hidden, activation, nCritics },
    ...{ samples: nSamples, elites: nElites, iterations: nIterations, key: key.split("network") },
  });
}

function createPolicy(context: PolicyContext<CemQConfig>) {
  return new ActorCriticPolicy(new NoisyActions(createNetwork(context), context.actionSpace as Box), context);
}

export const cemQ: Algorithm<CemQConfig> = {
  name: "cem-q",
  summary: "Q-learning that searches the best action by the cross-entropy method, from a replay buffer; for numbers.",
  source: "Kalashnikov et al. 2018, arXiv:1806.10293",
  schema,
  actionSpaces: ["box"],
  check({ nElites, nSamples }) {
    if (nElites <= nSamples) return;
    throw new ConfigError({ field: "nElites", value: nElites, allowed: `at most nSamples (${nSamples})` });
  },
  presets: cemQPresets,
  createPolicy,
  create: (context) => new CemQ(context),
};
