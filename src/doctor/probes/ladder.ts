/**
 * The probe environments in the order in which their demands grow: each needs one more part of a learner to work, so that the first one
 * that fails names the part (Jones 2021, "Debugging Reinforcement Learning Systems"). They are those of `envs/probes`, but for
 * observations that are never 0: of a 0 a fresh network learns by its biases alone, which takes ten times as many gradient steps.
 */

import type { AnyEnv } from "../../envs/index.ts";
import { continuousProbe, DynamicsEnv, type ProbeRule, probe, timeLimit } from "../../envs/index.ts";
import { Discrete } from "../../spaces/index.ts";
import type { Part } from "../diagnosis.ts";
import { indexed } from "./indexed.ts";

/** What the value of an observation should be, and what it is where the part does not work. */
export interface ExpectedValue {
  readonly observation: number;
  readonly right: number;
  readonly wrong: number;
}

export interface Rung {
  readonly name: string;
  readonly part: Part;
  readonly rule: ProbeRule;
  /** Steps after which episodes are cut off. */
  readonly limit?: number;
  /** In the place of the run's own γ. */
  readonly gamma?: number;
  /** By the run's γ; left out where the policy is judged. */
  readonly values?: (gamma: number) => readonly ExpectedValue[];
  /** The best action by observation, −1 or 1. */
  readonly actions?: readonly { readonly observation: number; readonly best: number }[];
  /** Where no action is better, and a bonus for entropy should keep the policy undecided. */
  readonly undecided?: true;
  readonly finding: string;
  readonly remedy: string;
}

const one = () => 1;
const coin = (_t: number, coin: number) => coin;

/** Values first: where one fails, those after it would fail for the same reason. */
export const valueRungs: readonly Rung[] = [
  {
    name: "ConstantReward",
    part: "value loss",
    rule: { length: 1, observation: one, reward: () => 1, deterministic: true },
    values: () => [{ observation: 1, right: 1, wrong: 0 }],
    finding: "The critic does not learn that a reward of 1 is worth 1",
    remedy: "Look at the loss of the values, its sign and weight, and at the step of their optimiser.",
  },
  {
    name: "RewardFromObservation",
    part: "observations in the network",
    rule: { length: 1, observation: coin, reward: (_t, observation) => observation },
    values: () => [-1, 1].map((observation) => ({ observation, right: observation, wrong: 0 })),
    finding: "The critic does not learn a value that depends on the observation",
    remedy:
      "Look whether observations and returns of a minibatch belong to the same steps, and whether gradients reach the first layer.",
  },
  {
    name: "DelayedReward",
    part: "bootstrapping",
    rule: { length: 2, observation: (t) => (t === 0 ? -1 : 1), reward: (t) => t, deterministic: true },
    values: (gamma) => [
      { observation: -1, right: gamma, wrong: 0 },
      { observation: 1, right: 1, wrong: 0 },
    ],
    finding: "A reward that comes one step later does not reach the value before it",
    remedy: "Look whether targets are r + γ V(s′), where V(s′) comes from, and whether a target network follows.",
  },
  {
    name: "TimeLimit",
    part: "truncation",
    rule: { length: Number.POSITIVE_INFINITY, observation: one, reward: () => 1, deterministic: true },
    limit: 1,
    gamma: 0.5,
    values: () => [{ observation: 1, right: 2, wrong: 1 }],
    finding: "Where an episode is cut off, the value does not go on with that of the final observation",
    remedy: "Bootstrap from the final observation where truncated is true, and only where terminated is true from 0.",
  },
];

const policyGradient = {
  part: "policy gradient",
  finding: "The policy does not come to prefer the better one of two actions",
  remedy: "Look at the sign of the policy's loss and of the advantage in it, and at what keeps the policy from moving.",
} as const;

/** With a bonus for entropy nothing should decide a policy that is paid alike for everything. */
export const entropyRung: Rung = {
  name: "ConstantReward, undecided",
  part: "exploration",
  rule: { length: 1, observation: one, reward: () => 1, deterministic: true },
  undecided: true,
  finding: "The policy makes up its mind where no action is better, though entropy has a bonus",
  remedy: "Look at the sign of the entropy in the loss: what is minimised should hold minus entCoef times the entropy.",
};

/** In both directions, since one of them is right by chance. */
export const policyRungs: readonly Rung[] = [
  {
    ...policyGradient,
    name: "RewardFromAction",
    rule: { length: 1, observation: one, reward: (_t, _observation, action) => action, deterministic: true },
    actions: [{ observation: 1, best: 1 }],
  },
  {
    ...policyGradient,
    name: "RewardFromAction, mirrored",
    rule: { length: 1, observation: one, reward: (_t, _observation, action) => -action, deterministic: true },
    actions: [{ observation: 1, best: -1 }],
  },
  {
    name: "RewardFromBoth",
    part: "actions by observation",
    rule: { length: 1, observation: coin, reward: (_t, observation, action) => observation * action },
    actions: [-1, 1].map((observation) => ({ observation, best: observation })),
    finding: "The policy does not come to choose by what it observes",
    remedy: "Look whether actions, observations and advantages of a minibatch belong to the same steps.",
  },
];

/** What actions and observations of the probes are. */
export interface ProbeForm {
  readonly actions: "discrete" | "box";
  readonly observations: "discrete" | "box";
}

export function makeProbe({ rule, limit }: Rung, { actions, observations }: ProbeForm): AnyEnv {
  const env =
    actions === "discrete" ? new DynamicsEnv("Probe", probe(rule)) : new DynamicsEnv("Probe", continuousProbe(rule));
  const seen = observations === "discrete" ? indexed(env as AnyEnv, new Discrete(2), indexOf) : (env as AnyEnv);
  return limit === undefined ? seen : timeLimit(seen, limit);
}

/** Of −1 and 1, for tables. */
export function indexOf(observation: number): number {
  return observation > 0 ? 1 : 0;
}
