import { describe, expect, it } from "vitest";
import { IdentityEnv, type IdentityOptions } from "../../test/support/identity-env.ts";
import { Box, Discrete, MultiBinary, MultiDiscrete, type Space } from "../spaces/index.ts";
import { type Evaluation, evaluate, train } from "../training/index.ts";

/**
 * Advantages stay as they are: once every answer is right they are all about 0, and bringing them to deviation 1 would turn
 * what is left of them, noise, into a gradient that destroys the policy.
 */
const quick = { algorithm: "ppo", nEnvs: 8, nSteps: 32, learningRate: 1e-3, gamma: 0.5, normalizeAdvantage: false };

interface Learned {
  readonly evaluation: Evaluation;
  /** While training, and in evaluations with the best and with sampled actions. */
  readonly invalidActions: number;
}

function learn(space: Space<unknown>, config: Record<string, unknown>, options: IdentityOptions = {}): Learned {
  const made: IdentityEnv[] = [];
  const makeEnv = () => {
    made.push(new IdentityEnv(space, options));
    return made.at(-1)!;
  };
  const run = train({ ...quick, ...config }, { makeEnv });
  for (const _ of run);
  const evaluation = evaluate(run.policy, { env: makeEnv, episodes: 10 });
  evaluate(run.policy, { env: makeEnv, episodes: 10, deterministic: false });
  return { evaluation, invalidActions: made.reduce((sum, env) => sum + env.invalidActions, 0) };
}

describe("PPO repeats the observation", () => {
  it.each<[string, Space<unknown>, Record<string, unknown>]>([
    ["Discrete", new Discrete(4), {}],
    ["Discrete that starts at 3", new Discrete(2, 3), {}],
    ["MultiDiscrete", new MultiDiscrete([2, 3]), {}],
    ["MultiBinary", new MultiBinary(3), {}],
    ["Box", new Box(-1, 1, [2]), { logStdInit: -1 }],
    ["Box with state-dependent noise", new Box(-1, 1, [2]), { logStdInit: -2, useSde: true, sdeSampleFreq: 4 }],
    ["Discrete, with one trunk", new Discrete(4), { sharedNetwork: true }],
  ])("%s", (_name, space, config) => {
    for (const seed of [1, 2, 3]) {
      const { evaluation } = learn(space, { steps: 4096, seed, ...config });
      expect(evaluation.mean, `seed ${seed}`).toBeGreaterThanOrEqual(90);
    }
  });
});

describe("action masks", () => {
  it("keep PPO to the 15 allowed actions of 70, sampled or not, and let it learn from 2048 steps", () => {
    const space = new Discrete(70);
    // One rollout of the default size; random answers reach 7 with the mask and 1.4 without.
    const config = { steps: 2048, seed: 1, nEnvs: 1, nSteps: 2048, hidden: [512], gamma: 0, normalizeAdvantage: true };
    const masked = learn(space, { ...config, learningRate: 3e-4 }, { allowed: 15 });
    expect(masked.invalidActions).toBe(0);
    expect(masked.evaluation.mean).toBeGreaterThanOrEqual(90);
    const blind = learn(space, { ...config, learningRate: 3e-4 }, { allowed: 15, showsMask: false });
    expect(blind.invalidActions).toBeGreaterThan(1000);
    expect(blind.evaluation.mean).toBeLessThan(masked.evaluation.mean / 2);
  });

  it("apply to each choice of a MultiDiscrete action", () => {
    const masked = learn(new MultiDiscrete([6, 4]), { steps: 4096, seed: 1 }, { allowed: 2 });
    expect(masked.invalidActions).toBe(0);
    expect(masked.evaluation.mean).toBeGreaterThanOrEqual(90);
  });

  it("given to policy.act are checked", () => {
    const { policy } = train(
      { ...quick, steps: 256 },
      { makeEnv: () => new IdentityEnv(new Discrete(70), { allowed: 15 }) },
    );
    const onlyLast = Uint8Array.from({ length: 70 }, (_, action) => Number(action === 69));
    for (const deterministic of [true, false]) expect(policy.act(3, { deterministic, mask: onlyLast })).toBe(69);
    expect(() => policy.act(3, { mask: new Uint8Array(70) })).toThrow(/action mask must be 1 for at least one action/);
    expect(() => policy.act(3, { mask: new Uint8Array(3) })).toThrow(/action mask must be of 70 entries/);
  });
});
