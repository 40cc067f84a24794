import { PrioritizedSampler, type PriorityOptions, type ReplaySampler, UniformSampler } from "../../data/index.ts";
import type { Key } from "../../random/index.ts";
import * as field from "../config.ts";

/** What everything takes that may draw transitions by priority; defaults are those of Schaul et al. 2016, table 3. */
export const priorityFields = {
  prioritizedReplay: field.flag(false, "Learn more often from transitions whose values were wrong."),
  priorityAlpha: field.fraction(0.6, "α: how much errors decide; 0: all alike. Usual: 0.4 to 0.7."),
  priorityBeta: field.fraction(0.4, "β at first, 1 at the end: how much of the bias is taken back. Usual: 0.4 to 0.6."),
  priorityEps: field.positive(1e-6, "Added to every error, so that no transition is given up. Usual: 1e-6 to 1e-2."),
};

/** Draws from a buffer of so many rows, as the configuration says. */
export function replaySampler(
  config: PriorityOptions & { readonly prioritizedReplay: boolean },
  rows: number,
  key: Key,
): ReplaySampler {
  const random = key.split("replay").stream();
  return config.prioritizedReplay ? new PrioritizedSampler(random, rows, config) : new UniformSampler(random);
}
