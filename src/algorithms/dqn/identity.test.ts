import { describe, expect, it } from "vitest";
import { IdentityEnv, type IdentityOptions } from "../../../test/support/identity-env.ts";
import { Discrete } from "../../spaces/index.ts";
import { evaluate, type RunInput, train } from "../../training/index.ts";

type Config = Record<string, unknown>;

function learn(space: Discrete, config: Config, options: IdentityOptions = {}) {
  const made: IdentityEnv[] = [];
  const makeEnv = () => {
    made.push(new IdentityEnv(space, options));
    return made.at(-1)!;
  };
  const run = train(config as unknown as RunInput, { makeEnv });
  for (const _ of run);
  const evaluation = evaluate(run.policy, { env: makeEnv, episodes: 3 });
  evaluate(run.policy, { env: makeEnv, episodes: 3, deterministic: false });
  return { mean: evaluation.mean, invalidActions: made.reduce((sum, env) => sum + env.invalidActions, 0) };
}

const quick = {
  steps: 1200,
  gamma: 0,
  hidden: [16],
  learningRate: "lin_0.02",
  batchSize: 16,
  explorationFraction: 0.5,
};
const categorical = { vMin: -0.5, vMax: 1.5, atoms: 11 };
const learners: Record<string, Config> = {
  DQN: { algorithm: "dqn" },
  "DQN that learns from uniform actions": { algorithm: "dqn", behavior: "uniform" },
  "DQN by Boltzmann": { algorithm: "dqn", exploration: "boltzmann", temperature: 0.3 },
  "double, dueling DQN with a moving average": {
    algorithm: "dqn",
    ...{ double: true, dueling: true, targetNetwork: "average", tau: 0.05 },
  },
  "DQN without replay": { algorithm: "dqn", replay: false, batchSize: 4, targetNetwork: "none", steps: 2000 },
  C51: { algorithm: "c51", ...categorical },
  "QR-DQN": { algorithm: "qr-dqn", nQuantiles: 5, explorationFinalEps: 0.1 },
  Rainbow: { algorithm: "rainbow", ...categorical, learningStarts: 100 },
};

const spaces = { Discrete: new Discrete(4), "Discrete that starts at 3": new Discrete(2, 3) };

describe.each(Object.entries(learners))("%s repeats the observation", (_learner, config) => {
  it.each(Object.entries(spaces))("%s, 20 seeds of 20", (_name, space) => {
    for (let seed = 0; seed < 20; seed++) {
      expect(learn(space, { ...quick, ...config, seed }).mean, `seed ${seed}`).toBeGreaterThanOrEqual(90);
    }
  });
});

describe("action masks", () => {
  // Of 70 right answers, uniform ones among 15 leave 70 (14/15)^29 ≈ 9 untried.
  const masked = {
    ...{ algorithm: "dqn", steps: 2048, gamma: 0, hidden: [], learningRate: 1e-2, batchSize: 64, learningStarts: 10 },
    ...{ trainFreq: 1, targetNetwork: "none" },
  };
  const answers = (config: Config, showsMask: boolean) => learn(new Discrete(70), config, { allowed: 15, showsMask });

  it("keep DQN to the 15 allowed actions of 70, and more than double what it learns from 2048 steps", () => {
    const uniform = { ...masked, behavior: "uniform", exploration: "greedy" };
    const seen = [1, 2, 3].map((seed) => answers({ ...uniform, seed }, true));
    expect(seen.map(({ invalidActions }) => invalidActions)).toEqual([0, 0, 0]);
    expect(Math.min(...seen.map(({ mean }) => mean))).toBeGreaterThanOrEqual(75);
    const blind = answers({ ...uniform, seed: 1 }, false);
    expect(blind.invalidActions).toBeGreaterThan(1000);
    expect(blind.mean).toBeLessThan(seen[0]!.mean / 2);
  });

  it.each([
    { exploration: "boltzmann" },
    { exploration: "greedy", noisyNets: true },
    { behavior: "uniform" },
    { distributional: "c51" },
  ])("are kept with %o", (config) => {
    const short = { ...masked, ...config, steps: 300, hidden: [16], trainFreq: 4, gamma: 0.5, seed: 1 };
    expect(answers(short, true).invalidActions).toBe(0);
    expect(answers(short, false).invalidActions).toBeGreaterThan(100);
  });
});
