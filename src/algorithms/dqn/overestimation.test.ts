/**
 * The maximum over noisy estimates is too large on average (Thrun & Schwartz 1993), and double Q-learning makes it less so (van
 * Hasselt et al. 2016): on a task whose values are known exactly.
 */
import { describe, expect, it } from "vitest";
import type { Env } from "../../envs/index.ts";
import { Key } from "../../random/index.ts";
import { Discrete } from "../../spaces/index.ts";
import { noGrad, step, tensor } from "../../tensor/index.ts";
import { train } from "../../training/index.ts";
import type { QPolicy } from "./q-policy.ts";

const [STATES, ACTIONS] = [4, 8];

/** Every action leads anywhere and is rewarded by noise of mean 0 and deviation 1: all values are 0. */
function gamble(): Env<number, number> {
  let random = Key.fromSeed(0).stream();
  let t = 0;
  return {
    observationSpace: new Discrete(STATES),
    actionSpace: new Discrete(ACTIONS),
    reset({ seed }) {
      if (seed !== undefined) random = Key.fromSeed(seed).stream();
      t = 0;
      return { observation: random.integer(STATES), info: {} };
    },
    step() {
      const observation = random.integer(STATES);
      return { observation, reward: random.normal(), terminated: false, truncated: ++t === 50, info: {} };
    },
  };
}

/** Mean of max_a Q(s, a) over all states. */
function meanValue({ network, head }: QPolicy): number {
  const states = tensor(Array.from({ length: STATES }, (_, s) => Array.from({ length: STATES }, (_, i) => +(i === s))));
  const q = step(() => noGrad(() => head.values(network.outputs(states)))).toArray();
  const best = Array.from({ length: STATES }, (_, s) => Math.max(...q.subarray(s * ACTIONS, (s + 1) * ACTIONS)));
  return best.reduce((sum, value) => sum + value, 0) / STATES;
}

function learnedValue(double: boolean, seed: number, config: object = {}): number {
  const run = train(
    {
      algorithm: "dqn",
      ...{
        double,
        seed,
        behavior: "uniform",
        gamma: 0.9,
        steps: 4000,
        hidden: [32],
        learningRate: 2e-3,
        batchSize: 32,
      },
      ...{ bufferSize: 1000, trainFreq: 2, targetUpdateInterval: 400, ...config },
    },
    { makeEnv: gamble },
  );
  for (const _ of run);
  return meanValue(run.policy as QPolicy);
}

describe("where every value is 0", () => {
  it("DQN finds more than 1, double DQN less than DQN, on each of five seeds", () => {
    const seeds = [1, 2, 3, 4, 5];
    const single = seeds.map((seed) => learnedValue(false, seed));
    const double = seeds.map((seed) => learnedValue(true, seed));
    for (const i of seeds.keys()) {
      expect(single[i]).toBeGreaterThan(1);
      expect(double[i]).toBeGreaterThan(0);
      expect(double[i]).toBeLessThan(0.85 * single[i]!);
    }
  });

  it("is not overestimated where the next value does not count: it is the maximum that accumulates", () => {
    expect(learnedValue(false, 1, { gamma: 0 })).toBeLessThan(0.5);
  });
});
