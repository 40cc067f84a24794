import { describe, expect, it } from "vitest";
import { IdentityEnv, type IdentityOptions } from "../../test/support/identity-env.ts";
import type { AnyEnv } from "../envs/index.ts";
import { interquartileMean } from "../estimators/index.ts";
import { Box, Discrete, MultiBinary, MultiDiscrete, type Space } from "../spaces/index.ts";
import { type Evaluation, evaluate, type RunInput, train } from "../training/index.ts";

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
  const defaults = config.algorithm === undefined || config.algorithm === "ppo" ? quick : {};
  const run = train({ ...defaults, ...config } as RunInput, { makeEnv });
  for (const _ of run);
  const evaluation = evaluate(run.policy, { env: makeEnv, episodes: 3 });
  evaluate(run.policy, { env: makeEnv, episodes: 3, deterministic: false });
  return { evaluation, invalidActions: made.reduce((sum, env) => sum + env.invalidActions, 0) };
}

/** Takes note of the observations that were answered right. */
function noting(env: IdentityEnv, found: Set<unknown>): AnyEnv {
  let asked: unknown;
  return {
    observationSpace: env.observationSpace,
    actionSpace: env.actionSpace,
    actionMask: () => env.actionMask!(),
    reset(options) {
      const first = env.reset(options);
      asked = first.observation;
      return first;
    },
    step(action) {
      const next = env.step(action);
      if (next.reward === 1) found.add(asked);
      asked = next.observation;
      return next;
    },
  };
}

const spaces: Record<string, Space<unknown>> = {
  Discrete: new Discrete(4),
  "Discrete that starts at 3": new Discrete(2, 3),
  MultiDiscrete: new MultiDiscrete([2, 3]),
  MultiBinary: new MultiBinary(3),
  Box: new Box(-1, 1, [2]),
};
const choices = ["Discrete", "Discrete that starts at 3", "MultiDiscrete"];
const all = Object.keys(spaces);

const ppo = { algorithm: "ppo", nEnvs: 8, nSteps: 8, batchSize: 32, nEpochs: 4 };
const a2c = { algorithm: "a2c", nEnvs: 4, nSteps: 4, useRmsProp: false };
// Each answer is a return of its own, so an update may come after 10 of them.
const reinforce = { algorithm: "reinforce", nEnvs: 1, maxEpisodeSteps: 10, normalizeAdvantage: true };

const offPolicy = {
  algorithm: "naf",
  ...{ batchSize: 32, trainFreq: 4, gradientSteps: 2, learningRate: "lin_0.01", noiseStd: 0.5 },
};

/** Every learner, and the spaces it masters within 2000 steps. */
const learners: Record<string, [config: Record<string, unknown>, spaces: string[]]> = {
  PPO: [ppo, all],
  "PPO with state-dependent noise": [{ ...ppo, useSde: true, sdeSampleFreq: 4, logStdInit: -2 }, ["Box"]],
  "PPO with one trunk": [{ ...ppo, sharedNetwork: true }, ["Discrete"]],
  REINFORCE: [reinforce, all],
  A2C: [a2c, all],
  // Without a baseline every action looks good where rewards are positive.
  "A2C with r + γV′": [{ ...a2c, estimator: "td", normalizeAdvantage: true }, all],
  "A2C with r + γV′ − V": [{ ...a2c, estimator: "advantage" }, all],
  "Q of the greedy policy": [
    {
      algorithm: "value-prediction",
      ...{ predicts: "q", targetPolicy: "greedy", nEnvs: 1, maxEpisodeSteps: 25, batchSize: 25, nEpochs: 8 },
    },
    ["Discrete", "Discrete that starts at 3"],
  ],
  NAF: [offPolicy, ["Box"]],
  "cross-entropy Q": [{ ...offPolicy, algorithm: "cem-q", nSamples: 16, nElites: 3 }, ["Box"]],
  // What Q says of actions must be learned first: exploration has to last so long.
  "A2C with Q": [
    {
      ...{ ...a2c, estimator: "q", nEnvs: 1, nSteps: 2, learningRate: "lin_0.005", entCoef: 0.1 },
      ...{ activation: "relu", hidden: [64] },
    },
    [...choices, "MultiBinary"],
  ],
};

describe.each(Object.entries(learners))("%s repeats the observation", (_learner, [config, mastered]) => {
  it.each(mastered)("%s, 20 seeds of 20", (name) => {
    const common = { steps: 2000, learningRate: "lin_0.02", hidden: [32], gamma: 0, logStdInit: -1 };
    for (let seed = 0; seed < 20; seed++) {
      const { logStdInit, ...rest } = common;
      const gaussian = ["value-prediction", "naf", "cem-q"].includes(String(config.algorithm)) ? {} : { logStdInit };
      const { evaluation } = learn(spaces[name]!, { ...rest, ...gaussian, ...config, seed });
      expect(evaluation.mean, `seed ${seed}`).toBeGreaterThanOrEqual(90);
    }
  });
});

