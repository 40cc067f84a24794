/** The probe environments by short names, and one of any rule. */
import { DynamicsEnv } from "../../src/envs/dynamics-env.ts";
import { type AnyEnv, makeEnv, timeLimit } from "../../src/envs/index.ts";
import { continuousProbe, type ProbeRule, probe } from "../../src/envs/probes/probe.ts";

export const probeEnv = (rule: ProbeRule) => new DynamicsEnv("Probe", probe(rule));

/** Numbers as actions, with bounds so far off that none is limited to them. */
const numberProbe = (rule: ProbeRule) => new DynamicsEnv("Probe", continuousProbe(rule, 9));

export const constantReward = () => makeEnv("ProbeConstantReward-v0");
export const rewardFromObservation = () => makeEnv("ProbeRewardFromObservation-v0");
export const delayedReward = () => makeEnv("ProbeDelayedReward-v0");
export const rewardFromAction = () => makeEnv("ProbeRewardFromAction-v0");
export const rewardFromBoth = () => makeEnv("ProbeRewardFromBoth-v0");

/** The closer the action is to ½, the better: a policy over numbers. Value 1 for the best. */
export const rewardFromNumber = () =>
  numberProbe({ length: 1, observation: () => 0, reward: (_t, _o, a) => 1 - (a - 0.5) ** 2 });

/** The same with ½ or −½, as the observation says. */
export const rewardFromNumberAndObservation = () =>
  numberProbe({ length: 1, observation: (_t, coin) => coin, reward: (_t, o, a) => 1 - (a - 0.5 * o) ** 2 });

/** Reward 1 for ever, cut after 8 steps; `terminates` pretends that the task ends there. */
export const cutForEver = ({ terminates = false } = {}): AnyEnv => {
  if (!terminates) return makeEnv("ProbeTimeLimit-v0");
  return timeLimit(probeEnv({ length: 8, observation: () => 0, reward: () => 1 }) as AnyEnv, 9);
};
