/** The lab `q-learning`: exploration, overestimation, and the maximum over continuous actions. */
import { Key } from "../../random/index.ts";
import { combined, type Findings, type Lab, type LabSettings } from "../lab.ts";
import { exploration } from "./exploration.ts";
import { maximum } from "./maximum.ts";
import { overestimation } from "./overestimation.ts";

export const qLearning: Lab = {
  name: "q-learning",
  question: "What does Q-learning see, what does its maximum do to noise, and how is that maximum found?",
  criterion:
    "coverage and return of greedy, ε-greedy and Boltzmann exploration; estimates of Q-learning and double Q-learning against a known value; and the gap to a known maximum over continuous actions, by search and by structure in Q, for the same number of looks.",
  experiment: qLearningExperiment,
};

export function qLearningExperiment({ seed, thorough }: LabSettings): Findings {
  const repetitions = thorough ? 2000 : 200;
  const key = Key.fromSeed(seed).split("q-learning");
  return combined(repetitions, [
    exploration(key, repetitions),
    overestimation(key, repetitions),
    maximum(key, repetitions),
  ]);
}
