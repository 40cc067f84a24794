import { describe, expect, it } from "vitest";
import {
  constantReward,
  cutForEver,
  delayedReward,
  rewardFromAction,
  rewardFromBoth,
  rewardFromObservation,
} from "../../test/support/probe-envs.ts";
import type { AnyEnv } from "../envs/index.ts";
import { noGrad, step, tensor } from "../tensor/index.ts";
import { train } from "../training/index.ts";
import type { ActorCriticPolicy } from "./actor-critic-policy.ts";

const learners = {
  ppo: { steps: 4096, nEnvs: 8, nSteps: 16, learningRate: 3e-3, gaeLambda: 0.9, normalizeAdvantage: false },
  reinforce: { steps: 8192, nEnvs: 32, learningRate: 1e-2 },
  trpo: {
    steps: 4096,
    nEnvs: 8,
    nSteps: 16,
    batchSize: 64,
    learningRate: 3e-3,
    gaeLambda: 0.9,
    normalizeAdvantage: false,
  },
} as const;

describe.each(["ppo", "reinforce", "trpo"] as const)("%s on the smallest environments", (algorithm) => {
  function learn(makeEnv: () => AnyEnv, config: Record<string, unknown> = {}): ActorCriticPolicy {
    const run = train({ algorithm, gamma: 0.5, seed: 1, ...learners[algorithm], ...config }, { makeEnv });
    for (const _ of run);
    return run.policy as ActorCriticPolicy;
  }

  /** V of an observation. */
  const value = (policy: ActorCriticPolicy, observation: number) =>
    step(() => noGrad(() => policy.network.values(tensor([[observation]])).item()));

  const best = (policy: ActorCriticPolicy, observation: number) => policy.act([observation], { deterministic: true });

  it("learns the value of one state", () => {
    expect(value(learn(constantReward), 0)).toBeCloseTo(1, 1);
  });

  it("learns a value that depends on the observation", () => {
    const policy = learn(rewardFromObservation);
    for (const observation of [-1, 1]) expect(Math.abs(value(policy, observation) - observation)).toBeLessThan(0.1);
  });

  it("discounts what comes later", () => {
    const policy = learn(delayedReward);
    expect(Math.abs(value(policy, 0) - 0.5)).toBeLessThan(0.1);
    expect(Math.abs(value(policy, 1) - 1)).toBeLessThan(0.1);
  });

  it("prefers the better action", () => {
    const policy = learn(rewardFromAction);
    expect(best(policy, 0)).toBe(1);
    expect(Math.abs(value(policy, 0) - 1)).toBeLessThan(0.1);
  });

  it("prefers the action that suits the observation", () => {
    const policy = learn(rewardFromBoth);
    for (const [observation, action] of [
      [-1, 0],
      [1, 1],
    ]) {
      expect(best(policy, observation!)).toBe(action);
      expect(Math.abs(value(policy, observation!) - 1)).toBeLessThan(0.1);
    }
  });

  const patient = {
    ppo: { steps: 30_000, learningRate: "lin_0.01" },
    reinforce: { steps: 120_000, nEnvs: 8 },
    trpo: { steps: 30_000, learningRate: "lin_0.01" },
  }[algorithm];

  it("goes on with the value of the final observation where an episode was cut off: 1 / (1 − 0.98) = 50", () => {
    const policy = learn(cutForEver, { ...patient, gamma: 0.98 });
    expect(Math.abs(value(policy, 0) - 50)).toBeLessThan(1);
  });

  it("would fail there without bootstrapping: the same episodes, said to terminate", () => {
    const policy = learn(() => cutForEver({ terminates: true }), { ...patient, gamma: 0.98 });
    expect(value(policy, 0)).toBeLessThan(8);
  });
});
