/** What those have in common that learn Q of numbers by a network which itself says, or finds, the best of them: `naf`, `cem-q`. */
import {
  type ActivationName,
  activationNames,
  makeSchedule,
  type Optimiser,
  type ScheduleSpec,
} from "../../nn/index.ts";
import type { Tensor } from "../../tensor/index.ts";
import { ActorCriticPolicy } from "../actor-critic-policy.ts";
import type { CommonConfig, LearnerContext, Metrics, PolicyContext } from "../algorithm.ts";
import * as field from "../config.ts";
import { prefixed } from "../snapshot.ts";
import { BoundedActions } from "./bounded-actions.ts";
import { type HindsightConfig, hindsightFields, replayFields } from "./config.ts";
import { type BestActionNetwork, NoisyActions } from "./noisy-actions.ts";
import { ReplayLoop, type ReplayLoopConfig } from "./replay-loop.ts";
import type { ReplayMemory } from "./replay-memory.ts";
import { TransitionLearner } from "./transition-learner.ts";

/** Hyperparameters, with these defaults. */
export function bestActionFields(activation: ActivationName, activationEffect: string, maxGradNorm: number) {
  return {
    ...field.commonFields,
    ...replayFields,
    ...hindsightFields,
    hidden: field.networkFields.hidden,
    activation: field.oneOf(activationNames, activation, `Nonlinearity after hidden layers${activationEffect}.`),
    learningRate: field.scheduled(1e-3, "Step size of Adam. Too large: values diverge. Usual: 1e-4 to 3e-3."),
    tau: field.fraction(0.005, "Share of the way that the target network moves at a time. Usual: 0.001 to 0.02."),
    noiseStd: field.scheduled(0.2, "σ of the noise on actions, of half their range: exploration. Usual: 0.1 to 0.5."),
    maxGradNorm: field.positive(maxGradNorm, "Gradients longer than this are shortened to it. Usual: 1 to 10."),
  };
}

export interface BestActionConfig extends CommonConfig, ReplayLoopConfig, HindsightConfig {
  readonly bufferSize: number;
  readonly batchSize: number;
  readonly learningRate: ScheduleSpec;
  readonly noiseStd: ScheduleSpec;
}

/** A policy that takes the best action by a network, or one with noise. */
export function bestActionPolicy<N extends BestActionNetwork>(network: N, context: PolicyContext<CommonConfig>) {
  const bounds = new BoundedActions(context.actionSpace, context.config.algorithm);
  return new ActorCriticPolicy(new NoisyActions(network, bounds), context);
}

export interface BestActionParts<N extends BestActionNetwork> {
  readonly policy: ActorCriticPolicy<NoisyActions<N>>;
  /** Follows the policy's network. */
  readonly target: N;
  readonly optimiser: Optimiser;
  readonly memory: ReplayMemory;
  /** Where actions are drawn from. */
  readonly stream: Tensor;
  /** Takes one gradient step, and says what it measured. */
  learn(): Metrics;
}

/** Steps with noisy actions, the noise on a schedule, and gradient steps in turn. */
export function bestActionLearner<N extends BestActionNetwork>(
  { config, env }: LearnerContext<BestActionConfig>,
  { policy, target, optimiser, memory, stream, learn }: BestActionParts<N>,
): TransitionLearner {
  const { network } = policy;
  const noiseStd = makeSchedule(config.noiseStd);
  const loop = new ReplayLoop({
    ...{ env, memory, config },
    explore: network.explorer(env, stream),
    toEnv: new BoundedActions(env.actionSpace, config.algorithm).forEnvs(env.count),
  });
  return new TransitionLearner(loop, config.learningRate, {
    ...{ policy, learn },
    optimisers: { optimiser },
    tensors: { ...prefixed("target/", target.parameters()), actions: stream },
    moveTo(progressRemaining) {
      network.sigma.data[0] = noiseStd(progressRemaining);
    },
    scheduled: () => ({ "schedule/noiseStd": network.sigma.item() }),
  });
}
