import { replayOf } from "../../data/index.ts";
import { adam } from "../../nn/index.ts";
import type { Random, RandomState } from "../../random/index.ts";
import { backward, randomStream, type Tensor } from "../../tensor/index.ts";
import type { CommonConfig, LearnerContext, PolicyContext } from "../algorithm.ts";
import { bufferFor } from "../off-policy/buffer-for.ts";
import { OfflineLoop } from "../off-policy/offline-loop.ts";
import { ReplayLoop } from "../off-policy/replay-loop.ts";
import { ReplayMemory } from "../off-policy/replay-memory.ts";
import { replaySampler } from "../off-policy/replay-sampler.ts";
import { follow, follower } from "../off-policy/target-network.ts";
import { TransitionLearner } from "../off-policy/transition-learner.ts";
import { prefixed } from "../snapshot.ts";
import { checkRecorded, type DeepQConfig } from "./config.ts";
import { dqnLoss } from "./dqn-loss.ts";
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
 *         follow the gradient of the loss   update
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
  const update = memory.record((batch) => {
    const options = { head, noise, double: config.double, weighted: config.prioritizedReplay };
    const loss = dqnLoss(network, target, batch, options);
    optimiser.update(backward(loss.total));
    if (targetNetwork === "average") follow(target.parameters(), network.parameters(), tau);
    return loss;
  });

  /** Copies are counted in steps of each environment, or in gradient steps where no step is taken. */
  const copy = follower(target.parameters(), network.parameters(), tau);
  const count = dataset ? 1 : env.count;
  const interval = Math.max(1, Math.floor(targetUpdateInterval / count));
  const stepped = (step: number) => {
    if (targetNetwork === "copy" && (step / count) % interval === 0) copy();
  };
  const explore = planExploration(context, policy, noise, random);
  const loop = dataset
    ? new OfflineLoop({ memory, config, stepped })
    : new ReplayLoop({ env, memory, config, explore, stepped });
  return new TransitionLearner(loop, config.learningRate, {
    policy,
    learn() {
      const { total, meanValue, errors } = update.run();
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

/** The behaviour policy: an action for every environment. */
function planExploration(
  { config, env }: Context,
  { network, head, explorer }: QPolicy,
  noise: Tensor | undefined,
  random: Random,
) {
  const n = env.actionSpace.maskSize;
  const acting = planValues(network, head, [env.count, env.observationSpace.flatSize], noise);
  return (actions: Float32Array, isRandom: boolean): void => {
    const maskOf = (e: number) => env.actionMasks?.subarray(e * n, (e + 1) * n);
    if (isRandom || config.behavior === "uniform") {
      for (let e = 0; e < actions.length; e++) actions[e] = explorer.any(random, maskOf(e));
      return;
    }
    acting.inputs.observations.data.set(env.observations);
    const values = acting.run().data;
    for (let e = 0; e < actions.length; e++) actions[e] = explorer.choose(values, e * n, random, maskOf(e));
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
