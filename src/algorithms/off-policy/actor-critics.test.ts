import { describe, expect, it } from "vitest";
import { IdentityEnv } from "../../../test/support/identity-env.ts";
import {
  constantReward,
  delayedReward,
  rewardFromAction,
  rewardFromBoth,
  rewardFromObservation,
} from "../../../test/support/probe-envs.ts";
import { DynamicsEnv } from "../../envs/dynamics-env.ts";
import { type AnyEnv, makeEnv, timeLimit } from "../../envs/index.ts";
import { continuousProbe, type ProbeRule, probe } from "../../envs/probes/probe.ts";
import { Box, Discrete, type Space } from "../../spaces/index.ts";
import { maxRows, noGrad, step, type Tensor, tensor } from "../../tensor/index.ts";
import { evaluate, type RunInput, train } from "../../training/index.ts";
import type { Policy } from "../algorithm.ts";
import type { DiscreteSoftActorCritic } from "../sac/discrete-soft-actor-critic.ts";
import type { SoftActorCritic } from "../sac/soft-actor-critic.ts";
import type { DeterministicActorCritic } from "../td3/deterministic-actor-critic.ts";

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);

/** Small and fast: a few hundred updates. */
const quick = {
  ...{ hidden: [16], learningRate: "lin_0.02", batchSize: 32, tau: 0.1, gamma: 0.5 },
  ...{ nEnvs: 8, trainFreq: 1, gradientSteps: 1, learningStarts: 64, steps: 3200 },
};

interface Tuned {
  readonly config: Record<string, unknown>;
  /** Besides, where values are 50, and where the observation is to be repeated. */
  readonly endless?: Record<string, unknown>;
  readonly identity?: Record<string, unknown>;
  /** Q of the policy's own action, by its network. */
  value(network: never, observations: Tensor): Tensor;
}

const noisy = { noiseStd: 0.3 };

const numbers: Record<string, Tuned> = {
  SAC: {
    config: { algorithm: "sac", entCoef: 0.01 },
    endless: { entCoef: 0 },
    identity: { hidden: [32, 32], learningRate: "lin_0.01" },
    value: ({ actor, critics }: SoftActorCritic, observations) =>
      critics.least(observations, actor.distribution(observations).mode()),
  },
  TD3: {
    config: { algorithm: "td3", targetPolicyNoise: 0.05, ...noisy },
    value: (network: DeterministicActorCritic, observations) =>
      network.critics.least(observations, network.actions(observations)),
  },
  DDPG: {
    config: { algorithm: "ddpg", actionNoise: "normal", ...noisy },
    value: (network: DeterministicActorCritic, observations) =>
      network.critics.first(observations, network.actions(observations)),
  },
};

const choices: Record<string, Tuned> = {
  "discrete SAC": {
    config: { algorithm: "sac-discrete", entCoef: 0.01 },
    endless: { entCoef: 0 },
    value: (network: DiscreteSoftActorCritic, observations) => maxRows(network.least(observations)),
  },
};

function learn(config: Record<string, unknown>, makeEnv: () => AnyEnv): Policy {
  const run = train({ ...quick, ...config } as RunInput, { makeEnv });
  for (const _ of run);
  return run.policy;
}

const valueAt = (tuned: Tuned, policy: Policy, observation: number): number =>
  step(() =>
    noGrad(() => tuned.value((policy as never as { network: never }).network, tensor([[observation]])).item()),
  );

interface Probe {
  readonly makeEnv: () => AnyEnv;
  /** Values by observation. */
  readonly values: Readonly<Record<number, number>>;
  /** Best actions by observation, where they matter. */
  readonly actions?: Readonly<Record<number, number>>;
  /** What it takes besides. */
  readonly config?: Record<string, unknown>;
}

const shared: Record<string, Probe> = {
  "learns the value of one state": { makeEnv: constantReward, values: { 0: 1 } },
  "learns a value that depends on the observation": { makeEnv: rewardFromObservation, values: { [-1]: -1, 1: 1 } },
  "discounts what comes later": { makeEnv: delayedReward, values: { 0: 0.5, 1: 1 } },
};
const ofChoices: Record<string, Probe> = {
  ...shared,
  "prefers the better action": { makeEnv: rewardFromAction, values: { 0: 1 }, actions: { 0: 1 } },
  "prefers the action that suits the observation": {
    makeEnv: rewardFromBoth,
    values: { [-1]: 1, 1: 1 },
    actions: { [-1]: 0, 1: 1 },
  },
};

function check(tuned: Tuned, { makeEnv, values, actions = {}, config }: Probe, seed: number): string[] {
  const policy = learn({ ...tuned.config, ...config, seed }, makeEnv);
  const wrong: string[] = [];
  for (const [observation, wanted] of Object.entries(values)) {
    const found = valueAt(tuned, policy, Number(observation));
    if (!(Math.abs(found - wanted) < 0.1)) wrong.push(`seed ${seed}: value ${found} instead of ${wanted}`);
  }
  for (const [observation, wanted] of Object.entries(actions)) {
    const found = Number(policy.act([Number(observation)], { deterministic: true }));
    if (!(Math.abs(found - wanted) < 0.1)) wrong.push(`seed ${seed}: action ${found} instead of ${wanted}`);
  }
  return wrong;
}

/** For a best action within the bounds Q must be known better than by its slope. */
const precise = { hidden: [32, 32], activation: "tanh", learningRate: "lin_0.003", gradientSteps: 4 };

