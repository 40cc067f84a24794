import { describe, expect, it } from "vitest";
import {
  constantReward,
  cutForEver,
  delayedReward,
  rewardFromAction,
  rewardFromBoth,
  rewardFromObservation,
} from "../../../test/support/probe-envs.ts";
import type { AnyEnv } from "../../envs/index.ts";
import { noGrad, step, tensor } from "../../tensor/index.ts";
import { type RunInput, train } from "../../training/index.ts";
import type { QPolicy } from "./q-policy.ts";

type Config = Record<string, unknown>;

const SEEDS = [0, 1, 2, 3, 4];

const common = {
  ...{ steps: 1500, gamma: 0.5, hidden: [16], learningRate: "lin_0.02", batchSize: 32, learningStarts: 50 },
  ...{ targetUpdateInterval: 20, explorationFraction: 1, explorationFinalEps: 0.2 },
};
const categorical = { vMin: -2, vMax: 2, atoms: 21 };
const learners: Record<string, Config> = {
  DQN: { algorithm: "dqn" },
  "DQN of 3 steps with a moving average": { algorithm: "dqn", targetNetwork: "average", tau: 0.05, nSteps: 3 },
  "DQN without replay": { algorithm: "dqn", replay: false, batchSize: 4, targetNetwork: "none", steps: 4000 },
  C51: { algorithm: "c51", ...categorical },
  "QR-DQN": { algorithm: "qr-dqn", nQuantiles: 5 },
  Rainbow: { algorithm: "rainbow", ...categorical },
};

function learn(config: Config, makeEnv: () => AnyEnv): QPolicy {
  const run = train(config as unknown as RunInput, { makeEnv });
  for (const _ of run);
  return run.policy as QPolicy;
}

/** max_a Q(s, a). */
const value = ({ network, head }: QPolicy, observation: number): number =>
  step(() => noGrad(() => Math.max(...head.values(network.outputs(tensor([[observation]]))).toArray())));

interface Probe {
  readonly makeEnv: () => AnyEnv;
  /** Values by observation. */
  readonly values: Readonly<Record<number, number>>;
  /** Best actions by observation, where they matter. */
  readonly actions?: Readonly<Record<number, number>>;
}

const probes: Record<string, Probe> = {
  "learns the value of one state": { makeEnv: constantReward, values: { 0: 1 } },
  "learns a value that depends on the observation": { makeEnv: rewardFromObservation, values: { [-1]: -1, 1: 1 } },
  "discounts what comes later": { makeEnv: delayedReward, values: { 0: 0.5, 1: 1 } },
  "prefers the better action": { makeEnv: rewardFromAction, values: { 0: 1 }, actions: { 0: 1 } },
  "prefers the action that suits the observation": {
    makeEnv: rewardFromBoth,
    values: { [-1]: 1, 1: 1 },
    actions: { [-1]: 0, 1: 1 },
  },
};

/** Where what was learned is off by 0.1 or more, of `expected` by observation. */
function errorsOf(learned: (observation: number) => number, expected: Readonly<Record<number, number>>): string[] {
  return Object.entries(expected)
    .map(([observation, wanted]) => [learned(Number(observation)), wanted] as const)
    .filter(([found, wanted]) => !(Math.abs(found - wanted) < 0.1))
    .map(([found, wanted]) => `${found} instead of ${wanted}`);
}

describe.each(Object.entries(learners))("%s on the smallest environments", (_learner, config) => {
  it.each(Object.entries(probes))("%s, five seeds of five", (_probe, { makeEnv, values, actions = {} }) => {
    for (const seed of SEEDS) {
      const policy = learn({ ...common, ...config, seed }, makeEnv);
      const best = (observation: number) => Number(policy.act([observation], { deterministic: true }));
      expect(
        errorsOf((observation) => value(policy, observation), values),
        `seed ${seed}`,
      ).toEqual([]);
      expect(errorsOf(best, actions), `seed ${seed}`).toEqual([]);
    }
  });

  // Q climbs to 50 one backup after the other, each as far as the target network follows.
  const endless = {
    ...{ ...common, ...config, gamma: 0.98, learningRate: "lin_0.05", targetUpdateInterval: 8, trainFreq: 1 },
    ...(config.vMin === undefined ? {} : { vMin: 0, vMax: 100, atoms: 51 }),
    ...{ steps: 5000, learningStarts: 50 },
  };

  it("goes on with the value of the final observation where an episode was cut off: 1 / (1 − 0.98) = 50", () => {
    for (const seed of [1, 2, 3]) {
      expect(Math.abs(value(learn({ ...endless, seed }, cutForEver), 0) - 50), `seed ${seed}`).toBeLessThan(1);
    }
  });

  it("would fail there without bootstrapping: the same episodes, said to terminate", () => {
    // One step in 8 ends everything: 1 / (1 − 0.98 · 7/8) = 7. Huber's loss would rather go by the other seven.
    const squared = config.algorithm === "dqn" ? { loss: "mse" } : {};
    const cut = () => cutForEver({ terminates: true });
    expect(value(learn({ ...endless, ...squared, seed: 1 }, cut), 0)).toBeLessThan(15);
  });
});
