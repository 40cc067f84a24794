/**
 * Hyperparameters that algorithms share, and one-line makers of fields: names are Stable-Baselines3's in camelCase, each
 * with its effect and usual range.
 */
import { z } from "zod";
import { activationNames, lowestOf, type ScheduleSpec, scheduleSchema } from "../nn/index.ts";

/** A positive integer. */
export function count(value: number, description: string) {
  return z.int().positive().default(value).describe(description);
}

/** A number from 0 to 1. */
export function fraction(value: number, description: string) {
  return z.number().min(0).max(1).default(value).describe(description);
}

/** A positive integer, or −1: never. */
export function countOrNever(value: number, description: string) {
  return z
    .union([z.literal(-1), z.int().positive()])
    .default(value)
    .describe(description);
}

/** A positive integer, or −1: as many as there are. */
export const countOrAll = countOrNever;

/** A positive integer, or null: without. */
export function countOrNull(value: number | null, description: string) {
  return z.int().positive().nullable().default(value).describe(description);
}

/** A number above 0. */
export function positive(value: number, description: string) {
  return z.number().positive().default(value).describe(description);
}

/** A number above 0, or null: without. */
export function positiveOrNull(value: number | null, description: string) {
  return z.number().positive().nullable().default(value).describe(description);
}

/** A number of at least 0. */
export function nonNegative(value: number, description: string) {
  return z.number().nonnegative().default(value).describe(description);
}

export function anyNumber(value: number, description: string) {
  return z.number().default(value).describe(description);
}

export function flag(value: boolean, description: string) {
  return z.boolean().default(value).describe(description);
}

/** Whether first layers skip zeros. */
export const sparseInput = flag(false, "Skip what is 0 in observations, where almost all is: the same bits, sooner.");

/** Smaller images. */
export const pooling = count(
  1,
  "Bilinear pooling of images that are almost all 0, clipped to ±1: pixels between points of the coarser grid. Usual: 1 to 4.",
);

/** A switch of every run that this algorithm has no use for: false. */
export function never(description: string) {
  return z.literal(false).default(false).describe(description);
}

export function oneOf<const V extends string>(values: readonly V[], value: NoInfer<V>, description: string) {
  return z
    .enum(values)
    .default(value as never)
    .describe(description);
}

const neverNegative = scheduleSchema.refine((spec) => lowestOf(spec) >= 0, {
  error: "must be a number of at least 0, or a schedule that never falls below 0",
});

/** A value of at least 0 that may change over the run: a number, or one of the forms of a schedule. */
export function scheduled(value: ScheduleSpec, description: string) {
  return neverNegative.default(value).describe(description);
}

/** The same, or null: without. */
export function scheduledOrNull(value: ScheduleSpec | null, description: string) {
  return z.union([neverNegative, z.null()]).default(value).describe(description);
}

export const commonFields = {
  algorithm: z.string().describe("Which algorithm learns."),
  env: z.string().describe("Which environment it learns in: a registered id, or a module of your own."),
  seed: z.int().nonnegative().default(0).describe("Everything random follows from it: the same seed, the same bits."),
  steps: count(100_000, "Environment steps to train for, all environments together."),
  nEnvs: z
    .int()
    .min(1)
    .max(65_536)
    .default(1)
    .describe("Environments stepped side by side. More decorrelates the data; usual: 1 to 32."),
  gamma: fraction(0.99, "Discount γ: how far ahead rewards count, about 1/(1 − γ) steps; usual: 0.9 to 0.9999."),
  normalizeObservation: flag(false, "Scale each observation entry to mean 0 and variance 1 by running statistics."),
  normalizeReward: flag(false, "Divide rewards by the running deviation of the discounted return."),
};

/** What a run calls the dataset that it learns from. */
export function dataset(description: string) {
  return z.string().min(1).nullable().default(null).describe(description);
}

export const networkFields = {
  hidden: z
    .array(z.int().positive())
    .default([64, 64])
    .describe("Widths of the hidden layers; usual: [64, 64] to [400, 300]."),
  activation: oneOf(activationNames, "tanh", "Nonlinearity after hidden layers; tanh suits small on-policy networks."),
  orthogonalInit: flag(true, "Orthogonal first weights with a small policy head, and zero biases."),
  logStdInit: anyNumber(0, "First log σ of a Gaussian policy: how boldly it explores. Usual: −3 to 0."),
};