/** The same where the action is a number from −1 to 1. */
const numberProbe = (rule: ProbeRule) => (): AnyEnv => new DynamicsEnv("Probe", continuousProbe(rule, 1)) as AnyEnv;

const ofNumbers: Record<string, Probe> = {
  "learns the value of one state": {
    makeEnv: numberProbe({ length: 1, observation: () => 0, reward: () => 1 }),
    values: { 0: 1 },
  },
  "learns a value that depends on the observation": {
    makeEnv: numberProbe({ length: 1, observation: (_t, coin) => coin, reward: (_t, o) => o }),
    values: { [-1]: -1, 1: 1 },
  },
  "discounts what comes later": {
    makeEnv: numberProbe({ length: 2, observation: (t) => t, reward: (t) => t }),
    values: { 0: 0.5, 1: 1 },
  },
  "finds a number": {
    makeEnv: numberProbe({ length: 1, observation: () => 0, reward: (_t, _o, a) => 1 - (a - 0.5) ** 2 }),
    config: precise,
    values: { 0: 1 },
    actions: { 0: 0.5 },
  },
  "finds the number that suits the observation": {
    makeEnv: numberProbe({ length: 1, observation: (_t, coin) => coin, reward: (_t, o, a) => 1 - (a - 0.5 * o) ** 2 }),
    config: precise,
    values: { [-1]: 1, 1: 1 },
    actions: { [-1]: -0.5, 1: 0.5 },
  },
  "finds the bound": {
    makeEnv: () => makeEnv("ProbeRewardFromActionContinuous-v0"),
    values: { 0: 1 },
    actions: { 0: 1 },
  },
  "finds the bound that suits the observation": {
    makeEnv: () => makeEnv("ProbeRewardFromBothContinuous-v0"),
    values: { [-1]: 1, 1: 1 },
    actions: { [-1]: -1, 1: 1 },
  },
};

/** Reward 1 for ever, cut after 8 steps; `terminates` pretends that the task ends there. */
function forEver(isDiscrete: boolean, terminates: boolean): AnyEnv {
  const rule = { length: terminates ? 8 : Number.POSITIVE_INFINITY, observation: () => 0, reward: () => 1 };
  const dynamics = isDiscrete ? probe(rule) : continuousProbe(rule, 1);
  return timeLimit(new DynamicsEnv("Probe", dynamics as never) as AnyEnv, terminates ? 9 : 8);
}

const learners = [
  ...Object.entries(numbers).map(([name, tuned]) => [name, tuned, ofNumbers] as const),
  ...Object.entries(choices).map(([name, tuned]) => [name, tuned, ofChoices] as const),
];

describe.each(learners)("%s on the smallest environments", (_name, tuned, probes) => {
  it.each(Object.entries(probes))("%s, 20 seeds of 20", (_probe, probe) => {
    expect(SEEDS.flatMap((seed) => check(tuned, probe, seed))).toEqual([]);
  });

  const endless = { ...tuned.config, gamma: 0.98, steps: 6400, gradientSteps: 4, tau: 0.5, ...tuned.endless };
  const fifty = (seed: number, terminates: boolean) =>
    valueAt(
      tuned,
      learn({ ...endless, seed }, () => forEver(probes === ofChoices, terminates)),
      0,
    );

  it("goes on with the value of the final observation where an episode was cut off: 1 / (1 − 0.98) = 50", () => {
    for (const seed of [1, 2, 3]) expect(Math.abs(fifty(seed, false) - 50), `seed ${seed}`).toBeLessThan(1);
  });

  it("would fail there without bootstrapping: the same episodes, said to terminate", () => {
    expect(fifty(1, true)).toBeLessThan(10);
  });

  it("repeats the observation, 20 seeds of 20", () => {
    const space = probes === ofChoices ? new Discrete(4) : new Box(-1, 1, [2]);
    const returns = SEEDS.map((seed) => identity(space, { ...tuned.config, ...tuned.identity, seed }).mean);
    expect(returns.filter((mean) => !(mean >= 90))).toEqual([]);
  });
});

/** What asking for the observation back brought: the mean return of an episode of 100 steps, and actions that were not allowed. */
function identity(space: Space<unknown>, config: Record<string, unknown>, options = {}) {
  const made: IdentityEnv[] = [];
  const make = () => {
    made.push(new IdentityEnv(space, options));
    return made.at(-1)!;
  };
  const policy = learn({ gamma: 0, nEnvs: 1, steps: 2000, learningStarts: 200, hidden: [32], ...config }, make);
  const { mean } = evaluate(policy, { env: make, episodes: 3 });
  evaluate(policy, { env: make, episodes: 3, deterministic: false });
  return { mean, invalidActions: made.reduce((sum, { invalidActions }) => sum + invalidActions, 0) };
}

// Of 70 right answers, uniform ones leave 70 (14/15)^29 ≈ 9 untried.
it("masks keep discrete SAC to the 15 allowed actions of 70, and more than double what it learns", () => {
  const config = {
    algorithm: "sac-discrete",
    steps: 2048,
    learningStarts: 1500,
    hidden: [],
    learningRate: 1e-2,
    seed: 1,
  };
  const seen = identity(new Discrete(70), { ...config, entCoef: 0.01 }, { allowed: 15 });
  expect(seen.invalidActions).toBe(0);
  const blind = identity(new Discrete(70), { ...config, entCoef: 0.01 }, { allowed: 15, showsMask: false });
  expect(blind.invalidActions).toBeGreaterThan(1000);
  expect(seen.mean).toBeGreaterThan(2 * blind.mean);
});
