import { describe, expect, it } from "vitest";
import {
  constantReward,
  cutForEver,
  delayedReward,
  probeEnv,
  rewardFromAction,
  rewardFromBoth,
  rewardFromObservation,
} from "../../test/support/probe-envs.ts";
import type { AnyEnv } from "../envs/index.ts";
import { Box, Discrete, MultiBinary } from "../spaces/index.ts";
import { noGrad, step, tensor } from "../tensor/index.ts";
import { evaluate, loadPolicy, type RunInput, train } from "../training/index.ts";
import { follow } from "./off-policy/target-network.ts";
import type { PredictionPolicy } from "./prediction/prediction-policy.ts";

const STATES = 5;

/** The random walk of Sutton & Barto 2018, example 6.2: five states in a row, left and right; the right end pays 1. */
function randomWalk(): AnyEnv {
  let state = 2;
  return {
    observationSpace: new Discrete(STATES),
    actionSpace: new Discrete(2),
    reset() {
      state = 2;
      return { observation: state, info: {} };
    },
    step(action) {
      state += action === 1 ? 1 : -1;
      const terminated = state < 0 || state === STATES;
      const observation = Math.min(Math.max(state, 0), STATES - 1);
      return { observation, reward: state === STATES ? 1 : 0, terminated, truncated: false, info: {} };
    },
  };
}

/** Q of the random walk by state and action, by iterating Bellman's equation with `backup` of the two Q behind a step. */
function exactQ(gamma: number, backup: (left: number, right: number) => number): number[][] {
  let q = Array.from({ length: STATES }, () => [0, 0]);
  const after = (state: number) => {
    if (state < 0) return 0;
    return state === STATES ? 1 : gamma * backup(q[state]![0]!, q[state]![1]!);
  };
  for (let i = 0; i < 500; i++) q = q.map((_, state) => [after(state - 1), after(state + 1)]);
  return q;
}

function learn(config: Omit<RunInput, "algorithm">, makeEnv: () => AnyEnv = randomWalk): PredictionPolicy {
  const run = train({ algorithm: "value-prediction", ...config }, { makeEnv });
  for (const _ of run);
  return run.policy as PredictionPolicy;
}

/** V of an observation as the network sees it, or its Q of one action. */
const value = (policy: PredictionPolicy, observation: readonly number[], action = 0) =>
  step(() => noGrad(() => policy.network.values(tensor([[...observation]]), tensor([action], [1], "int32")).item()));

const oneHot = (state: number) => Array.from({ length: STATES }, (_, i) => +(i === state));
const states = [0, 1, 2, 3, 4];
const SEEDS = [1, 2, 3];
const walk = {
  ...{ hidden: [16], nEnvs: 16, episodes: 4, steps: 120_000, batchSize: 64, learningRate: "lin_0.005", gamma: 1 },
} as const;

const targetNetworks = {
  "no target network": { targetNetwork: "none" },
  "a copy": { targetNetwork: "copy", targetUpdateInterval: 20 },
  "a moving average": { targetNetwork: "average", tau: 0.05 },
} as const;

describe("V of the random walk is 1/6, 2/6, … 5/6", () => {
  const largestError = (policy: PredictionPolicy) =>
    Math.max(...states.map((state) => Math.abs(value(policy, oneHot(state)) - (state + 1) / 6)));

  it("by Monte Carlo", () => {
    for (const seed of SEEDS) expect(largestError(learn({ ...walk, targets: "monteCarlo", seed }))).toBeLessThan(0.05);
  });

  it.each(Object.entries(targetNetworks))("by TD, with %s", (_name, target) => {
    for (const seed of SEEDS) expect(largestError(learn({ ...walk, ...target, seed }))).toBeLessThan(0.05);
  });

  it("control: L1 finds the medians of the returns, 0 and 1", () => {
    const policy = learn({ ...walk, targets: "monteCarlo", loss: "l1", seed: 1 });
    expect(value(policy, oneHot(0))).toBeCloseTo(0, 1);
    expect(value(policy, oneHot(4))).toBeCloseTo(1, 1);
    expect(largestError(policy)).toBeGreaterThan(0.15);
  });
});

