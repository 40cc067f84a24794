/** What soft actor-critics have in common: critics, targets that follow them, an actor, and a temperature. */
import type { Optimiser, Parameters, ScheduleSpec } from "../../nn/index.ts";
import type { Tensor } from "../../tensor/index.ts";
import type { Metrics, Policy } from "../algorithm.ts";
import { follower } from "../off-policy/target-network.ts";
import { type ExperienceLoop, TransitionLearner } from "../off-policy/transition-learner.ts";
import { prefixed } from "../snapshot.ts";
import type { Temperature } from "./temperature.ts";

interface SoftConfig {
  readonly learningRate: ScheduleSpec;
  readonly tau: number;
  readonly targetUpdateInterval: number;
}

export interface SoftMethod {
  readonly policy: Policy;
  readonly temperature: Temperature;
  readonly actorOptimiser: Optimiser;
  readonly criticOptimiser: Optimiser;
  /** Parameters of the critics, and of what follows them. */
  readonly critics: Parameters;
  readonly targets: Parameters;
  /** Where actions are drawn from. */
  readonly stream: Tensor;
  /** Takes one gradient step, and says what it measured. */
  learn(): Metrics;
}

/** Gradient steps of temperature, critics and actor, each `targetUpdateInterval` of which the targets follow the critics. */
export function softLearner(loop: ExperienceLoop, config: SoftConfig, method: SoftMethod): TransitionLearner {
  const { policy, temperature, actorOptimiser, criticOptimiser, critics, targets, stream } = method;
  const followCritics = follower(targets, critics, config.tau);
  return new TransitionLearner(loop, config.learningRate, {
    policy,
    learn() {
      const measured = method.learn();
      if (criticOptimiser.steps % config.targetUpdateInterval === 0) followCritics();
      return measured;
    },
    optimisers: {
      ...{ criticOptimiser, actorOptimiser },
      ...(temperature.optimiser && { temperatureOptimiser: temperature.optimiser }),
    },
    tensors: { ...prefixed("targets/", targets), ...temperature.state(), actions: stream },
  });
}

/** What an update of a soft actor-critic says, one element each. */
export type SoftMeasurement = Readonly<
  Record<"criticLoss" | "actorLoss" | "value" | "entropy" | "entCoef", { item(): number }>
>;

/** The same by the names of metrics. */
export function softMetrics({ criticLoss, actorLoss, value, entropy, entCoef }: SoftMeasurement): Metrics {
  return {
    "loss/value": criticLoss.item(),
    "loss/policy": actorLoss.item(),
    "value/mean": value.item(),
    "policy/entropy": entropy.item(),
    "policy/entCoef": entCoef.item(),
  };
}
