/**
 * Soft actor-critic: Haarnoja et al. 2018b, "Soft Actor-Critic Algorithms and Applications", algorithm 1. A stochastic policy
 * maximises return plus α times its entropy, from a replay buffer: two critics Q_k move towards
 * r + γ (min_k Q̄_k(s′, a′) − α log π(a′|s′)), the policy up the slope of min_k Q_k − α log π, and α so that the policy keeps a
 * target entropy. Deviations:
 *
 * - log α is learned in the place of α, and an update goes temperature, critics, actor, target networks, as in
 *   Stable-Baselines3;
 * - log σ is limited to −20 … 2, as in the authors' own program.
 */
import { z } from "zod";
import { type ReplayBuffer, type ReplaySampler, UniformSampler } from "../../data/index.ts";
import { adam, makeSchedule, type Schedule } from "../../nn/index.ts";
import { randomStream, randomUniform, type Tensor } from "../../tensor/index.ts";
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
import { BoundedActions } from "../off-policy/bounded-actions.ts";
import { bufferFor } from "../off-policy/buffer-for.ts";
import { loadLearner, saveLearner } from "../off-policy/learner-state.ts";
import { planActions } from "../off-policy/plan-actions.ts";
import { ReplayLoop } from "../off-policy/replay-loop.ts";
import { follower } from "../off-policy/target-network.ts";
import { prefixed } from "../snapshot.ts";
import { softFields, targetEntropyField } from "./config.ts";
import { sacPresets } from "./presets.ts";
import { recordUpdate } from "./record-update.ts";
import type { SacParts } from "./sac-update.ts";
import { SoftActorCritic } from "./soft-actor-critic.ts";
import { Temperature } from "./temperature.ts";

const schema = z.strictObject({
  ...actorCriticFields([256, 256], 3e-4),
  ...softFields,
  targetEntropy: targetEntropyField("−1 for each entry of the action"),
});

export type SacConfig = z.infer<typeof schema> & CommonConfig;

class Sac implements Learner {
  readonly policy: ActorCriticPolicy<SoftActorCritic>;
  readonly #parts: SacParts;
  readonly #stream: Tensor;
  readonly #loop: ReplayLoop;
  readonly #means = new MetricMeans();

  constructor(context: LearnerContext<SacConfig>) {
    const { config, env, key } = context;
    const network = createNetwork(context);
    const { actor, critics } = network;
    this.policy = new ActorCriticPolicy(network, context);
    this.#parts = {
      actor,
      critics,
      targets: createNetwork(context).critics,
      temperature: new Temperature(config.entCoef),
      actorOptimiser: adam(actor),
      criticOptimiser: adam(critics),
      targetEntropy: config.targetEntropy === "auto" ? -env.actionSpace.actionSize : config.targetEntropy,
    };
    this.#stream = randomStream(key.split("actions"));
    const buffer = bufferFor(context, "numbers");
    const sampler = new UniformSampler(key.split("replay").stream());
    this.#loop = new ReplayLoop({
      env,
      buffer,
      sampler,
      config,
      explore: planActions(env, {
        policy: (observations) => actor.distribution(observations).sample(this.#stream),
        random: () => randomUniform(this.#stream, [env.count, env.actionSpace.actionSize], { low: -1 }),
      }),
      toEnv: new BoundedActions(env.actionSpace, "sac").forEnvs(env.count),
      learn: this.#recordLearning(buffer, sampler, context),
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

  #recordLearning(buffer: ReplayBuffer, sampler: ReplaySampler, context: LearnerContext<SacConfig>): () => void {
    const { critics, targets, criticOptimiser } = this.#parts;
    const { config } = context;
    const rows = new Int32Array(config.batchSize);
    const update = recordUpdate(this.#parts, buffer, this.#stream, context);
    const { inputs, outputs: measured } = update.differentiate;
    const followCritics = follower(targets.parameters(), critics.parameters(), config.tau);
    return () => {
      sampler.draw(rows, buffer.size, inputs.weights.data);
      buffer.window(rows, config.nSteps, config.gamma, inputs);
      update.run();
      if (criticOptimiser.steps % config.targetUpdateInterval === 0) followCritics();
      this.#means.add({
        "loss/value": measured.criticLoss.item(),
        "loss/policy": update.actorLoss.item(),
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
    const { targets, actorOptimiser, criticOptimiser, temperature } = this.#parts;
    return {
      ...prefixed("targets/", targets.parameters()),
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

function createNetwork({ config, observationSpace, actionSpace, key }: PolicyContext<SacConfig>): SoftActorCritic {
  const { hidden, activation } = config;
  const sizes = { observationSize: observationSpace.flatSize, hidden, activation, key: key.split("network") };
  return new SoftActorCritic(new BoundedActions(actionSpace, "sac"), sizes);
}

export const sac: Algorithm<SacConfig> = {
  name: "sac",
  summary: "Soft actor-critic from a replay buffer, with a learned temperature; for actions that are numbers.",
  source: "Haarnoja et al. 2018b, arXiv:1812.05905",
  schema,
  actionSpaces: ["box"],
  presets: sacPresets,
  tells: true,
  createPolicy: (context) => new ActorCriticPolicy(createNetwork(context), context),
  create: (context) => new Sac(context),
};
