import { HindsightBuffer, observationForm, ReplayBuffer } from "../../data/index.ts";
import { goalLayout } from "../../envs/index.ts";
import { ConfigError } from "../../errors.ts";
import type { CommonConfig, LearnerContext } from "../algorithm.ts";
import type { HindsightConfig } from "./config.ts";

export interface BufferConfig extends CommonConfig, HindsightConfig {
  readonly bufferSize: number;
  readonly batchSize: number;
  readonly trainFreq: number;
}

/**
 * A replay buffer for what the environments give, with actions that are choices or numbers, and with hindsight where the
 * configuration asks for it. It has no room for more than the run can fill.
 * @param capacity transitions that are kept; default `bufferSize`
 * @throws ConfigError for hindsight without goals
 */
export function bufferFor(
  { config, env, key }: LearnerContext<BufferConfig>,
  actions: "choices" | "numbers",
  capacity = config.bufferSize,
): ReplayBuffer {
  const { steps, trainFreq, replayStrategy: strategy, nSampledGoal, batchSize } = config;
  const sizes = {
    // The last round of a run may go beyond `steps`.
    capacity: Math.min(capacity, steps + trainFreq * env.count),
    envs: env.count,
    ...observationForm(env),
    actionShape: actions === "choices" ? [] : [env.actionSpace.actionSize],
    actionType: actions === "choices" ? "int32" : "float32",
    maskSize: env.actionMasks ? env.actionSpace.maskSize : 0,
  } as const;
  if (strategy === "none") return new ReplayBuffer(sizes);
  const { goals } = env;
  if (goals === undefined) {
    const allowed = `"none": ${env.name} has no goals, or normalisation hides them`;
    throw new ConfigError({ field: "replayStrategy", value: strategy, allowed });
  }
  const [layout, random] = [goalLayout(env.observationSpace), key.split("hindsight").stream()];
  return new HindsightBuffer(sizes, { strategy, nSampledGoal, goals, layout, batchSize, random });
}
