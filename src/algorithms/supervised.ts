/**
 * Supervised learning of the right action: a network that classifies by softmax (Bridle 1990; Goodfellow, Bengio & Courville
 * 2016, section 6.2.2.3). The loss is the cross entropy of the policy with the environment's labels,
 *
 *     L = −(1/B) Σ_i log π(y_i | s_i)
 *
 * It is what REINFORCE follows where every sampled action happens to be the right one, with return 1: a teacher says what would
 * have been right, a reward only whether what was done was. The network is the policy half of PPO's and REINFORCE's, and so are
 * the examples: observations of the environment, in which the network's best answers are given, so that `episode/return` says how
 * good they were.
 */
import { z } from "zod";
import type { BatchEnv, LabelledExamples } from "../envs/index.ts";
import { adam, loadStateDict, type Optimiser, stateDict } from "../nn/index.ts";
import type { Random, RandomState } from "../random/index.ts";
import { backward, gatherRows, mean, neg, noGrad, persistent, plan, type Tensor } from "../tensor/index.ts";
import { ActorCritic } from "./actor-critic.ts";
import { ActorCriticPolicy } from "./actor-critic-policy.ts";
import type {
  Algorithm,
  CommonConfig,
  Learner,
  LearnerContext,
  Metrics,
  ObservationNormalizer,
  PolicyContext,
  Snapshot,
} from "./algorithm.ts";
import * as field from "./config.ts";
import { MetricMeans } from "./metric-means.ts";
import { perSize } from "./per-size.ts";
import { ScheduledValue } from "./scheduled-value.ts";
import { prefixed } from "./snapshot.ts";
import { supervisedPresets } from "./supervised-presets.ts";

const { hidden, activation, orthogonalInit } = field.networkFields;
const schema = z.strictObject({
  ...field.commonFields,
  hidden,
  activation,
  orthogonalInit,
  gamma: z.literal(0).default(0).describe("Not used: no reward is learned from."),
  normalizeReward: field.never("Not used: no reward is learned from."),
  learningRate: field.scheduled(1e-3, "Step size of Adam. Usual: 1e-4 to 1e-2."),
  nSteps: field.count(64, "Examples of each environment per iteration. Usual: 1 to 1024."),
  batchSize: field.count(64, "Examples per gradient step. Usual: 16 to 256."),
  nEpochs: field.count(
    1,
    "Passes over the examples of an iteration; more: faster, and closer to them. Usual: 1 to 10.",
  ),
});

export type SupervisedConfig = z.infer<typeof schema> & CommonConfig;

/** Cross entropy with the right actions: observations `[B, F]`, labels int32 `[B]`. One element. */
export function supervisedLoss(network: ActorCritic, observations: Tensor, labels: Tensor): Tensor {
  return neg(mean(network.policy(observations).logProb(labels)));
}

/** Loss and right answers among labelled examples, without learning from them. */
function planTest(network: ActorCritic, { observations, labels }: LabelledExamples, given?: ObservationNormalizer) {
  const { length: count } = labels;
  const size = observations.length / count;
  const truth = persistent([count], "int32").set(labels);
  const test = plan({ observations: { shape: [count, size] } }, (inputs) =>
    noGrad(() => {
      const answers = network.policy(inputs.observations).mode();
      return { answers, loss: supervisedLoss(network, inputs.observations, truth) };
    }),
  );
  return (): Metrics => {
    const shown = observations.slice();
    for (let i = 0; i < count && given; i++) given.normalize(shown.subarray(i * size, (i + 1) * size));
    test.inputs.observations.set(shown);
    const { answers, loss } = test.run();
    const right = labels.reduce((sum, label, i) => sum + Number(answers.data[i] === label), 0);
    return { "heldOut/loss": loss.item(), "heldOut/accuracy": right / count };
  };
}

/** Examples and updates in turn. */
class Supervised implements Learner {
  readonly policy: ActorCriticPolicy;
  step = 0;
  readonly #config: SupervisedConfig;
  readonly #env: BatchEnv;
  readonly #optimiser: Optimiser;
  readonly #minibatchRandom: Random;
  readonly #learningRate: ScheduledValue;
  /** `[T·N, F]` and `[T·N]`: the examples of one iteration. */
  readonly #observations: Tensor;
  readonly #labels: Tensor;
  readonly #answer: (observations: Float32Array) => ArrayLike<number>;
  readonly #test: () => Metrics;
  readonly #updateFor = perSize((batchSize) => this.#recordUpdate(batchSize));

