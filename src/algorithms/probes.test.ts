import { describe, expect, it } from "vitest";
import {
  constantReward,
  cutForEver,
  delayedReward,
  rewardFromAction,
  rewardFromBoth,
  rewardFromNumber,
  rewardFromNumberAndObservation,
  rewardFromObservation,
} from "../../test/support/probe-envs.ts";
import { type AnyEnv, makeEnv } from "../envs/index.ts";
import { noGrad, step, tensor } from "../tensor/index.ts";
import { type RunInput, train } from "../training/index.ts";
import type { A2cConfig } from "./a2c.ts";
import type { ActorCriticPolicy } from "./actor-critic-policy.ts";

type Config = Record<string, unknown>;

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);

interface Tuned {
  /** For all of the smallest environments, whatever the seed… */
  readonly config: RunInput;
  /** … besides, where the action is a number… */
  readonly numbers?: Config;
  /** … and where the best number is the bound… */
  readonly bounded?: Config;
  /** … and where values are 50. */
  readonly patient: Config;
}

const ppo = { algorithm: "ppo", steps: 2048, nEnvs: 16, nSteps: 8, nEpochs: 8, normalizeAdvantage: false };
const reinforce = { algorithm: "reinforce", steps: 4096, nEnvs: 16 };
const trpo = { algorithm: "trpo", steps: 4096, nEnvs: 8, nSteps: 16, batchSize: 64, normalizeAdvantage: false };
const a2c = (estimator: A2cConfig["estimator"]) => ({
  algorithm: "a2c",
  estimator,
  ...{ steps: 8192, nEnvs: 8, useRmsProp: false, maxGradNorm: 5 },
});
const longer = { steps: 16_384, learningRate: "lin_0.05" };

/** Every learner that knows values. */
const learners: Record<string, Tuned> = {
  PPO: { config: ppo, bounded: { steps: 4096 }, patient: { steps: 8192, learningRate: "lin_0.05" } },
  REINFORCE: { config: reinforce, patient: { steps: 32_768, nEnvs: 8, learningRate: "lin_0.05" } },
  // Q must know the slope around an action before the policy follows it far away.
  "A2C, q": {
    config: a2c("q"),
    numbers: { steps: 16_384, hidden: [32, 32], activation: "relu", learningRate: "lin_0.005", logStdInit: -0.3 },
    bounded: { steps: 24_576, logStdInit: -2 },
    patient: longer,
  },
  // Without a baseline every action looks good.
  "A2C, td": { config: a2c("td"), numbers: { normalizeAdvantage: true }, patient: longer },
  "A2C, advantage": { config: a2c("advantage"), patient: longer },
  "A2C, nStep": { config: a2c("nStep"), patient: longer },
  "A2C, gae": { config: a2c("gae"), patient: longer },
  TRPO: { config: trpo, bounded: { steps: 8192 }, patient: { steps: 16_384, learningRate: "lin_0.02" } },
};
const common: Config = { gamma: 0.5, hidden: [16], learningRate: "lin_0.02", logStdInit: -1.5 };
/** Numbers beyond a bound count as the bound: the mean walks past it, the faster the bolder, until noise costs nothing. */
const commonBounded: Config = { logStdInit: -1 };

function learn(config: RunInput, makeEnv: () => AnyEnv): ActorCriticPolicy {
  const run = train(config, { makeEnv });
  for (const _ of run);
  return run.policy as ActorCriticPolicy;
}

/** V of an observation; of a critic that judges actions, Q of the best one there. */
const value = (policy: ActorCriticPolicy, observation: number): number =>
  step(() =>
    noGrad(() => {
      const observations = tensor([[observation]]);
      return policy.network.values(observations, policy.network.policy(observations).mode()).item();
    }),
  );

/** The most likely action, as a number. */
const best = (policy: ActorCriticPolicy, observation: number): number =>
  Number(policy.act([observation], { deterministic: true }));

