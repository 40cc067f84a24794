/** The lab `actor-critic`: a critic in the place of returns. */
import { Key } from "../../random/index.ts";
import { combined, type Findings, type Lab, type LabSettings } from "../lab.ts";
import { ageOfTheCritic } from "./age-of-the-critic.ts";
import { learning } from "./learning.ts";

export const actorCritic: Lab = {
  name: "actor-critic",
  question: "What does a learned critic do to bias, to variance and to learning?",
  criterion:
    "bias and variance of the one-step advantage against the exact gradient, from a critic that knows nothing to one that has learned; and how fast policies get better with and without a critic that learns beside them.",
  experiment: actorCriticExperiment,
};

export function actorCriticExperiment({ seed, thorough }: LabSettings): Findings {
  const repetitions = thorough ? 200 : 40;
  const key = Key.fromSeed(seed).split("actor-critic");
  return combined(repetitions, [ageOfTheCritic(key, repetitions, thorough ? 100 : 25), learning(key, repetitions)]);
}
