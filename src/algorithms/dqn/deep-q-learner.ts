import { type ReplayBuffer, type ReplaySampler, replayInputs } from "../../data/index.ts";
import type { BatchEnv } from "../../envs/index.ts";
import { adam, loadStateDict, makeSchedule, type Optimiser, type Schedule, stateDict } from "../../nn/index.ts";
import type { Random, RandomState } from "../../random/index.ts";
import { backward, maxRows, plan, randomStream, type Tensor } from "../../tensor/index.ts";
import type { CommonConfig, Learner, LearnerContext, Metrics, PolicyContext, Snapshot } from "../algorithm.ts";
import { type GradientStep, type TrainingListener, watched } from "../listener.ts";
import { MetricMeans } from "../metric-means.ts";
import { bufferFor } from "../off-policy/buffer-for.ts";
import { ReplayLoop, withoutPrefix } from "../off-policy/replay-loop.ts";
import { replaySampler } from "../off-policy/replay-sampler.ts";
import { follow, follower } from "../off-policy/target-network.ts";
import { prefixed } from "../snapshot.ts";
import { behaviourIn } from "./behaviour.ts";
import type { DeepQConfig } from "./config.ts";
import { dqnLoss } from "./dqn-loss.ts";
import { Draws } from "./draws.ts";
import type { ValueHead } from "./heads/value-head.ts";
import { makeQNetwork, type QNetwork } from "./networks/q-network.ts";
import { NewestSampler } from "./newest-sampler.ts";
import { planValues, QPolicy } from "./q-policy.ts";

type Config = DeepQConfig & CommonConfig;

/**
 * Q of a network, learned by one head or another: what DQN, C51, QR-DQN and Rainbow have in common (Mnih et al. 2015, algorithm 1):
 *
 *     for every step                        ReplayLoop
 *       a ~ exploration by Q(s, ·)          #act
 *       take a, store (s, a, r, s′)         ReplayLoop
 *       every targetUpdateInterval: Q̄ ← Q   #stepped
 *       every trainFreq, gradientSteps times:
 *         draw B transitions                #learn
 *         follow the gradient of the loss   recordUpdate
 */
export class DeepQLearner implements Learner {
  readonly policy: QPolicy;
  readonly #config: Config;
  readonly #env: BatchEnv;
  /** Q̄; the network itself where there is no target network. */
  readonly #target: QNetwork;
  readonly #optimiser: Optimiser;
  readonly #buffer: ReplayBuffer;
  readonly #sampler: ReplaySampler;
  readonly #loop: ReplayLoop;
  readonly #learningRate: Schedule;
  readonly #explorationRandom: Random;
  /** Noise of noisy networks, when acting and in updates. */
  readonly #noise: Tensor;
  readonly #acting: ReturnType<typeof planValues>;
  readonly #update: ReturnType<typeof recordUpdate>;
  readonly #copy: () => void;
  readonly #rows: Int32Array;
  /** Which actions of the buffer ε-greedy drew at random; where somebody listens. */
  readonly #draws: Draws | undefined;
  #means = new MetricMeans();