describe("action masks", () => {
  /**
   * Of 70 actions 15 are allowed, so that random answers reach 7 with the mask and 1.4 without. What is worth the 2048 answers:
   * many updates, 0 or the mean reward as baseline, and exploration that lasts; PPO goes over one rollout many times.
   */
  const masked = {
    PPO: {
      ...{ algorithm: "ppo", nEnvs: 1, nSteps: 2048, batchSize: 128, nEpochs: 20 },
      ...{ hidden: [512], learningRate: 5e-4, normalizeAdvantage: true },
    },
    A2C: {
      ...{ algorithm: "a2c", estimator: "td", nEnvs: 1, nSteps: 16, useRmsProp: false, maxGradNorm: 50 },
      ...{ hidden: [512], learningRate: 1e-2, normalizeAdvantage: true, entCoef: 0.06 },
    },
    REINFORCE: {
      ...{ algorithm: "reinforce", nEnvs: 1, maxEpisodeSteps: 16, baseline: "average" },
      ...{ hidden: [512], learningRate: 1e-2, normalizeAdvantage: true, entCoef: 0.03 },
    },
    TRPO: {
      ...{ algorithm: "trpo", nEnvs: 1, nSteps: 256, batchSize: 256, targetKl: 0.5, cgDamping: 1e-4 },
      ...{ hidden: [], learningRate: 1e-7 },
    },
  };

  it.each(Object.entries(masked))("keep %s to them, sampled or not, and let it learn, five seeds", (_name, config) => {
    const answers = (seed: number, showsMask: boolean) =>
      learn(new Discrete(70), { ...config, steps: 2048, gamma: 0, seed }, { allowed: 15, showsMask });
    const seen = [1, 2, 3, 4, 5].map((seed) => answers(seed, true));
    expect(seen.map(({ invalidActions }) => invalidActions)).toEqual([0, 0, 0, 0, 0]);
    const means = seen.map(({ evaluation }) => evaluation.mean);
    expect(Math.min(...means)).toBeGreaterThanOrEqual(90);
    const blind = answers(1, false);
    expect(blind.invalidActions).toBeGreaterThan(1000);
    expect(blind.evaluation.mean).toBeLessThan(means[0]! / 2);
  });

  it("let the Q of a greedy policy answer whatever uniform answers found, five seeds", () => {
    // They leave 70 (14/15)^29 ≈ 9 of 70 unfound: 87 is what they can teach on average. Values of actions learn nothing from the
    // mask itself, so that even who never repeated a wrong answer would find 92 on average, and on some seeds not 90.
    const config = {
      ...{ algorithm: "value-prediction", predicts: "q", targetPolicy: "greedy", epsilon: 1, gamma: 0, steps: 2048 },
      ...{ nEnvs: 1, maxEpisodeSteps: 64, episodes: 32, hidden: [], batchSize: 64, nEpochs: 30, learningRate: 1e-2 },
    };
    for (const seed of [1, 2, 3, 4, 5]) {
      const env = new IdentityEnv(new Discrete(70), { allowed: 15 });
      const found = new Set<unknown>();
      const run = train({ ...config, seed } as RunInput, { makeEnv: () => noting(env, found) });
      for (const _ of run);
      const { mean } = evaluate(run.policy, { env: () => env, episodes: 20 });
      expect(mean, `seed ${seed}`).toBeGreaterThan((100 * found.size) / 70 - 3);
      expect(found.size, "of 70").toBeGreaterThan(50);
      expect(env.invalidActions).toBe(0);
    }
    const blind = learn(new Discrete(70), { ...config, seed: 1 }, { allowed: 15, showsMask: false });
    expect(blind.invalidActions).toBeGreaterThan(1000);
    expect(blind.evaluation.mean).toBeLessThan(40);
  });

  it("keep recurrent PPO to them, whose heads see past the memory, which is useless here; on average over five seeds", () => {
    const config = {
      ...{ algorithm: "recurrent-ppo", preset: "none", recurrent: "gru", recurrentSize: 8, recurrentSkip: true },
      ...{ nEnvs: 256, nSteps: 2, batchSize: 64, nEpochs: 20, hidden: [512], vfCoef: 0, entCoef: 0.02 },
      ...{ learningRate: 1e-3, gamma: 0, steps: 2048 },
    };
    const seen = [1, 2, 3, 4, 5].map((seed) => learn(new Discrete(70), { ...config, seed }, { allowed: 15 }));
    expect(seen.map(({ invalidActions }) => invalidActions)).toEqual([0, 0, 0, 0, 0]);
    expect(interquartileMean(seen.map(({ evaluation }) => evaluation.mean))).toBeGreaterThanOrEqual(90);
    const blind = learn(new Discrete(70), { ...config, seed: 1 }, { allowed: 15, showsMask: false });
    expect(blind.invalidActions).toBeGreaterThan(1000);
    expect(blind.evaluation.mean).toBeLessThan(seen[0]!.evaluation.mean / 2);
  });

  it.each(
    Object.entries({
      PPO: {},
      A2C: { ...a2c, learningRate: 1e-2 },
      REINFORCE: { ...reinforce, gamma: 0, learningRate: "lin_0.02" },
    }),
  )("apply to each choice of a MultiDiscrete action: %s", (_name, config) => {
    const masked = learn(new MultiDiscrete([6, 4]), { steps: 4096, seed: 1, ...config }, { allowed: 2 });
    expect(masked.invalidActions).toBe(0);
    expect(masked.evaluation.mean).toBeGreaterThanOrEqual(90);
  });

  it.each(["q", "td", "gae"] as const)("keep A2C to the allowed actions, with estimator %s", (estimator) => {
    const config = { ...a2c, estimator, steps: 2048, seed: 1, hidden: [64], gamma: 0 };
    expect(learn(new Discrete(70), config, { allowed: 15 }).invalidActions).toBe(0);
    expect(learn(new Discrete(70), config, { allowed: 15, showsMask: false }).invalidActions).toBeGreaterThan(100);
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
