import { z } from "zod";
import { type HindsightStrategy, hindsightStrategies } from "../../data/index.ts";
import * as field from "../config.ts";

/** What everything takes that learns from a replay buffer; defaults are those of Stable-Baselines3's SAC and TD3. */
export const replayFields = {
  bufferSize: field.count(1_000_000, "Transitions that are kept. Small: recent data only. Usual: 10 000 to 1 000 000."),
  learningStarts: z
    .int()
    .nonnegative()
    .default(100)
    .describe("Steps of random actions before learning. Usual: 100 to 50 000."),
  batchSize: field.count(256, "Transitions per gradient step. Usual: 32 to 256."),
  trainFreq: field.count(1, "Steps of each environment between updates. Usual: 1 to 256."),
  gradientSteps: field.countOrAll(1, "Gradient steps per update; −1: as many as steps were taken. Usual: 1 to 128."),
  nSteps: field.count(1, "Rewards summed up before a value stands for the rest. Usual: 1 to 5."),
};

/** Hindsight replay, for tasks whose goal is part of what is observed. */
export const hindsightFields = {
  replayStrategy: field.oneOf(
    ["none", ...hindsightStrategies],
    "none",
    "Hindsight: tell transitions again with goals achieved later in the episode, at its end, or anywhere in it.",
  ),
  nSampledGoal: field.count(4, "Transitions told again for each that is told as it was, with hindsight. Usual: 4."),
};

export interface HindsightConfig {
  readonly replayStrategy: "none" | HindsightStrategy;
  readonly nSampledGoal: number;
}
