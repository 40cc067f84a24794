import { replayOf } from "../../data/index.ts";
import { adam, type Optimiser } from "../../nn/index.ts";
import type { Random, RandomState } from "../../random/index.ts";
import { backward, maxRows, plan, randomStream, type Tensor } from "../../tensor/index.ts";
import type { CommonConfig, LearnerContext, PolicyContext } from "../algorithm.ts";
import { type GradientStep, watched } from "../listener.ts";
import { bufferFor } from "../off-policy/buffer-for.ts";
import { OfflineLoop } from "../off-policy/offline-loop.ts";
import { ReplayLoop } from "../off-policy/replay-loop.ts";
import { ReplayMemory } from "../off-policy/replay-memory.ts";
import { replaySampler } from "../off-policy/replay-sampler.ts";
import { follow, follower } from "../off-policy/target-network.ts";
import { TransitionLearner } from "../off-policy/transition-learner.ts";
import { prefixed } from "../snapshot.ts";
import { behaviourIn } from "./behaviour.ts";
import { checkRecorded, type DeepQConfig } from "./config.ts";
import { dqnLoss } from "./dqn-loss.ts";
import { Draws } from "./draws.ts";
import type { ValueHead } from "./heads/value-head.ts";
import { makeQNetwork, type QNetwork } from "./networks/q-network.ts";
import { NewestSampler } from "./newest-sampler.ts";
import { planValues, QPolicy } from "./q-policy.ts";

type Config = DeepQConfig & CommonConfig;
type Context = LearnerContext<Config>;

/**
 * Q of a network, learned by one head or another: what DQN, C51, QR-DQN and Rainbow have in common (Mnih et al. 2015, algorithm 1):
 *
 *     for every step                        ReplayLoop
 *       a ~ exploration by Q(s, ·)          explore
 *       take a, store (s, a, r, s′)         ReplayLoop
 *       every targetUpdateInterval: Q̄ ← Q   stepped
 *       every trainFreq, gradientSteps times:
 *         draw B transitions                ReplayMemory
 *         follow the gradient of the loss   recordUpdate
 *
 * With a dataset there are no steps to take: each turn is a draw, a gradient step, and a copy where it is time (OfflineLoop).
 */
export function deepQLearner(context: Context, head: ValueHead): TransitionLearner {
  const { config, env, dataset, key } = context;
  const { targetNetwork, targetUpdateInterval, tau } = config;
  const policy = deepQPolicy(context, head);
  const { network, explorer } = policy;
  /** Q̄; the network itself where there is no target network. */
  const target = targetNetwork === "none" ? network : createNetwork(context, head);
  const optimiser = adam(network.parameters(), {
    eps: config.adamEps,
    maxGradNorm: config.maxGradNorm ?? Number.POSITIVE_INFINITY,
  });
  const random = key.split("actions").stream();
  /** Noise of noisy networks, when acting and in updates. */
  const stream = randomStream(key.split("noise"));
  const noise = config.noisyNets ? stream : undefined;

  const memory = createMemory(context);
  const isListened = context.listener !== undefined && !dataset && config.exploration === "epsilon-greedy";
  /** Which actions in the memory ε-greedy drew at random; where somebody listens. */
  const draws = isListened ? new Draws(memory.buffer.rows, env.count) : undefined;
  const { differentiate, apply } = recordUpdate(context, { policy, target, noise, memory, optimiser, draws });

  /** Copies are counted in steps of each environment, or in gradient steps where no step is taken. */
  const copy = follower(target.parameters(), network.parameters(), tau);
  const count = dataset ? 1 : env.count;
  const interval = Math.max(1, Math.floor(targetUpdateInterval / count));
  const stepped = (step: number) => {
    draws?.recorded(memory.buffer.newest);
    if (targetNetwork === "copy" && (step / count) % interval === 0) copy();
  };
  const explore = planExploration(context, { policy, noise, random, draws });
  const loop = dataset
    ? new OfflineLoop({ memory, config, stepped })
    : new ReplayLoop({ env, memory, config, explore, stepped });
  return new TransitionLearner(loop, config.learningRate, {
    policy,
    learn() {
      const { total, meanValue, errors } = differentiate.run();
      apply.run();
      memory.found(errors.data);
      return {
        "loss/value": total.item(),
        "value/mean": meanValue.item(),
        "gradient/norm": optimiser.gradientNorm!.item(),
      };
    },
    optimisers: { optimiser },
    tensors: { ...(target !== network && prefixed("target/", target.parameters())), noise: stream },
    moveTo: (progressRemaining) => explorer.moveTo(progressRemaining),
    scheduled: () => (dataset ? {} : explorer.metrics()),
    save: () => ({ ...random.state() }),
    load: (state) => random.restore(state as unknown as RandomState),
  });
}

/** What the environments will give, or what was recorded. @throws ConfigError for what does not fit with the latter */
function createMemory(context: Context): ReplayMemory {
  const { config, dataset, key } = context;
  if (dataset) {
    checkRecorded(config);
    const buffer = replayOf(dataset);
    const sampler = replaySampler(config, buffer.rows, key);
    sampler.added(0, buffer.rows);
    return new ReplayMemory(buffer, sampler, config);
  }
  const buffer = bufferFor(context, "choices", config.replay ? config.bufferSize : config.batchSize);
  const sampler = config.replay ? replaySampler(config, buffer.rows, key) : new NewestSampler(buffer);
  return new ReplayMemory(buffer, sampler, config);
}

interface UpdateParts {
  readonly policy: QPolicy;
  readonly target: QNetwork;
  readonly noise: Tensor | undefined;
  readonly memory: ReplayMemory;
  readonly optimiser: Optimiser;
  readonly draws: Draws | undefined;
}

/** Targets, loss and its gradient; and a step along it, and what follows the network at once. */
function recordUpdate({ config, listener }: Context, parts: UpdateParts) {
  const { policy, target, noise, memory, optimiser, draws } = parts;
  const { network, head } = policy;
  const differentiate = memory.record((batch) => {
    const options = { head, noise, double: config.double, weighted: config.prioritizedReplay };
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
    ...behaviourIn(batch, policy),
    drawn: () => draws?.of(memory.rows),
    advantages: errors,
    ...(targets && { values: chosen, targets }),
    ...(target !== network && { target: target.parameters() }),
    judge: (states) => maxRows(head.values(network.outputs(states))),
    gamma: config.gamma,
  });
  return { differentiate, apply: watched(apply, listener, step) };
}

interface ExplorationParts {
  readonly policy: QPolicy;
  readonly noise: Tensor | undefined;
  readonly random: Random;
  readonly draws: Draws | undefined;
}

/** The behaviour policy: an action for every environment. */
function planExploration({ config, env }: Context, { policy, noise, random, draws }: ExplorationParts) {
  const { network, head, explorer } = policy;
  const n = env.actionSpace.maskSize;
  const acting = planValues(network, head, [env.count, env.observationSpace.flatSize], noise);
  return (actions: Float32Array, isRandom: boolean): void => {
    const maskOf = (e: number) => env.actionMasks?.subarray(e * n, (e + 1) * n);
    if (isRandom || config.behavior === "uniform") {
      for (let e = 0; e < actions.length; e++) {
        actions[e] = explorer.any(random, maskOf(e));
        draws?.note(e, true);
      }
      return;
    }
    acting.inputs.observations.data.set(env.observations);
    const values = acting.run().data;
    for (let e = 0; e < actions.length; e++) {
      actions[e] = explorer.choose(values, e * n, random, maskOf(e));
      draws?.note(e, explorer.isDrawn);
    }
  };
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
