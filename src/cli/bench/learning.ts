import { evaluate, type RunInput, train } from "../../training/index.ts";
import type { Figures } from "./figures.ts";
import { median, secondsPerCall } from "./measure.ts";

/** `policy.act` for one observation, two hidden layers of 64, sampling and deterministic. */
export function benchActing(): Figures {
  const { policy } = train({ algorithm: "ppo", env: "CartPole-v1", preset: false, steps: 2048, seed: 0 });
  const observation = Float32Array.of(0.01, -0.02, 0.03, 0.04);
  return {
    actMicroseconds: 1e6 * secondsPerCall(() => policy.act(observation)),
    actDeterministicMicroseconds: 1e6 * secondsPerCall(() => policy.act(observation, { deterministic: true })),
  };
}

interface Training {
  readonly stepsPerSecond: number;
  readonly evaluationMean: number;
}

function timeTraining(config: RunInput): Training {
  const run = train(config);
  const start = performance.now();
  for (const _ of run);
  const seconds = (performance.now() - start) / 1000;
  const { mean } = evaluate(run.policy, { env: run.config.env, episodes: 20, seed: 1000 });
  return { stepsPerSecond: run.step / seconds, evaluationMean: mean };
}

/** PPO on CartPole-v1 with Stable-Baselines3's defaults and with the tuned preset. */
export function benchPpo(): Figures {
  const common = { algorithm: "ppo", env: "CartPole-v1" };
  const seeds = [1, 2, 3, 4, 5];
  const defaults = seeds.slice(0, 3).map((seed) => timeTraining({ ...common, preset: false, steps: 50_000, seed }));
  const preset = seeds.map((seed) => timeTraining({ ...common, seed }));
  return {
    ppoDefaultsStepsPerSecond: median(defaults.map((t) => t.stepsPerSecond)),
    ppoPresetStepsPerSecond: median(preset.map((t) => t.stepsPerSecond)),
    ppoPresetSeedsAt500: preset.filter((t) => t.evaluationMean === 500).length,
    ppoPresetSeeds: preset.length,
  };
}

/** A2C on CartPole-v1 with its tuned preset. */
export function benchA2c(): Figures {
  const preset = [1, 2, 3, 4, 5].map((seed) => timeTraining({ algorithm: "a2c", env: "CartPole-v1", seed }));
  return {
    a2cPresetStepsPerSecond: median(preset.map((t) => t.stepsPerSecond)),
    a2cPresetSeedsAt500: preset.filter((t) => t.evaluationMean === 500).length,
    a2cPresetSeeds: preset.length,
  };
}

/** Q-learning with a table on FrozenLake-v1, slippery: the algorithm's defaults, with 128 environments side by side. */
export function benchQLearning(): Figures {
  const common = {
    algorithm: "q-learning",
    env: "FrozenLake-v1",
    preset: false,
    steps: 10_000_000,
    nEnvs: 128,
  } as const;
  const runs = [1, 2, 3, 4, 5].map((seed) => timeTraining({ ...common, seed }));
  return { qLearningStepsPerSecond: median(runs.map((t) => t.stepsPerSecond)) };
}
