/** Hyperparameters that tabular methods share. Nothing is scaled or normalised: a table takes values in any unit. */
import * as field from "../config.ts";
import { policyNames } from "./named-policy.ts";

const { algorithm, env, seed, steps, nEnvs, gamma } = field.commonFields;

/** What every run has. */
export const tabularFields = { algorithm, env, seed, steps, nEnvs, gamma };

/** How estimates move towards their targets. */
export const stepSizeFields = {
  learningRate: field.scheduled(0.1, "Step size α: how far an estimate moves to its target. Usual: 0.01 to 0.5, or 1."),
  visitsToHalve: field.positiveOrNull(
    null,
    "k: α shrinks with the n-th visit to α k / (k + n − 1); null: it does not. 1 with α = 1 is the plain average.",
  ),
  initialValue: field.anyNumber(0, "First value of every entry; above all returns it makes greedy actions explore."),
};

/** How a method that improves its policy explores. */
export const explorationFields = {
  exploration: field.oneOf(
    ["epsilon-greedy", "boltzmann"],
    "epsilon-greedy",
    "How actions are drawn from their values.",
  ),
  epsilon: field.scheduled(0.1, "Share of uniformly random actions of epsilon-greedy. Usual: from 1 down to 0.01."),
  temperature: field.scheduled(1, "Temperature of boltzmann, in units of value, above 0. Usual: falling, 1 to 0.01."),
};

/** Which policy is evaluated. */
export const policyFields = {
  policy: field.oneOf(policyNames, "uniform", "Which policy: all actions alike, or the model's best one."),
  epsilon: field.fraction(
    0,
    "Share of uniformly random actions in it, so that it visits more states. Usual: 0 to 0.2.",
  ),
};

/** How whole episodes are learned from. */
export const episodeFields = {
  visits: field.oneOf(
    ["first", "every"],
    "first",
    "Which visits of an entry count: first is unbiased, every uses more.",
  ),
  maxEpisodeSteps: field.count(10_000, "Longer episodes are learned from in pieces, each as if it had been cut off."),
};
