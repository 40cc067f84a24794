/**
 * Twin delayed deep deterministic policy gradient: Fujimoto et al. 2018, "Addressing Function Approximation Error in Actor-Critic
 * Methods", algorithm 1. A deterministic actor climbs Q_0(s, μ(s)); two critics move towards r + γ min_k Q̄_k(s′, μ̄(s′) + ε), by the
 * worse of them and with noise on the action, so that errors upwards are not followed; actor and target networks move every
 * `policyDelay` gradient steps only. Deviations:
 *
 * - Adam's step size is the same for actor and critics, and defaults are Stable-Baselines3's; but there is noise on the actions
 *   from the start (the paper's), where that library has none unless it is asked for.
 */
import { z } from "zod";
import { type ReplayBuffer, type ReplaySampler, replayInputs, UniformSampler } from "../../data/index.ts";
import type { ActionNoise, ActionNoiseState } from "../../exploration/index.ts";
import { adam, makeSchedule, type Optimiser } from "../../nn/index.ts";
import { backward, clip, mean, noGrad, plan, randomNormal, randomStream, type Tensor } from "../../tensor/index.ts";
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
import { td3Presets } from "./presets.ts";

const schema = z.strictObject({
  ...actorCriticFields([400, 300], 1e-3),
  ...noiseFields("normal", 0.1),
  policyDelay: field.count(2, "Gradient steps of the critics for one of the actor. Usual: 1 to 4."),
  targetPolicyNoise: field.nonNegative(
    0.2,
    "σ of the noise on the actions of targets: how smooth Q is made. Usual: 0.1 to 0.5.",
  ),
  targetNoiseClip: field.positive(0.5, "Limit of that noise. Usual: 0.3 to 1."),
});

export type Td3Config = z.infer<typeof schema> & CommonConfig;

class Td3 implements Learner {
  readonly policy: DeterministicPolicy;
  readonly #target: DeterministicActorCritic;
  readonly #actorOptimiser: Optimiser;
  readonly #criticOptimiser: Optimiser;
  readonly #noise: ActionNoise | undefined;
  readonly #stream: Tensor;
  readonly #loop: ReplayLoop;
  readonly #means = new MetricMeans();

  constructor(context: LearnerContext<Td3Config>) {
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
      toEnv: new BoundedActions(env.actionSpace, "td3").forEnvs(env.count),
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

  #recordLearning(buffer: ReplayBuffer, sampler: ReplaySampler, config: Td3Config): () => void {
    const { network } = this.policy;
    const { batchSize, targetPolicyNoise, targetNoiseClip, tau } = config;
    const rows = new Int32Array(batchSize);
    const critics = plan(replayInputs(batchSize), (inputs) => {
      const batch = buffer.minibatch(inputs);
      const noise = randomNormal(this.#stream, batch.actions.shape, { std: targetPolicyNoise });
      const limited = clip(noise, -targetNoiseClip, targetNoiseClip);
      const targets = noGrad(() => deterministicTargets(this.#target, batch, limited));
      const { total, values } = criticLoss(network, batch, targets);
      this.#criticOptimiser.update(backward(total));
      return { total, value: noGrad(() => mean(values)), observations: batch.observations };
    });
    const actor = plan({}, () => {
      const loss = deterministicActorLoss(network, critics.outputs.observations);
      this.#actorOptimiser.update(backward(loss));
      follow(this.#target.parameters(), network.parameters(), tau);
      return loss;
    });
    return () => {
      sampler.draw(rows, buffer.size, critics.inputs.weights.data);
      buffer.window(rows, config.nSteps, config.gamma, critics.inputs);
      const { total, value } = critics.run();
      this.#means.add({ "loss/value": total.item(), "value/mean": value.item() });
      if (this.#criticOptimiser.steps % config.policyDelay === 0)
        this.#means.add({ "loss/policy": actor.run().item() });
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

function createNetwork({ config, observationSpace, actionSpace, key }: PolicyContext<Td3Config>) {
  return new DeterministicActorCritic({
    observationSize: observationSpace.flatSize,
    actionSize: actionSpace.actionSize,
    count: 2,
    hidden: config.hidden,
    activation: config.activation,
    key: key.split("network"),
  });
}

export const td3: Algorithm<Td3Config> = {
  name: "td3",
  summary:
    "Deterministic policy gradient with twin critics, smoothed targets and a delayed actor; for actions that are numbers.",
  source: "Fujimoto et al. 2018, arXiv:1802.09477",
  schema,
  actionSpaces: ["box"],
  presets: td3Presets,
  createPolicy: (context) => new DeterministicPolicy(createNetwork(context), context),
  create: (context) => new Td3(context),
};
