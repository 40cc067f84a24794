/** Hyperparameters that algorithms share: names are Stable-Baselines3's in camelCase, each with its effect and usual range. */
import { z } from "zod";
import { activationNames, type ScheduleSpec, scheduleSchema } from "../nn/index.ts";

const positiveInteger = z.int().positive();

export const commonFields = {
  algorithm: z.string().describe("Which algorithm learns."),
  env: z.string().describe("Which environment it learns in: a registered id, or a module of your own."),
  seed: z.int().nonnegative().default(0).describe("Everything random follows from it: the same seed, the same bits."),
  steps: positiveInteger.default(100_000).describe("Environment steps to train for, all environments together."),
  nEnvs: positiveInteger
    .default(1)
    .describe("Environments stepped side by side. More decorrelates the data; usual: 1 to 32."),
  gamma: z
    .number()
    .min(0)
    .max(1)
    .default(0.99)
    .describe("Discount γ: how far ahead rewards count, about 1/(1 − γ) steps; usual: 0.9 to 0.9999."),
  normalizeObservation: z
    .boolean()
    .default(false)
    .describe("Scale each observation entry to mean 0 and variance 1 by running statistics."),
  normalizeReward: z
    .boolean()
    .default(false)
    .describe("Divide rewards by the running deviation of the discounted return."),
};

export const networkFields = {
  hidden: z
    .array(positiveInteger)
    .default([64, 64])
    .describe("Widths of the hidden layers; usual: [64, 64] to [400, 300]."),
  activation: z
    .enum(activationNames)
    .default("tanh")
    .describe("Nonlinearity after every hidden layer; tanh suits small on-policy networks, relu off-policy ones."),
};

/** A value that may change over the run: a number, or one of the forms of a schedule. */
export function scheduled(value: ScheduleSpec, description: string) {
  return scheduleSchema.default(value).describe(description);
}
