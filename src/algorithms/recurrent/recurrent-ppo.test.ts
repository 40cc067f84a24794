import { describe, expect, it } from "vitest";
import { IdentityEnv } from "../../../test/support/identity-env.ts";
import {
  constantReward,
  cutForEver,
  delayedReward,
  rewardFromAction,
  rewardFromBoth,
  rewardFromNumber,
  rewardFromNumberAndObservation,
  rewardFromObservation,
} from "../../../test/support/probe-envs.ts";
import { recallEnv } from "../../../test/support/recall-env.ts";
import { type AnyEnv, makeEnv } from "../../envs/index.ts";
import { Box, Discrete, MultiBinary, MultiDiscrete, type Space } from "../../spaces/index.ts";
import { noGrad, step, tensor } from "../../tensor/index.ts";
import { evaluate, type RunInput, train } from "../../training/index.ts";
import type { ActorCriticPolicy } from "../actor-critic-policy.ts";
import type { RememberingNetwork } from "./remembering-network.ts";

type RecurrentPolicy = ActorCriticPolicy<RememberingNetwork>;

const small: RunInput = {
  algorithm: "recurrent-ppo",
  preset: "none",
  recurrent: "gru",
  recurrentSize: 16,
  hidden: [16],
  nEnvs: 8,
  nSteps: 16,
  batchSize: 64,
  normalizeAdvantage: false,
};

describe("recurrent PPO", () => {
  it.each(["lstm", "gru"] as const)(
    "computes in the update what it did while collecting, memory and all: %s",
    (recurrent) => {
      const run = train({ ...small, env: "CartPoleNoVel-v1", seed: 1, steps: 640, recurrent, learningRate: 0 });
      const before = run.parametersSha256();
      // Bit for bit, in batches of whatever size, across resets and from rollout to rollout.
      for (const { metrics } of run) expect(metrics).toMatchObject({ "policy/approxKl": 0, "policy/clipFraction": 0 });
      expect(run.parametersSha256()).toBe(before);
    },
  );

  it("refuses minibatches that are not made of whole sequences", () => {
    const start = (config: Partial<RunInput>) => () => train({ ...small, env: "CartPole-v1", ...config });
    expect(start({ batchSize: 24 })).toThrow(/batchSize must be a multiple of nSteps = 16, .*whole sequences; got 24/);
    expect(start({ batchSize: 144 })).toThrow(/batchSize must be at most nSteps × nEnvs = 128/);
    expect(start({ nSteps: 1, batchSize: 1, normalizeAdvantage: true })).toThrow(/batchSize must be at least 2/);
  });

  it("keeps what it learned with one core for both, which has half the parameters", () => {
    const names = (sharedRecurrent: boolean) =>
      Object.keys(train({ ...small, env: "CartPole-v1", sharedRecurrent }).policy.parameters());
    expect(names(true).filter((name) => name.includes("core"))).toHaveLength(4);
    expect(names(false).filter((name) => name.includes("core"))).toHaveLength(8);
    expect(names(true)[0]).toBe("core.weight_ih_l0");
    expect(names(false)[0]).toBe("policy.core.weight_ih_l0");
  });
});

describe("the policy of recurrent PPO", () => {
  const { policy } = train({ ...small, env: "Pendulum-v1", seed: 2, steps: 128 });
  const act = (...observation: number[]) => (policy.act(observation, { deterministic: true }) as number[])[0]!;

  it("remembers what it saw, until it is reset", () => {
    policy.reset!();
    const first = act(1, 0, 0);
    expect(act(1, 0, 0)).not.toBe(first);
    policy.reset!();
    expect(act(1, 0, 0)).toBe(first);
  });

  it("begins every episode of an evaluation anew", () => {
    const returns = () => evaluate(policy, { env: "Pendulum-v1", episodes: 2 }).returns;
    const before = returns();
    act(0, 1, 3);
    expect(returns()).toEqual(before);
  });
});

describe("recurrent PPO recalls a cue that is no longer seen", () => {
  const returnsOf = (config: RunInput) =>
    [1, 2, 3, 4, 5].map((seed) => {
      const run = train(
        { ...config, steps: 4096, gamma: 1, learningRate: 5e-3, entCoef: 0.01, seed },
        { makeEnv: recallEnv },
      );
      for (const _ of run);
      return evaluate(run.policy, { env: recallEnv, episodes: 100, deterministic: false }).mean;
    });

  it.each(["lstm", "gru"] as const)("with %s, on every seed", (recurrent) => {
    expect(Math.min(...returnsOf({ ...small, recurrent }))).toBeGreaterThan(0.9);
  });

  it("which PPO without memory cannot", () => {
    const { recurrent: _, recurrentSize: __, algorithm: ___, ...rest } = small;
    for (const mean of returnsOf({ ...rest, algorithm: "ppo" })) expect(Math.abs(mean)).toBeLessThan(0.4);
  });
});