  constructor(context: LearnerContext<SupervisedConfig>) {
    const { config, env, key, normalizer } = context;
    this.#config = config;
    this.#env = env;
    this.policy = createPolicy(context);
    const { network } = this.policy;
    this.#optimiser = adam(network.parameters());
    this.#minibatchRandom = key.split("minibatches").stream();
    this.#learningRate = new ScheduledValue(config.learningRate);
    const { flatSize } = env.observationSpace;
    this.#observations = persistent([config.nSteps * env.count, flatSize], "float32");
    this.#labels = persistent([config.nSteps * env.count], "int32");
    const answer = plan({ observations: { shape: [env.count, flatSize] } }, ({ observations }) =>
      noGrad(() => network.policy(observations).mode()),
    );
    this.#answer = (observations) => {
      answer.inputs.observations.set(observations);
      return answer.run().data;
    };
    const heldOut = env.labels?.heldOut;
    this.#test = heldOut ? planTest(network, heldOut, normalizer) : () => ({});
  }

  iterate(): Metrics {
    this.#collect();
    this.step += this.#labels.size;
    this.#optimiser.learningRate = this.#learningRate.moveTo(1 - this.step / this.#config.steps);
    return {
      ...this.#learn(),
      ...this.#test(),
      "schedule/learningRate": this.#optimiser.learningRate,
      "update/count": this.#optimiser.steps,
    };
  }

  /** Looks at what the environments show and at its labels, and answers as well as it can. */
  #collect(): void {
    const env = this.#env;
    for (let t = 0; t < this.#config.nSteps; t++) {
      this.#observations.data.set(env.observations, t * env.observations.length);
      this.#labels.data.set(env.labels!.current, t * env.count);
      env.step(Float32Array.from(this.#answer(env.observations)));
    }
  }

  #learn(): Metrics {
    const means = new MetricMeans();
    const order = new Int32Array(this.#labels.size);
    const { nEpochs, batchSize } = this.#config;
    for (let epoch = 0; epoch < nEpochs; epoch++) {
      this.#minibatchRandom.permutation(order);
      for (let start = 0; start < order.length; start += batchSize) {
        const rows = order.subarray(start, start + batchSize);
        const update = this.#updateFor(rows.length);
        update.inputs.rows.set(rows);
        means.add({ "loss/crossEntropy": update.run().item() });
      }
    }
    return means.result();
  }

  #recordUpdate(batchSize: number) {
    return plan({ rows: { shape: [batchSize], dtype: "int32" } }, ({ rows }) => {
      const [observations, labels] = [gatherRows(this.#observations, rows), gatherRows(this.#labels, rows)];
      const loss = supervisedLoss(this.policy.network, observations, labels);
      this.#optimiser.update(backward(loss));
      return loss;
    });
  }

  save(): Snapshot {
    const minibatches = { ...this.#minibatchRandom.state() };
    return {
      json: { step: this.step, minibatches },
      arrays: stateDict(prefixed("optimiser/", this.#optimiser.state())),
    };
  }

  load({ json, arrays }: Snapshot): void {
    const { step, minibatches } = json as unknown as { step: number; minibatches: RandomState };
    loadStateDict(prefixed("optimiser/", this.#optimiser.state()), arrays);
    this.#minibatchRandom.restore(minibatches);
    this.step = step;
  }
}

function createPolicy(context: PolicyContext<SupervisedConfig>): ActorCriticPolicy {
  const { config, observationSpace, actionSpace, key } = context;
  const network = new ActorCritic({
    ...config,
    observationSize: observationSpace.flatSize,
    actionSpace,
    critic: "none",
    logStdInit: 0,
    key: key.split("network"),
  });
  return new ActorCriticPolicy(network, context);
}

export const supervised: Algorithm<SupervisedConfig> = {
  name: "supervised",
  summary: "Supervised learning of the right action from labels: the contrast to learning from rewards.",
  source: "Bridle 1990; Goodfellow, Bengio & Courville 2016, section 6.2.2.3",
  schema,
  actionSpaces: ["discrete"],
  masks: false,
  needs: "labels",
  presets: supervisedPresets,
  createPolicy,
  create: (context) => new Supervised(context),
};