describe("V of what is certain, 0.8³, 0.8², 0.8 and 1", () => {
  const look = (t: number) => t / 2 - 1;
  const chain = () => probeEnv({ length: 4, observation: look, reward: (t) => +(t === 3) });
  const config = { hidden: [16], nEnvs: 4, learningRate: "lin_0.02", steps: 8000, batchSize: 16, gamma: 0.8 } as const;

  it.each(
    (["mse", "l1", "huber"] as const).flatMap((loss) =>
      (["td", "monteCarlo"] as const).flatMap((targets) =>
        Object.entries(targetNetworks).map(([name, target]) => [loss, targets, name, target] as const),
      ),
    ),
  )("%s loss, %s, %s", (loss, targets, _name, target) => {
    for (const seed of SEEDS) {
      const policy = learn({ ...config, ...target, loss, targets, seed }, chain);
      for (const t of [0, 1, 2, 3]) {
        expect(Math.abs(value(policy, [look(t)]) - 0.8 ** (3 - t)), `seed ${seed}, t ${t}`).toBeLessThan(0.05);
      }
    }
  });
});

describe("Q of the random walk, of a policy that does not act", () => {
  const config = { ...walk, gamma: 0.9, predicts: "q" } as const;
  const largestError = (policy: PredictionPolicy, exact: number[][]) =>
    Math.max(
      ...exact.flatMap((row, state) => row.map((q, action) => Math.abs(value(policy, oneHot(state), action) - q))),
    );
  const uniform = exactQ(0.9, (left, right) => (left + right) / 2);
  const optimal = exactQ(0.9, Math.max);

  it("of the greedy one, from uniform actions", () => {
    for (const seed of SEEDS) {
      const policy = learn({ ...config, targetPolicy: "greedy", seed });
      expect(largestError(policy, optimal)).toBeLessThan(0.05);
      // It is the greedy policy that is evaluated: straight to the right.
      expect(evaluate(policy, { env: randomWalk, episodes: 5 })).toMatchObject({ mean: 1, lengths: [3, 3, 3, 3, 3] });
    }
  });

  it("of the uniform one, from actions that are mostly greedy", () => {
    for (const seed of SEEDS) {
      const policy = learn({ ...config, targetPolicy: "uniform", epsilon: 0.4, seed });
      expect(largestError(policy, uniform)).toBeLessThan(0.05);
      expect(evaluate(policy, { env: randomWalk, episodes: 400 }).mean).toBeCloseTo(0.5, 0);
    }
  });

  it("control: these are different values", () => {
    expect(Math.max(...uniform.flatMap((row, s) => row.map((q, a) => Math.abs(q - optimal[s]![a]!))))).toBeGreaterThan(
      0.3,
    );
  });
});

describe("the smallest environments, 20 seeds of 20", () => {
  const config = { gamma: 0.5, hidden: [16], nEnvs: 4, steps: 2048, batchSize: 16, learningRate: "lin_0.02" } as const;
  const greedy = { predicts: "q", targetPolicy: "greedy" } as const;
  const best = (policy: PredictionPolicy, observation: number) =>
    value(policy, [observation], policy.act([observation]) as number);

  it.each<[string, () => AnyEnv, Readonly<Record<number, number>>]>([
    ["one value", constantReward, { 0: 1 }],
    ["values that depend on the observation", rewardFromObservation, { [-1]: -1, 1: 1 }],
    ["discounted values", delayedReward, { 0: 0.5, 1: 1 }],
    ["the better action's", rewardFromAction, { 0: 1 }],
    ["of the action that suits the observation", rewardFromBoth, { [-1]: 1, 1: 1 }],
  ])("%s", (_name, makeEnv, values) => {
    for (let seed = 0; seed < 20; seed++) {
      const policy = learn({ ...config, ...greedy, seed }, makeEnv);
      for (const [observation, expected] of Object.entries(values)) {
        expect(Math.abs(best(policy, Number(observation)) - expected), `seed ${seed}`).toBeLessThan(0.1);
      }
    }
  });

  const patient = { ...config, gamma: 0.98, steps: 16_384, learningRate: "lin_0.05" } as const;
  // A copy brings the value nearer by 2 % only, so there must be many.
  const quickTargets = [
    { targetNetwork: "none" },
    { targetNetwork: "copy", targetUpdateInterval: 4 },
    { targetNetwork: "average", tau: 0.2 },
  ] as const;

  it.each<[string, Omit<RunInput, "algorithm">]>([
    ["V, TD", { targets: "td" }],
    ["V, Monte Carlo", { targets: "monteCarlo" }],
    ["Q of the greedy policy", greedy],
    ["Q of the uniform policy", { predicts: "q", targetPolicy: "uniform" }],
  ])("50 where episodes without end are cut off, and not where they end: %s", (_name, predicted) => {
    for (const target of quickTargets) {
      const learned = { ...patient, ...target, ...predicted };
      for (const seed of SEEDS) {
        const policy = learn({ ...learned, seed }, cutForEver);
        for (const action of [0, 1]) {
          expect(Math.abs(value(policy, [0], action) - 50), `seed ${seed}`).toBeLessThan(1);
        }
      }
      const ended = learn({ ...learned, seed: 1 }, () => cutForEver({ terminates: true }));
      expect(value(ended, [0])).toBeLessThan(10);
    }
  });
});

