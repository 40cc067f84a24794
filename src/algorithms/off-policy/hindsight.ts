import { HindsightBuffer, hindsightStrategies, ReplayBuffer, type ReplaySizes } from "../../data/index.ts";
import { goalLayout } from "../../envs/index.ts";
import { ConfigError } from "../../errors.ts";
import type { LearnerContext } from "../algorithm.ts";
import * as field from "../config.ts";

/** Hyperparameters of hindsight replay, for tasks whose goal is part of what is observed. */
export const hindsightFields = {
  replayStrategy: field.oneOf(
    ["none", ...hindsightStrategies],
    "none",
    "Hindsight: tell transitions again with goals achieved later in the episode, at its end, or anywhere in it.",
  ),
  nSampledGoal: field.count(4, "Transitions told again for each that is told as it was, with hindsight. Usual: 4."),
};

interface HindsightConfig {
  readonly replayStrategy: "none" | (typeof hindsightStrategies)[number];
  readonly nSampledGoal: number;
  readonly batchSize: number;
}

/**
 * The replay buffer of an off-policy learner, with hindsight where the configuration asks for it.
 * @throws ConfigError for hindsight without goals
 */
export function createReplayBuffer(
  sizes: ReplaySizes,
  { config, env, key }: Pick<LearnerContext<HindsightConfig>, "config" | "env" | "key">,
): ReplayBuffer {
  const { replayStrategy: strategy, nSampledGoal, batchSize } = config;
  if (strategy === "none") return new ReplayBuffer(sizes);
  const { goals } = env;
  if (goals === undefined) {
    const allowed = `"none": ${env.name} has no goals, or normalisation hides them`;
    throw new ConfigError({ field: "replayStrategy", value: strategy, allowed });
  }
  const [layout, random] = [goalLayout(env.observationSpace), key.split("hindsight").stream()];
  return new HindsightBuffer(sizes, { strategy, nSampledGoal, goals, layout, batchSize, random });
}
