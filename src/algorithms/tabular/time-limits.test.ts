import { describe, expect, it } from "vitest";
import type { AnyEnv } from "../../envs/index.ts";
import { Discrete } from "../../spaces/index.ts";
import { type RunInput, train } from "../../training/index.ts";

/** One state, reward 1 for ever, episodes of 8 steps; `terminates` pretends that the task ends there. */
function forEver(terminates: boolean): AnyEnv {
  let t = 0;
  return {
    observationSpace: new Discrete(1),
    actionSpace: new Discrete(2),
    reset: () => {
      t = 0;
      return { observation: 0, info: {} };
    },
    step: () => {
      const isOver = ++t === 8;
      return {
        observation: 0,
        reward: 1,
        terminated: isOver && terminates,
        truncated: isOver && !terminates,
        info: {},
      };
    },
  };
}

/** Every value that was learned about the one state. */
function learned(algorithm: string, terminates: boolean): number[] {
  const off = algorithm === "off-policy-evaluation" ? { policy: "uniform" } : {};
  const config = { algorithm, gamma: 0.98, nEnvs: 2, steps: 40_000, learningRate: 0.2, ...off } as RunInput;
  const run = train(config, { makeEnv: () => forEver(terminates) });
  for (const _ of run);
  const { q, values } = run.policy.parameters();
  return Array.from((q ?? values)!.data as Float64Array);
}

describe.each([
  "td",
  "n-step-td",
  "td-lambda",
  "mc-prediction",
  "mc-control",
  "sarsa",
  "expected-sarsa",
  "q-learning",
  "double-q-learning",
  "off-policy-evaluation",
])("%s, of a reward of 1 for ever that a time limit of 8 cuts", (algorithm) => {
  it("goes on with the estimate of the last state: V = 1 / (1 − 0.98) = 50", () => {
    for (const value of learned(algorithm, false)) expect(Math.abs(value - 50)).toBeLessThan(1);
  });

  it("control: without bootstrapping it finds what eight rewards are worth", () => {
    for (const value of learned(algorithm, true)) expect(value).toBeLessThan(8);
  });
});
