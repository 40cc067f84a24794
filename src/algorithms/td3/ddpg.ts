/**
 * Deep deterministic policy gradient: Lillicrap et al. 2016, "Continuous control with deep reinforcement learning", algorithm 1.
 * A critic moves towards r + γ Q̄(s′, μ̄(s′)) on transitions from a replay buffer, a deterministic actor climbs Q(s, μ(s)), and target
 * networks follow both. Deviations:
 *
 * - no batch normalisation, no L2 decay, one step size of Adam for both networks, and actions enter the critic at its first layer,
 *   as in Stable-Baselines3, whose defaults these are; the noise is the paper's.
 */
import { z } from "zod";
import { type ReplayBuffer, type ReplaySampler, replayInputs, UniformSampler } from "../../data/index.ts";
import type { ActionNoise, ActionNoiseState } from "../../exploration/index.ts";
import { adam, makeSchedule, type Optimiser } from "../../nn/index.ts";
import { backward, mean, noGrad, plan, randomStream, type Tensor } from "../../tensor/index.ts";
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
import { ReplayLoop } from "../off-policy/replay-loop.ts";
import { follow } from "../off-policy/target-network.ts";
import { prefixed } from "../snapshot.ts";
import { DeterministicActorCritic } from "./deterministic-actor-critic.ts";
import { criticLoss, deterministicActorLoss, deterministicTargets } from "./deterministic-loss.ts";
import { DeterministicPolicy } from "./deterministic-policy.ts";
import { createNoise, noiseFields } from "./noise.ts";
import { noisyActions } from "./noisy-actions.ts";
import { ddpgPresets } from "./presets.ts";

const schema = z.strictObject({
  ...actorCriticFields([400, 300], 1e-3),
  ...noiseFields("ornsteinUhlenbeck", 0.2),
});

export type DdpgConfig = z.infer<typeof schema> & CommonConfig;

class Ddpg implements Learner {
  readonly policy: DeterministicPolicy;
  readonly #target: DeterministicActorCritic;
  readonly #actorOptimiser: Optimiser;
  readonly #criticOptimiser: Optimiser;
  readonly #noise: ActionNoise | undefined;
  readonly #stream: Tensor;
  readonly #loop: ReplayLoop;
  readonly #means = new MetricMeans();

  constructor(context: LearnerContext<DdpgConfig>) {
    const { config, env, key } = context;
    const network = createNetwork(context);
    this.policy = new DeterministicPolicy(network, context);
    this.#target = createNetwork(context);
    this.#actorOptimiser = adam(network.actorParameters());
    this.#criticOptimiser = adam(network.criticParameters());
    this.#noise = createNoise(config, env.count, env.actionSpace.actionSize, key.split("noise"));
    this.#stream = randomStream(key.split("actions"));
    const buffer = bufferFor(context, "numbers");
    const sampler = new UniformSampler(key.split("replay").stream());
    const [learningRate, noiseStd] = [makeSchedule(config.learningRate), makeSchedule(config.noiseStd)];
    this.#loop = new ReplayLoop({
      env,
      buffer,
      sampler,
      config,
      ...noisyActions(env, network, this.#noise, this.#stream),
      toEnv: new BoundedActions(env.actionSpace, "ddpg").forEnvs(env.count),
      learn: this.#recordLearning(buffer, sampler, config),
      moveTo: (remaining) => {
        this.#actorOptimiser.learningRate = this.#criticOptimiser.learningRate = learningRate(remaining);
        network.noiseStd.data[0] = noiseStd(remaining);
        if (this.#noise) this.#noise.sigma = network.noiseStd.data[0]!;
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
      "schedule/learningRate": this.#criticOptimiser.learningRate,
      "schedule/noiseStd": this.policy.network.noiseStd.item(),
      "update/count": this.#criticOptimiser.steps,
    };
  }

  #recordLearning(buffer: ReplayBuffer, sampler: ReplaySampler, config: DdpgConfig): () => void {
    const { network } = this.policy;
    const rows = new Int32Array(config.batchSize);
    const update = plan(replayInputs(config.batchSize), (inputs) => {
      const batch = buffer.minibatch(inputs);
      const targets = noGrad(() => deterministicTargets(this.#target, batch));
      const { total, values } = criticLoss(network, batch, targets);
      this.#criticOptimiser.update(backward(total));
      const actorLoss = deterministicActorLoss(network, batch.observations);
      this.#actorOptimiser.update(backward(actorLoss));
      follow(this.#target.parameters(), network.parameters(), config.tau);
      return { total, actorLoss, value: noGrad(() => mean(values)) };
    });
    return () => {
      sampler.draw(rows, buffer.size, update.inputs.weights.data);
      buffer.window(rows, config.nSteps, config.gamma, update.inputs);
      const { total, actorLoss, value } = update.run();
      this.#means.add({ "loss/value": total.item(), "loss/policy": actorLoss.item(), "value/mean": value.item() });
    };
  }

  #tensors() {
    return {
      ...prefixed("target/", this.#target.parameters()),
      ...prefixed("actorOptimiser/", this.#actorOptimiser.state()),
      ...prefixed("criticOptimiser/", this.#criticOptimiser.state()),
      actions: this.#stream,
    };
  }

  save(): Snapshot {
    return saveLearner(this.#loop, this.#tensors(), { noise: this.#noise?.save() ?? null });
  }

  load(snapshot: Snapshot): void {
    const { noise } = loadLearner<{ noise: ActionNoiseState | null }>(this.#loop, this.#tensors(), snapshot);
    if (noise) this.#noise?.load(noise);
  }
}

function createNetwork({ config, observationSpace, actionSpace, key }: PolicyContext<DdpgConfig>) {
  return new DeterministicActorCritic({
    observationSize: observationSpace.flatSize,
    actionSize: actionSpace.actionSize,
    count: 1,
    hidden: config.hidden,
    activation: config.activation,
    key: key.split("network"),
  });
}

export const ddpg: Algorithm<DdpgConfig> = {
  name: "ddpg",
  summary: "Deterministic policy gradient from a replay buffer; for actions that are numbers.",
  source: "Lillicrap et al. 2016, arXiv:1509.02971",
  schema,
  actionSpaces: ["box"],
  presets: ddpgPresets,
  createPolicy: (context) => new DeterministicPolicy(createNetwork(context), context),
  create: (context) => new Ddpg(context),
};
