/** The lab `backprop-pong`: how a network learns by backpropagation from a game that has no derivative. */
import { Key } from "../../random/index.ts";
import { combined, type Findings, type Lab, type LabSettings } from "../lab.ts";
import { brokenChain } from "./broken-chain.ts";
import { delayedReward } from "./delayed-reward.ts";
import { digitsAndPong } from "./digits-and-pong.ts";
import { knownDynamics } from "./known-dynamics.ts";
import { learningPong } from "./learning-pong.ts";
import { reachOfCredit } from "./reach-of-credit.ts";
import { remembering } from "./remembering.ts";

export const backpropPong: Lab = {
  name: "backprop-pong",
  question:
    "How can a network learn Pong by backpropagation, when success depends on a succession of choices and the game has no derivative?",
  criterion:
    "whether the loss of digits, the score of a game and the expected score have derivatives, by their difference quotients; what backpropagation brings back through a sampled action and in three ways around it, against exact gradients; what a network learns of Pong from each, and what it does not learn from its own actions alone; and how far credit reaches, by the delay of rewards and by the steps that backpropagation goes back.",
  experiment: backpropPongExperiment,
};

export function backpropPongExperiment({ seed, thorough }: LabSettings): Findings {
  const repetitions = thorough ? 24 : 8;
  const key = Key.fromSeed(seed).split("backprop-pong");
  return combined(repetitions, [
    digitsAndPong(key, repetitions),
    brokenChain(key, repetitions),
    knownDynamics(key, repetitions),
    learningPong(key, repetitions, { updates: 50, runs: thorough ? 4 : 2 }),
    delayedReward(key, repetitions),
    reachOfCredit(key, repetitions),
    remembering(key, repetitions),
  ]);
}
