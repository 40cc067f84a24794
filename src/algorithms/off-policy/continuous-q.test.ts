import { describe, expect, it } from "vitest";
import { type AnyEnv, makeEnv } from "../../envs/index.ts";
import { Box } from "../../spaces/index.ts";
import { noGrad, step, tensor } from "../../tensor/index.ts";
import { evaluate, loadPolicy, type RunInput, train } from "../../training/index.ts";
import type { ActorCriticPolicy } from "../actor-critic-policy.ts";
import { SearchNetwork } from "../cem-q/search-network.ts";
import type { NafNetwork } from "../naf/naf-network.ts";
import type { NoisyActions } from "./noisy-actions.ts";

type Learned = ActorCriticPolicy<NoisyActions<NafNetwork | SearchNetwork>>;

const SEEDS = [1, 2, 3, 4, 5];

function learn(config: RunInput, makeEnv: () => AnyEnv): Learned {
  const run = train(config, { makeEnv });
  for (const _ of run);
  return run.policy as Learned;
}

/** V of an observation: Q of the best action there. */
const value = ({ network: { network } }: Learned, observation: number): number =>
  step(() =>
    noGrad(() => {
      const observations = tensor([[observation]]);
      if (!(network instanceof SearchNetwork)) return network.values(observations).item();
      return network.critics.least(observations, network.best(observations)).item();
    }),
  );

const best = (policy: Learned, observation: number) => Number(policy.act([observation], { deterministic: true }));

const numbers = (name: string) => makeEnv(`${name}Continuous-v0`);

/** The smallest environments with numbers as actions, what is worth what there, and what is best. */
const probes: Record<string, [() => AnyEnv, Record<number, number>, Record<number, number>?]> = {
  "learns the value of one state": [() => numbers("ProbeConstantReward"), { 0: 1 }],
  "learns a value that depends on the observation": [() => numbers("ProbeRewardFromObservation"), { [-1]: -1, 1: 1 }],
  "discounts what comes later": [() => numbers("ProbeDelayedReward"), { 0: 0.5, 1: 1 }],
  "finds the bound": [() => numbers("ProbeRewardFromAction"), { 0: 1 }, { 0: 1 }],
  "finds the bound that suits the observation": [
    () => numbers("ProbeRewardFromBoth"),
    { [-1]: 1, 1: 1 },
    { [-1]: -1, 1: 1 },
  ],
};
const common = {
  ...{ gamma: 0.5, nEnvs: 2, hidden: [32], batchSize: 32, gradientSteps: 2, learningRate: "lin_0.01", tau: 0.05 },
  ...{ steps: 2000, learningStarts: 400, bufferSize: 600, noiseStd: "lin_0.6" },
} as const;
const learners: Record<string, RunInput> = {
  naf: { ...common, algorithm: "naf", saturationCoef: 0 },
  "cem-q": { ...common, algorithm: "cem-q", nSamples: 16, nElites: 3 },
};

describe.each(Object.entries(learners))("%s on the smallest environments", (algorithm, config) => {
  it.each(Object.entries(probes))("%s, five seeds", (_name, [makeEnv, values, actions = {}]) => {
    for (const seed of SEEDS) {
      const policy = learn({ ...config, seed }, makeEnv);
      for (const [observation, wanted] of Object.entries(values)) {
        expect(Math.abs(value(policy, Number(observation)) - wanted), `value, seed ${seed}`).toBeLessThan(0.1);
      }
      for (const [observation, wanted] of Object.entries(actions)) {
        expect(Math.abs(best(policy, Number(observation)) - wanted), `action, seed ${seed}`).toBeLessThan(0.1);
      }
    }
  });

  const endless = {
    ...config,
    gamma: 0.98,
    steps: 4000,
    learningRate: "lin_0.02",
    tau: 0.1,
    gradientSteps: 2,
  } as const;

  it("goes on with the value of the final observation where an episode was cut off: 1 / (1 − 0.98) = 50", () => {
    for (const seed of [1, 2, 3]) {
      const cut = () => makeEnv("ProbeTimeLimitContinuous-v0");
      expect(Math.abs(value(learn({ ...endless, seed }, cut), 0) - 50), `seed ${seed}`).toBeLessThan(1);
    }
  });

  it("would fail there without bootstrapping: the same episodes, said to terminate", () => {
    const ends = (): AnyEnv => {
      const env = makeEnv("ProbeTimeLimitContinuous-v0");
      const step = (action: unknown) => {
        const result = env.step(action);
        return { ...result, terminated: result.truncated, truncated: false };
      };
      return { ...env, step };
    };
    expect(value(learn({ ...endless, seed: 1 }, ends), 0)).toBeLessThan(10);
  });

  it("acts the same once it is loaded, and with noise only where it may", () => {
    const noise = { noiseStd: 0.3, learningStarts: 100 };
    const run = train({ ...config, ...noise, env: "Pendulum-v1", preset: "none", steps: 300, seed: 1 });
    for (const _ of run);
    const loaded = loadPolicy(run.checkpoint());
    const observation = [1, 0, 0.5];
    const certain = run.policy.act(observation, { deterministic: true });
    expect(run.policy.act(observation, { deterministic: true })).toEqual(certain);
    expect(loaded.act(observation, { deterministic: true })).toEqual(certain);
    const sampled = Array.from({ length: 50 }, () => Number(loaded.act(observation)));
    expect(new Set(sampled).size).toBeGreaterThan(20);
    // Half the range of the actions is 2, so σ is 0.6 of them.
    const spread = sampled.map((action) => Math.abs(action - Number(certain)));
    expect(spread.reduce((sum, size) => sum + size) / 50).toBeGreaterThan(0.2);
    expect(Math.max(...sampled.map(Math.abs))).toBeLessThanOrEqual(2);
    expect(evaluate(loaded, { env: "Pendulum-v1", episodes: 2 })).toEqual(
      evaluate(run.policy, { env: "Pendulum-v1", episodes: 2 }),
    );
  });

  it("refuses actions without bounds", () => {
    const actionSpace = new Box(-1, Infinity, [1]);
    const unbounded = () => Object.assign(numbers("ProbeConstantReward"), { actionSpace });
    expect(() => train(config, { makeEnv: unbounded })).toThrow(
      new RegExp(`^action space must be a Box with finite bounds: ${algorithm} scales actions to them`),
    );
  });
});

it("cem-q takes no more elites than samples", () => {
  expect(() => train({ ...learners["cem-q"], env: "Pendulum-v1", nElites: 17 })).toThrow(
    "nElites must be at most nSamples (16); got 17",
  );
});
