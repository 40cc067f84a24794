/** The probe environments, each with two discrete actions and with one continuous action. */

import { type DynamicsFacts, dynamicsSpec } from "../dynamics-spec.ts";
import { readOptions } from "../options.ts";
import type { EnvSpec } from "../spec.ts";
import { continuousProbe, type ProbeRule, probe } from "./probe.ts";

const source = "Jones 2021, Debugging Reinforcement Learning Systems";

type About = Omit<DynamicsFacts, "id" | "source">;

const PROBES: Readonly<Record<string, [ProbeRule, About]>> = {
  ProbeConstantReward: [
    { length: 1, observation: () => 0, reward: () => 1, deterministic: true },
    { description: "Reward 1 whatever happens. Needs the value of one state: 1." },
  ],
  ProbeRewardFromObservation: [
    { length: 1, observation: (_t, coin) => coin, reward: (_t, observation) => observation },
    { description: "The reward is the observation. Needs a value that depends on it: −1 or 1." },
  ],
  ProbeDelayedReward: [
    { length: 2, observation: (t) => Math.min(t, 1), reward: (t) => t, deterministic: true },
    { description: "Two steps, the second gives 1. Needs the discount: values gamma, then 1." },
  ],
  ProbeRewardFromAction: [
    { length: 1, observation: () => 0, reward: (_t, _observation, action) => action, deterministic: true },
    { description: "The reward is the action, −1 … 1. Needs a policy: the greater action." },
  ],
  ProbeRewardFromBoth: [
    { length: 1, observation: (_t, coin) => coin, reward: (_t, observation, action) => observation * action },
    { description: "The reward is action times observation. Needs a policy that depends on the observation." },
  ],
  ProbeTimeLimit: [
    { length: Infinity, observation: () => 0, reward: () => 1, deterministic: true },
    {
      maxEpisodeSteps: 8,
      description: "Reward 1 for ever, cut off after 8 steps. Needs to go on with the value there: 1/(1 − gamma).",
    },
  ],
};

/** Registry entries. */
export const probeSpecs: readonly EnvSpec[] = Object.entries(PROBES).flatMap(([name, [rule, about]]) => {
  const [id, continuousId] = [`${name}-v0`, `${name}Continuous-v0`];
  return [
    dynamicsSpec({ ...about, id, source }, (given: Record<string, never>) => {
      readOptions(id, given, {});
      return probe(rule);
    }),
    dynamicsSpec(
      { ...about, id: continuousId, source, description: `${name}-v0 with a continuous action.` },
      (given: Record<string, never>) => {
        readOptions(continuousId, given, {});
        return continuousProbe(rule);
      },
    ),
  ];
});
