/** What `ddpg` and `td3` have in common: a deterministic actor that is followed with noise, critics, and a target network of both. */
import type { ActionNoiseState } from "../../exploration/index.ts";
import { type ActivationName, adam, makeSchedule, type Optimiser, type ScheduleSpec } from "../../nn/index.ts";
import { randomStream, type Tensor } from "../../tensor/index.ts";
import type { CommonConfig, LearnerContext, Metrics, PolicyContext } from "../algorithm.ts";
import { BoundedActions } from "../off-policy/bounded-actions.ts";
import type { BufferConfig } from "../off-policy/buffer-for.ts";
import { planNumbers } from "../off-policy/plan-actions.ts";
import { ReplayLoop, type ReplayLoopConfig } from "../off-policy/replay-loop.ts";
import { type MinibatchConfig, type ReplayMemory, replayMemory } from "../off-policy/replay-memory.ts";
import { TransitionLearner } from "../off-policy/transition-learner.ts";
import { prefixed } from "../snapshot.ts";
import { DeterministicActorCritic } from "./deterministic-actor-critic.ts";
import { DeterministicPolicy } from "./deterministic-policy.ts";
import { addNoise, createNoise, type NoiseConfig } from "./noise.ts";

interface DeterministicPolicyConfig extends CommonConfig, NoiseConfig {
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
}

interface DeterministicConfig extends DeterministicPolicyConfig, BufferConfig, MinibatchConfig, ReplayLoopConfig {
  readonly learningRate: ScheduleSpec;
  readonly noiseStd: ScheduleSpec;
}

export interface DeterministicParts {
  readonly network: DeterministicActorCritic;
  /** Follows the network. */
  readonly target: DeterministicActorCritic;
  readonly actorOptimiser: Optimiser;
  readonly criticOptimiser: Optimiser;
  readonly memory: ReplayMemory;
  /** Where the engine's random numbers come from. */
  readonly stream: Tensor;
}

/** @param critics how many */
export function deterministicParts(context: LearnerContext<DeterministicConfig>, critics: number): DeterministicParts {
  const network = createNetwork(context, critics);
  return {
    network,
    target: createNetwork(context, critics),
    actorOptimiser: adam(network.actorParameters()),
    criticOptimiser: adam(network.criticParameters()),
    memory: replayMemory(context, "numbers"),
    stream: randomStream(context.key.split("actions")),
  };
}

/** Steps of μ(s) and noise, and gradient steps in turn. */
export function deterministicLearner(
  context: LearnerContext<DeterministicConfig>,
  { network, target, actorOptimiser, criticOptimiser, memory, stream }: DeterministicParts,
  learn: () => Metrics,
): TransitionLearner {
  const { config, env, key } = context;
  const noise = createNoise(config, env.count, env.actionSpace.actionSize, key.split("noise"));
  const noiseStd = makeSchedule(config.noiseStd);
  const choose = planNumbers(env, stream, (observations) => network.actions(observations));
  const loop = new ReplayLoop({
    ...{ env, memory, config },
    explore(actions, isRandom) {
      choose(actions, isRandom);
      if (noise && !isRandom) addNoise(noise, actions);
    },
    toEnv: new BoundedActions(env.actionSpace, config.algorithm).forEnvs(env.count),
    stepped() {
      for (let n = 0; n < env.count; n++) if (env.terminated[n] || env.truncated[n]) noise?.reset(n);
    },
  });
  return new TransitionLearner(loop, config.learningRate, {
    policy: new DeterministicPolicy(network, context),
    learn,
    optimisers: { criticOptimiser, actorOptimiser },
    tensors: { ...prefixed("target/", target.parameters()), actions: stream },
    moveTo(progressRemaining) {
      network.noiseStd.data[0] = noiseStd(progressRemaining);
      if (noise) noise.sigma = network.noiseStd.item();
    },
    scheduled: () => ({ "schedule/noiseStd": network.noiseStd.item() }),
    save: () => noise?.save() ?? null,
    load: (state) => noise?.load(state as unknown as ActionNoiseState),
  });
}

/** The policy before anything is learned. */
export function deterministicPolicy(
  context: PolicyContext<DeterministicPolicyConfig>,
  critics: number,
): DeterministicPolicy {
  return new DeterministicPolicy(createNetwork(context, critics), context);
}

function createNetwork(context: PolicyContext<DeterministicPolicyConfig>, count: number): DeterministicActorCritic {
  const { config, observationSpace, actionSpace, key } = context;
  const { hidden, activation } = config;
  const [observationSize, actionSize] = [observationSpace.flatSize, actionSpace.actionSize];
  return new DeterministicActorCritic({
    ...{ observationSize, actionSize, count, hidden, activation, key: key.split("network") },
  });
}