describe("value prediction", () => {
  it("acts uniformly in every space, and its checkpoint knows the values", () => {
    for (const actionSpace of [new Discrete(3, 1), new MultiBinary(2), new Box(-1, 1, [2])]) {
      const makeEnv = () =>
        Object.assign(probeEnv({ length: 3, observation: () => 0, reward: () => 1 }), { actionSpace }) as AnyEnv;
      const run = train({ algorithm: "value-prediction", steps: 100 }, { makeEnv });
      for (const _ of run);
      const actions = Array.from({ length: 20 }, () => run.policy.act([0]));
      for (const action of actions) expect(actionSpace.contains(action)).toBe(true);
      expect(new Set(actions.map(String)).size).toBeGreaterThan(1);
      const loaded = loadPolicy(run.checkpoint()) as PredictionPolicy;
      expect(value(loaded, [0])).toBe(value(run.policy as PredictionPolicy, [0]));
    }
  });

  it("keeps to masks: tried actions, best actions and the best action of the next state", () => {
    // Of three actions, the last is worth most and never allowed.
    const makeEnv = () => {
      // Probes count their actions −1, 1 and so on.
      const reward = (_t: number, _o: number, a: number) => [0, 1, 1000][(a + 1) / 2]!;
      const env = probeEnv({ length: 2, observation: (t) => Math.min(t, 1), reward });
      const actionMask = () => Uint8Array.of(1, 1, 0);
      return Object.assign(env, { actionSpace: new Discrete(3), actionMask }) as AnyEnv;
    };
    const config = { predicts: "q", targetPolicy: "greedy", epsilon: 0.5, gamma: 0.5, seed: 1 } as const;
    const policy = learn({ ...config, steps: 4000, learningRate: "lin_0.02", hidden: [16] }, makeEnv);
    expect(value(policy, [0], 1)).toBeCloseTo(1.5, 1);
    expect(policy.act([0], { mask: Uint8Array.of(1, 1, 0) })).toBe(1);
    expect(policy.act([0], { mask: Uint8Array.of(1, 0, 0) })).toBe(0);
    expect(() => policy.act([0], { mask: new Uint8Array(3) })).toThrow(
      /^action mask must be 1 for at least one action/,
    );
    expect(() => policy.act([0], { mask: new Uint8Array(2) })).toThrow(/^action mask must be of 3 entries/);
  });

  it("refuses what does not fit together", () => {
    const refused = (config: object) => () => train({ algorithm: "value-prediction", env: "CartPole-v1", ...config });
    expect(refused({ targetPolicy: "greedy" })).toThrow(
      /targetPolicy must be "uniform" where predicts is "v"; got "greedy"/,
    );
    expect(refused({ epsilon: 0.1 })).toThrow(/epsilon must be 1 where predicts is "v"; got 0.1/);
    expect(refused({ predicts: "q", targets: "monteCarlo" })).toThrow(/targets must be "td" where predicts is "q"/);
    expect(refused({ predicts: "q", env: "Pendulum-v1" })).toThrow(/predicts must be "v" where actions are box/);
  });
});

describe("a target network", () => {
  it("moves the fraction τ of the way, or all of it", () => {
    const [target, source] = [{ w: tensor([1, 2]) }, { w: tensor([5, 10]) }];
    follow(target, source, 0.25);
    expect([...target.w.data]).toEqual([2, 4]);
    follow(target, source, 1);
    expect([...target.w.data]).toEqual([5, 10]);
  });
});
