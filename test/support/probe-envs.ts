/** The probe environments by short names, and one of any rule. */
import { DynamicsEnv } from "../../src/envs/dynamics-env.ts";
import { type AnyEnv, makeEnv, timeLimit } from "../../src/envs/index.ts";
import { type ProbeRule, probe } from "../../src/envs/probes/probe.ts";

export const probeEnv = (rule: ProbeRule) => new DynamicsEnv("Probe", probe(rule));

export const constantReward = () => makeEnv("ProbeConstantReward-v0");
export const rewardFromObservation = () => makeEnv("ProbeRewardFromObservation-v0");
export const delayedReward = () => makeEnv("ProbeDelayedReward-v0");
export const rewardFromAction = () => makeEnv("ProbeRewardFromAction-v0");
export const rewardFromBoth = () => makeEnv("ProbeRewardFromBoth-v0");

/** Reward 1 for ever, cut after 8 steps; `terminates` pretends that the task ends there. */
export const cutForEver = ({ terminates = false } = {}): AnyEnv => {
  if (!terminates) return makeEnv("ProbeTimeLimit-v0");
  return timeLimit(probeEnv({ length: 8, observation: () => 0, reward: () => 1 }) as AnyEnv, 9);
};