interface Probe {
  readonly makeEnv: () => AnyEnv;
  /** Values by observation. */
  readonly values: Readonly<Record<number, number>>;
  /** Best actions by observation, where they matter. */
  readonly actions?: Readonly<Record<number, number>>;
  readonly numbers?: boolean;
  readonly bounded?: boolean;
}

const probes: Record<string, Probe> = {
  "learns the value of one state": { makeEnv: constantReward, values: { 0: 1 } },
  "learns a value that depends on the observation": { makeEnv: rewardFromObservation, values: { [-1]: -1, 1: 1 } },
  "discounts what comes later": { makeEnv: delayedReward, values: { 0: 0.5, 1: 1 } },
  "prefers the better action": { makeEnv: rewardFromAction, values: { 0: 1 }, actions: { 0: 1 } },
  "prefers the action that suits the observation": {
    makeEnv: rewardFromBoth,
    values: { [-1]: 1, 1: 1 },
    actions: { [-1]: 0, 1: 1 },
  },
  "finds a number": { makeEnv: rewardFromNumber, values: { 0: 1 }, actions: { 0: 0.5 }, numbers: true },
  "finds the number that suits the observation": {
    makeEnv: rewardFromNumberAndObservation,
    values: { [-1]: 1, 1: 1 },
    actions: { [-1]: -0.5, 1: 0.5 },
    numbers: true,
  },
  "finds the bound": {
    makeEnv: () => makeEnv("ProbeRewardFromActionContinuous-v0"),
    values: { 0: 1 },
    actions: { 0: 1 },
    numbers: true,
    bounded: true,
  },
  "finds the bound that suits the observation": {
    makeEnv: () => makeEnv("ProbeRewardFromBothContinuous-v0"),
    values: { [-1]: 1, 1: 1 },
    actions: { [-1]: -1, 1: 1 },
    numbers: true,
    bounded: true,
  },
};

/** Where what was learned is off by 0.1 or more, of `expected` by observation. */
function errorsOf(learned: (observation: number) => number, expected: Readonly<Record<number, number>>): string[] {
  return Object.entries(expected)
    .map(([observation, wanted]) => [learned(Number(observation)), wanted] as const)
    .filter(([found, wanted]) => !(Math.abs(found - wanted) < 0.1))
    .map(([found, wanted]) => `${found} instead of ${wanted}`);
}

describe.each(Object.entries(learners))("%s on the smallest environments", (_learner, tuned) => {
  const { config, patient } = tuned;

  it.each(Object.entries(probes))("%s, 20 seeds of 20", (_probe, { makeEnv, values, actions = {}, ...probe }) => {
    const bounded = { ...commonBounded, ...tuned.bounded };
    const suited = { ...(probe.numbers && tuned.numbers), ...(probe.bounded && bounded) };
    for (const seed of SEEDS) {
      const policy = learn({ ...common, ...config, ...suited, seed }, makeEnv);
      expect(
        errorsOf((observation) => value(policy, observation), values),
        `values, seed ${seed}`,
      ).toEqual([]);
      expect(
        errorsOf((observation) => best(policy, observation), actions),
        `actions, seed ${seed}`,
      ).toEqual([]);
    }
  });

  const endless = { ...common, ...config, ...patient, gamma: 0.98 };

  it("goes on with the value of the final observation where an episode was cut off: 1 / (1 − 0.98) = 50", () => {
    for (const seed of [1, 2, 3]) {
      expect(Math.abs(value(learn({ ...endless, seed }, cutForEver), 0) - 50), `seed ${seed}`).toBeLessThan(1);
    }
  });

  it("would fail there without bootstrapping: the same episodes, said to terminate", () => {
    const policy = learn({ ...endless, seed: 1 }, () => cutForEver({ terminates: true }));
    expect(value(policy, 0)).toBeLessThan(10);
  });
});

describe("the check of the smallest environments", () => {
  it("notices a wrong value and a wrong action", () => {
    expect(errorsOf(() => 0.85, { [-1]: 1, 1: 0.8 })).toEqual(["0.85 instead of 1"]);
    expect(errorsOf(() => Number.NaN, { 0: 1 })).toHaveLength(1);
  });
});