describe("recurrent PPO on the smallest environments", () => {
  const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);
  const numbers: Partial<RunInput> = { steps: 2048, logStdInit: -1.5, learningRate: "lin_0.02" };
  const bounded: Partial<RunInput> = { ...numbers, steps: 4096, logStdInit: -1, recurrentSize: 8 };

  function learn(makeEnv: () => AnyEnv, seed: number, config: Partial<RunInput> = {}): RecurrentPolicy {
    const patience = { steps: 1024, gamma: 0.5, gaeLambda: 0.9, learningRate: 1e-2 };
    const run = train({ ...small, ...patience, ...config, seed }, { makeEnv });
    for (const _ of run);
    return run.policy as RecurrentPolicy;
  }

  /** V after these observations, from the start of an episode. */
  const value = ({ network }: RecurrentPolicy, ...observations: number[]) => {
    network.forget();
    return step(() =>
      noGrad(() => {
        for (const observation of observations.slice(0, -1)) network.forward(tensor([[observation]]));
        return network.values(tensor([[observations.at(-1)!]])).item();
      }),
    );
  };

  const best = (policy: RecurrentPolicy, observation: number) => {
    policy.reset();
    return Number(policy.act([observation], { deterministic: true }));
  };

  const near = (found: number, expected: number, name: string, tolerance = 0.1) =>
    expect(Math.abs(found - expected), name).toBeLessThanOrEqual(tolerance);

  it.each<[string, () => AnyEnv, values: [observations: number[], value: number][]]>([
    ["constant", constantReward, [[[0], 1]]],
    [
      "dependent on the observation",
      rewardFromObservation,
      [
        [[-1], -1],
        [[1], 1],
      ],
    ],
    [
      "discounted",
      delayedReward,
      [
        [[0], 0.5],
        [[0, 1], 1],
      ],
    ],
  ])("learns values that are %s, 20 seeds of 20", (_name, makeEnv, values) => {
    for (const seed of SEEDS) {
      const policy = learn(makeEnv, seed);
      for (const [observations, expected] of values) near(value(policy, ...observations), expected, `seed ${seed}`);
    }
  });

  it.each<[string, () => AnyEnv, actions: Readonly<Record<number, number>>, Partial<RunInput>?]>([
    ["the better action", rewardFromAction, { 0: 1 }],
    ["the action that suits the observation", rewardFromBoth, { [-1]: 0, 1: 1 }],
    ["the best number", rewardFromNumber, { 0: 0.5 }, numbers],
    ["the number that suits the observation", rewardFromNumberAndObservation, { [-1]: -0.5, 1: 0.5 }, numbers],
    ["the bound", () => makeEnv("ProbeRewardFromActionContinuous-v0"), { 0: 1 }, bounded],
    [
      "the bound that suits the observation",
      () => makeEnv("ProbeRewardFromBothContinuous-v0"),
      { [-1]: -1, 1: 1 },
      bounded,
    ],
  ])("prefers %s, 20 seeds of 20", (_name, makeEnv, actions, config) => {
    for (const seed of SEEDS) {
      const policy = learn(makeEnv, seed, config);
      for (const [observation, action] of Object.entries(actions)) {
        near(value(policy, Number(observation)), 1, `value, seed ${seed}`);
        near(best(policy, Number(observation)), action, `action, seed ${seed}`);
      }
    }
  });

  // With λ = 1 all that a critic with memory guesses is the value after eight steps, which it never stands in. Errors as large as
  // 50 ask for gradients as long.
  const patient = { gamma: 0.98, gaeLambda: 1, steps: 15_000, learningRate: "lin_0.01", maxGradNorm: 50 };
  const eightZeros = new Array<number>(8).fill(0);

  it("goes on with the value of the final observation where an episode was cut off: 1 / (1 − 0.98) = 50", () => {
    for (const seed of [1, 2, 3]) {
      const policy = learn(cutForEver, seed, patient);
      near(value(policy, 0), 50, `seed ${seed}`, 1);
      near(value(policy, ...eightZeros), 50, `seed ${seed}, after eight steps`, 1);
    }
  });

  it("would fail there without bootstrapping; then it counts the steps that are left", () => {
    const policy = learn(() => cutForEver({ terminates: true }), 1, patient);
    near(value(policy, 0), (1 - 0.98 ** 8) / 0.02, "first", 0.3);
    near(value(policy, ...eightZeros), 1, "last", 0.3);
  });
});

describe("recurrent PPO repeats the observation within 2000 steps, on 20 seeds of 20", () => {
  const quick: RunInput = {
    ...small,
    steps: 2000,
    gamma: 0,
    learningRate: "lin_0.01",
    nEpochs: 6,
    recurrentSize: 8,
    normalizeAdvantage: true,
  };

  it.each<[string, Space<unknown>, Partial<RunInput>?]>([
    ["Discrete", new Discrete(4)],
    ["Discrete that starts at 3", new Discrete(2, 3)],
    ["MultiDiscrete", new MultiDiscrete([2, 3])],
    ["MultiBinary", new MultiBinary(3)],
    ["Box", new Box(-1, 1, [2]), { logStdInit: -1 }],
  ])("%s", (_name, space, config) => {
    const makeEnv = () => new IdentityEnv(space);
    for (let seed = 1; seed <= 20; seed++) {
      const run = train({ ...quick, seed, ...config }, { makeEnv });
      for (const _ of run);
      expect(evaluate(run.policy, { env: makeEnv, episodes: 5 }).mean, `seed ${seed}`).toBeGreaterThanOrEqual(90);
    }
  });

  it("and keeps to the allowed actions", () => {
    const made: IdentityEnv[] = [];
    const makeEnv = () => {
      made.push(new IdentityEnv(new MultiDiscrete([6, 4]), { allowed: 2 }));
      return made.at(-1)!;
    };
    const run = train({ ...quick, steps: 4000, seed: 1 }, { makeEnv });
    for (const _ of run);
    expect(evaluate(run.policy, { env: makeEnv, episodes: 5 }).mean).toBeGreaterThanOrEqual(90);
    expect(made.reduce((sum, env) => sum + env.invalidActions, 0)).toBe(0);
  });
});
