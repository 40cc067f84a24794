/**
 * Soft actor-critic for discrete actions: Christodoulou 2019, "Soft Actor-Critic for Discrete Action Settings", algorithm 1. As soft
 * actor-critic, but Q is known of every action at once, so that the expectations over actions are sums and nothing is drawn in
 * an update. Deviations:
 *
 * - log α is learned in the place of α, and the order within an update is that of `sac`;
 * - where masks say which actions are allowed, the target entropy is that share of the logarithm of their number.
 */
import { z } from "zod";
import { type ReplayBuffer, type ReplaySampler, replayInputs, UniformSampler } from "../../data/index.ts";
import { Categorical } from "../../distributions/index.ts";
import { log } from "../../math/index.ts";
import { adam, makeSchedule, type Schedule } from "../../nn/index.ts";
import { mul, plan, randomStream, type Tensor, zeros } from "../../tensor/index.ts";
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
import { MetricMeans } from "../metric-means.ts";
import { actorCriticFields } from "../off-policy/actor-critic-config.ts";
import { bufferFor } from "../off-policy/buffer-for.ts";
import { loadLearner, saveLearner } from "../off-policy/learner-state.ts";
import { planActions } from "../off-policy/plan-actions.ts";
import { ReplayLoop } from "../off-policy/replay-loop.ts";
import { follower } from "../off-policy/target-network.ts";
import { prefixed } from "../snapshot.ts";
import { softFields, targetEntropyField } from "./config.ts";
import { DiscreteSoftActorCritic } from "./discrete-soft-actor-critic.ts";
import { type DiscreteSacParts, discreteSacUpdate, greatestEntropy } from "./discrete-update.ts";
import { discreteSacPresets } from "./presets.ts";
import { Temperature } from "./temperature.ts";

/** Of the largest entropy, what a learned temperature keeps (Christodoulou 2019, section 4.1). */
const SHARE = 0.98;

const schema = z.strictObject({
  ...actorCriticFields([256, 256], 3e-4),
  ...softFields,
  targetEntropy: targetEntropyField("0.98 of the largest there is, that of choosing blindly"),
});

export type DiscreteSacConfig = z.infer<typeof schema> & CommonConfig;

class DiscreteSac implements Learner {
  readonly policy: ActorCriticPolicy<DiscreteSoftActorCritic>;
  readonly #parts: DiscreteSacParts;
  readonly #stream: Tensor;
  readonly #loop: ReplayLoop;
  readonly #means = new MetricMeans();

  constructor(context: LearnerContext<DiscreteSacConfig>) {
    const { config, env, key } = context;
    const network = createNetwork(context);
    this.policy = new ActorCriticPolicy(network, context);
    this.#parts = {
      network,
      target: createNetwork(context),
      temperature: new Temperature(config.entCoef),
      actorOptimiser: adam(network.actorParameters()),
      criticOptimiser: adam(network.criticParameters()),
      targetEntropy: (masks) => {
        if (config.targetEntropy !== "auto") return config.targetEntropy;
        return masks ? mul(greatestEntropy(masks), SHARE) : SHARE * log(env.actionSpace.maskSize);
      },
    };
    this.#stream = randomStream(key.split("actions"));
    const buffer = bufferFor(context, "choices");
    const sampler = new UniformSampler(key.split("replay").stream());
    this.#loop = new ReplayLoop({
      env,
      buffer,
      sampler,
      config,
      explore: planActions(env, {
        policy: (observations, mask) => network.policy(observations, { mask }).sample(this.#stream),
        random: (mask) => new Categorical(zeros([env.count, env.actionSpace.maskSize]), mask).sample(this.#stream),
      }),
      learn: this.#recordLearning(buffer, sampler, config),
      moveTo: this.#follow(makeSchedule(config.learningRate)),
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
    const { criticOptimiser } = this.#parts;
    return {
      ...this.#means.result(),
      "schedule/learningRate": criticOptimiser.learningRate,
      "update/count": criticOptimiser.steps,
    };
  }

  #recordLearning(buffer: ReplayBuffer, sampler: ReplaySampler, config: DiscreteSacConfig): () => void {
    const { network, target, criticOptimiser } = this.#parts;
    const rows = new Int32Array(config.batchSize);
    const update = plan(replayInputs(config.batchSize), (inputs) =>
      discreteSacUpdate(this.#parts, buffer.minibatch(inputs)),
    );
    const followCritics = follower(target.criticParameters(), network.criticParameters(), config.tau);
    return () => {
      sampler.draw(rows, buffer.size, update.inputs.weights.data);
      buffer.window(rows, config.nSteps, config.gamma, update.inputs);
      const measured = update.run();
      if (criticOptimiser.steps % config.targetUpdateInterval === 0) followCritics();
      this.#means.add({
        "loss/value": measured.criticLoss.item(),
        "loss/policy": measured.actorLoss.item(),
        "value/mean": measured.value.item(),
        "policy/entropy": measured.entropy.item(),
        "policy/entCoef": measured.entCoef.item(),
      });
    };
  }

  #follow(learningRate: Schedule): (progressRemaining: number) => void {
    const { actorOptimiser, criticOptimiser, temperature } = this.#parts;
    return (progressRemaining) => {
      const rate = learningRate(progressRemaining);
      for (const optimiser of [actorOptimiser, criticOptimiser, temperature.optimiser]) {
        if (optimiser && optimiser.learningRate !== rate) optimiser.learningRate = rate;
      }
    };
  }

  #tensors() {
    const { target, actorOptimiser, criticOptimiser, temperature } = this.#parts;
    return {
      ...prefixed("target/", target.criticParameters()),
      ...prefixed("actorOptimiser/", actorOptimiser.state()),
      ...prefixed("criticOptimiser/", criticOptimiser.state()),
      ...prefixed("temperature/", temperature.state()),
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

function createNetwork({ config, observationSpace, actionSpace, key }: PolicyContext<DiscreteSacConfig>) {
  return new DiscreteSoftActorCritic({
    observationSize: observationSpace.flatSize,
    actions: actionSpace.maskSize,
    hidden: config.hidden,
    activation: config.activation,
    key: key.split("network"),
  });
}

export const discreteSac: Algorithm<DiscreteSacConfig> = {
  name: "sac-discrete",
  summary: "Soft actor-critic from a replay buffer, with a learned temperature; for discrete actions.",
  source: "Christodoulou 2019, arXiv:1910.07207",
  schema,
  actionSpaces: ["discrete"],
  presets: discreteSacPresets,
  createPolicy: (context) => new ActorCriticPolicy(createNetwork(context), context),
  create: (context) => new DiscreteSac(context),
};
