/** What learning from data is tested and studied on: CartPole, an expert that PPO trained, and what it recorded. */
import type { Policy } from "../../src/algorithms/index.ts";
import { type Dataset, joinDatasets } from "../../src/data/index.ts";
import { evaluate, type RunInput, recordDataset, train } from "../../src/training/index.ts";

export const ENV = "CartPole-v1";

/** PPO with its preset, as soon as it reaches 500. */
export function trainExpert(): { policy: Policy; mean: number } {
  const run = train({ algorithm: "ppo", env: ENV, steps: 40_000, seed: 1 });
  for (const { step } of run) if (step >= 26_000) break;
  return { policy: run.policy, mean: evaluate(run.policy, { env: ENV, episodes: 20 }).mean };
}

/** 1500 transitions of a policy's best actions, and as many of random ones. */
export function halfRandom(policy: Policy, seed: number): Dataset {
  const half = { env: ENV, steps: 1500, seed };
  return joinDatasets([recordDataset(policy, half), recordDataset(undefined, half)]);
}

/** The mean return over 10 episodes after training from a dataset alone. */
export function trainOffline(config: RunInput, dataset: Dataset, seed: number): number {
  const values = { steps: 4000, learningRate: 1e-3, targetUpdateInterval: 1, tau: 0.01 };
  const run = train({ env: ENV, seed, ...(config.algorithm === "cql" && values), ...config }, { dataset });
  for (const _ of run);
  return evaluate(run.policy, { env: ENV, episodes: 10 }).mean;
}
