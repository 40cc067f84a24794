import { describe, expect, it } from "vitest";
import { IdentityEnv } from "../../../test/support/identity-env.ts";
import { Box, Discrete, MultiBinary, MultiDiscrete, type Space } from "../../spaces/index.ts";
import { evaluate, train } from "../../training/index.ts";

const quick = {
  algorithm: "trpo",
  steps: 2000,
  nEnvs: 8,
  nSteps: 16,
  batchSize: 64,
  targetKl: 0.1,
  gamma: 0.5,
  gaeLambda: 0.9,
  learningRate: 3e-3,
  hidden: [32],
} as const;

/** Returns of a learner on twenty seeds. */
function returnsOf(makeEnv: () => IdentityEnv, config: Record<string, unknown> = {}): number[] {
  return Array.from({ length: 20 }, (_, i) => {
    const run = train({ ...quick, hidden: [...quick.hidden], seed: i + 1, ...config }, { makeEnv });
    for (const _ of run);
    return evaluate(run.policy, { env: makeEnv, episodes: 5 }).mean;
  });
}

describe("TRPO repeats the observation within 2000 steps, on 20 seeds of 20", () => {
  it.each<[string, Space<unknown>, Record<string, unknown>?]>([
    ["Discrete", new Discrete(4)],
    ["Discrete that starts at 3", new Discrete(2, 3)],
    ["MultiDiscrete", new MultiDiscrete([2, 3])],
    ["MultiBinary", new MultiBinary(3)],
    ["Box", new Box(-1, 1, [2]), { logStdInit: -1 }],
  ])("%s", (_name, space, config) => {
    const returns = returnsOf(() => new IdentityEnv(space), config);
    expect(Math.min(...returns)).toBeGreaterThanOrEqual(90);
  });

  it("but not inside a region that is much too small", () => {
    const returns = returnsOf(() => new IdentityEnv(new Discrete(4)), { targetKl: 1e-9 });
    expect(Math.max(...returns)).toBeLessThan(90);
  });

  it("keeps to the allowed actions, of each choice, and learns from what they give", () => {
    const made: IdentityEnv[] = [];
    const makeEnv = () => {
      made.push(new IdentityEnv(new MultiDiscrete([6, 4]), { allowed: 2 }));
      return made.at(-1)!;
    };
    const run = train({ ...quick, hidden: [32], seed: 1 }, { makeEnv });
    for (const _ of run);
    expect(evaluate(run.policy, { env: makeEnv, episodes: 5 }).mean).toBeGreaterThanOrEqual(90);
    expect(made.reduce((sum, env) => sum + env.invalidActions, 0)).toBe(0);
  });
});
