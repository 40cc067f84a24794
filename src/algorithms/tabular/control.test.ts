import { describe, expect, it } from "vitest";
import { DynamicsEnv } from "../../envs/dynamics-env.ts";
import { type AnyEnv, type FiniteMdp, finiteDynamics, makeEnv } from "../../envs/index.ts";
import { evaluatePolicy, greedyPolicy, softened, valueAtStart, valueIteration } from "../../estimators/index.ts";
import { evaluate, type RunInput, train } from "../../training/index.ts";

interface Learned {
  /** Of the policy that was learned, and of the best one that explores as much: exact values of the first state. */
  readonly value: number;
  readonly best: number;
}

/** @param explores whether the policy is judged with its exploration */
function learn(config: RunInput, explores: boolean): Learned {
  const run = train(config);
  for (const _ of run);
  const { gamma } = run.config;
  const mdp = makeEnv(run.config.env).model!;
  const { q, exploration } = run.policy.parameters();
  const epsilon = explores ? Number(exploration!.data[0]) : 0;
  const policy = softened(greedyPolicy(q!.data as Float64Array, mdp.actions, 0), mdp.actions, epsilon);
  return {
    value: valueAtStart(mdp, evaluatePolicy(mdp, policy, { gamma })),
    best: valueAtStart(mdp, valueIteration(mdp, { gamma, epsilon }).values),
  };
}

/** Within 2 % of the best; it cannot be better. */
function expectNear({ value, best }: Learned, name: string): void {
  expect(value, name).toBeGreaterThan(best - 0.02 * Math.abs(best));
  expect(value, name).toBeLessThan(best + 1e-9 * Math.abs(best));
}

describe.each(["FrozenLake-v1", "CliffWalking-v1", "Taxi-v4"])("%s, with its preset", (env) => {
  it("Q-learning finds a policy within 2 % of the exact optimum, two seeds", () => {
    for (const seed of [1, 2]) expectNear(learn({ algorithm: "q-learning", env, seed }, false), `seed ${seed}`);
  });

  it("double Q-learning too", () => {
    expectNear(learn({ algorithm: "double-q-learning", env, seed: 1 }, false), "seed 1");
  });

  it("SARSA comes within 2 % of the best policy that explores as it does", () => {
    expectNear(learn({ algorithm: "sarsa", env, seed: 1 }, true), "seed 1");
  });

  it("control: 4000 steps are not enough", () => {
    const { value, best } = learn({ algorithm: "q-learning", env, seed: 1, steps: 4000 }, false);
    expect(value).toBeLessThan(best - 0.02 * Math.abs(best));
  });
});

it("SARSA keeps away from the cliff, where Q-learning, exploring alike, walks along it", () => {
  const way = (algorithm: string) => {
    const run = train({ algorithm, env: "CliffWalking-v1", preset: "none", steps: 200_000, nEnvs: 16, epsilon: 0.1 });
    for (const _ of run);
    return evaluate(run.policy, { env: "CliffWalking-v1", episodes: 1 }).mean;
  };
  expect(way("q-learning")).toBe(-13);
  expect(way("sarsa")).toBeLessThan(-13);
});

it("expected SARSA, Monte Carlo control and Boltzmann exploration learn FrozenLake", () => {
  const env = "FrozenLake-v1";
  const short = { env, seed: 1, steps: 500_000 };
  for (const config of [
    { ...short, algorithm: "expected-sarsa" },
    { ...short, algorithm: "mc-control" },
  ]) {
    const { value, best } = learn(config, true);
    expect(value, config.algorithm).toBeGreaterThan(0.93 * best);
  }
  const boltzmann = { schedule: "linear", from: 1, to: 0.01 } as const;
  const explored = { ...short, algorithm: "q-learning", exploration: "boltzmann", temperature: boltzmann } as const;
  expectNear(learn(explored, false), "Boltzmann");
});

/**
 * Sutton & Barto 2018, example 6.7, with ten actions everywhere: from A (0), action 0 ends for 0, all others lead to B (1), where
 * every action ends for −0.1 ± 1. The noise makes the best of ten estimates in B positive, though all are worth −0.1.
 */
const noisy: FiniteMdp = {
  states: 2,
  actions: 10,
  initial: [1, 0],
  outcomes: (state, action) => {
    if (state === 0 && action === 0) return [{ probability: 1, state: 1, reward: 0, terminated: true }];
    if (state === 0) return [{ probability: 1, state: 1, reward: 0, terminated: false }];
    return [-1.1, 0.9].map((reward) => ({ probability: 0.5, state: 1, reward, terminated: true }));
  },
};

describe("the maximization bias", () => {
  const makeEnv = () =>
    new DynamicsEnv(
      "Noisy",
      finiteDynamics(noisy, () => undefined),
    ) as AnyEnv;
  /** Mean of what A's actions to B are believed to be worth, over ten seeds; exactly −0.1. */
  const belief = (algorithm: string) => {
    let sum = 0;
    for (let seed = 0; seed < 10; seed++) {
      const run = train({ algorithm, gamma: 1, steps: 20_000, epsilon: 1, learningRate: 0.1, seed }, { makeEnv });
      for (const _ of run);
      const toB = run.policy.parameters().q!.data.subarray(1, 10) as Float64Array;
      sum += toB.reduce((total, value) => total + value, 0) / 9;
    }
    return sum / 10;
  };

  it("is large in Q-learning, and gone in double Q-learning", () => {
    expect(evaluatePolicy(noisy, new Float64Array(20).fill(0.1), { gamma: 1 })[1]).toBeCloseTo(-0.1, 12);
    expect(belief("q-learning")).toBeGreaterThan(0.1);
    expect(Math.abs(belief("double-q-learning") + 0.1)).toBeLessThan(0.05);
  });
});