  constructor(context: LearnerContext<Config>, head: ValueHead) {
    const { config, env, key } = context;
    this.#config = config;
    this.#env = env;
    this.policy = deepQPolicy(context, head);
    const { network } = this.policy;
    this.#target = config.targetNetwork === "none" ? network : createNetwork(context, head);
    this.#copy = follower(this.#target.parameters(), network.parameters(), config.tau);
    this.#optimiser = adam(network.parameters(), {
      eps: config.adamEps,
      maxGradNorm: config.maxGradNorm ?? Number.POSITIVE_INFINITY,
    });
    this.#learningRate = makeSchedule(config.learningRate);
    this.#buffer = bufferFor(context, "choices", config.replay ? config.bufferSize : config.batchSize);
    this.#sampler = config.replay ? replaySampler(config, this.#buffer.rows, key) : new NewestSampler(this.#buffer);
    this.#explorationRandom = key.split("actions").stream();
    this.#noise = randomStream(key.split("noise"));
    const noise = config.noisyNets ? this.#noise : undefined;
    this.#acting = planValues(network, head, [env.count, env.observationSpace.flatSize], noise);
    this.#rows = new Int32Array(config.batchSize);
    const isListened = context.listener !== undefined && config.exploration === "epsilon-greedy";
    this.#draws = isListened ? new Draws(this.#buffer.rows, env.count) : undefined;
    const parts = { policy: this.policy, target: this.#target, head, noise, drawn: () => this.#draws?.of(this.#rows) };
    this.#update = recordUpdate(config, parts, this.#buffer, this.#optimiser, context.listener);
    this.#loop = new ReplayLoop({
      env,
      buffer: this.#buffer,
      sampler: this.#sampler,
      config,
      explore: (actions, isRandom) => this.#act(actions, isRandom || config.behavior === "uniform"),
      learn: () => this.#learn(),
      moveTo: (remaining) => this.#moveTo(remaining),
      stepped: () => this.#stepped(),
    });
  }

  get step(): number {
    return this.#loop.step;
  }

  get stepsPerIteration(): number {
    return this.#loop.stepsPerIteration;
  }

  /** Steps, each followed by what it asks for, and gradient steps in turn. */
  iterate(): Metrics {
    this.#means = new MetricMeans();
    this.#loop.iterate();
    return {
      ...this.#means.result(),
      ...this.policy.explorer.metrics(),
      "schedule/learningRate": this.#optimiser.learningRate,
      "update/count": this.#optimiser.steps,
    };
  }

  /** An action for every environment: the behaviour policy. */
  #act(actions: Float32Array, isUniform: boolean): void {
    const { explorer } = this.policy;
    const { observations, actionMasks } = this.#env;
    const random = this.#explorationRandom;
    const n = this.#env.actionSpace.maskSize;
    const maskOf = (e: number) => actionMasks?.subarray(e * n, (e + 1) * n);
    if (isUniform) {
      for (let e = 0; e < actions.length; e++) {
        actions[e] = explorer.any(random, maskOf(e));
        this.#draws?.note(e, true);
      }
      return;
    }
    this.#acting.inputs.observations.data.set(observations);
    const values = this.#acting.run().data;
    for (let e = 0; e < actions.length; e++) {
      actions[e] = explorer.choose(values, e * n, random, maskOf(e));
      this.#draws?.note(e, explorer.isDrawn);
    }
  }

  /** One gradient step on transitions from the buffer. */
  #learn(): void {
    const { nSteps, gamma } = this.#config;
    const { differentiate, apply } = this.#update;
    const { inputs } = differentiate;
    this.#sampler.draw(this.#rows, this.#buffer.size, inputs.weights.data);
    this.#buffer.window(this.#rows, nSteps, gamma, inputs);
    const { total, meanValue, errors } = differentiate.run();
    apply.run();
    this.#sampler.found(this.#rows, errors.data);
    this.#means.add({
      "loss/value": total.item(),
      "value/mean": meanValue.item(),
      "gradient/norm": this.#optimiser.gradientNorm!.item(),
    });
  }

  /** Copies are counted in steps of each environment. */
  #stepped(): void {
    this.#draws?.recorded(this.#buffer.newest);
    const { targetNetwork, targetUpdateInterval } = this.#config;
    const { count } = this.#env;
    const interval = Math.max(1, Math.floor(targetUpdateInterval / count));
    if (targetNetwork === "copy" && (this.step / count) % interval === 0) this.#copy();
  }

  #moveTo(remaining: number): void {
    this.#optimiser.learningRate = this.#learningRate(remaining);
    this.policy.explorer.moveTo(remaining);
  }

  /** What changes besides the policy's parameters and the loop, by name. */
  #tensors() {
    const target = this.#config.targetNetwork === "none" ? {} : prefixed("target/", this.#target.parameters());
    return { ...target, ...prefixed("optimiser/", this.#optimiser.state()), noise: this.#noise };
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

interface UpdateParts {
  readonly policy: QPolicy;
  readonly target: QNetwork;
  readonly head: ValueHead;
  readonly noise: Tensor | undefined;
  readonly drawn: NonNullable<GradientStep["drawn"]>;
}

/** Targets, loss and its gradient; and a step along it, and what follows the network at once. */
function recordUpdate(
  config: Config,
  { policy, target, head, noise, drawn }: UpdateParts,
  buffer: ReplayBuffer,
  optimiser: Optimiser,
  listener: TrainingListener | undefined,
) {
  const { network } = policy;
  const differentiate = plan(replayInputs(config.batchSize), (inputs) => {
    const options = { head, noise, double: config.double, weighted: config.prioritizedReplay };
    const batch = buffer.minibatch(inputs);
    const loss = dqnLoss(network, target, batch, options);
    return { ...loss, batch, gradients: backward(loss.total) };
  });
  const { batch, gradients, losses, errors, chosen, targets } = differentiate.outputs;
  const apply = plan({}, () => {
    optimiser.update(gradients);
    if (config.targetNetwork === "average") follow(target.parameters(), network.parameters(), config.tau);
  });
  const step = (): GradientStep => ({
    name: "update",
    batch: config.batchSize,
    gradients,
    optimiser,
    terms: { value: losses },
    observations: batch.observations,
    actions: batch.actions,
    ...behaviourIn(batch.observations, policy),
    drawn,
    advantages: errors,
    ...(targets && { values: chosen, targets }),
    ...(target !== network && { target: target.parameters() }),
    judge: (states) => maxRows(head.values(network.outputs(states))),
    gamma: config.gamma,
  });
  return { differentiate, apply: watched(apply, listener, step) };
}

/** The policy before anything is learned. */
export function deepQPolicy(context: PolicyContext<Config>, head: ValueHead): QPolicy {
  return new QPolicy({ network: createNetwork(context, head), head }, context);
}

function createNetwork(context: PolicyContext<Config>, head: ValueHead): QNetwork {
  const { config, observationSpace, actionSpace, key } = context;
  const { hidden, activation, dueling, noisyNets, sigma0 } = config;
  return makeQNetwork({
    observationSize: observationSpace.flatSize,
    actions: actionSpace.maskSize,
    size: head.size,
    hidden,
    activation,
    dueling,
    sigma0: noisyNets ? sigma0 : undefined,
    key: key.split("network"),
  });
}
