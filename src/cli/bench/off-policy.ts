import { evaluate, type RunInput, train } from "../../training/index.ts";
import type { Figures } from "./figures.ts";
import { median } from "./measure.ts";

interface Training {
  readonly seconds: number;
  readonly evaluationMean: number;
}

/** A whole run, with what its policy then reaches. */
function timeRun(config: RunInput): Training {
  const run = train(config);
  const start = performance.now();
  for (const _ of run);
  const seconds = (performance.now() - start) / 1000;
  const { mean } = evaluate(run.policy, { env: run.config.env, episodes: 20, seed: 1000 });
  return { seconds, evaluationMean: mean };
}

/** Steps per second once learning has begun, over `steps` of them. */
function learningSpeed(config: RunInput, steps: number): number {
  const run = train({ ...config, steps: 1_000_000 });
  const warm = Number(run.config.learningStarts) + 100;
  while (run.step < warm) run.iterate();
  const from = run.step;
  const start = performance.now();
  while (run.step < from + steps) run.iterate();
  return (run.step - from) / ((performance.now() - start) / 1000);
}

/** DQN on CartPole-v1 as rl-baselines3-zoo trains it: networks of 256 and 256, 128 gradient steps after every 256 steps. */
const zoo: RunInput = {
  ...{ algorithm: "dqn", env: "CartPole-v1", preset: false, steps: 50_000, hidden: [256, 256], learningRate: 2.3e-3 },
  ...{ batchSize: 64, bufferSize: 100_000, learningStarts: 1000, targetUpdateInterval: 10 },
  ...{ trainFreq: 256, gradientSteps: 128, explorationFraction: 0.16, explorationFinalEps: 0.04 },
};

/** DQN with the zoo's settings, and with the preset, which reaches 500. */
export function benchDqn(): Figures {
  const runs = (config: RunInput) => [1, 2, 3].map((seed) => timeRun({ ...config, seed }));
  const preset = runs({ algorithm: "dqn", env: "CartPole-v1" });
  const speed = (of: readonly Training[]) => median(of.map(({ seconds }) => 50_000 / seconds));
  return {
    dqnZooStepsPerSecond: speed(runs(zoo)),
    dqnPresetStepsPerSecond: speed(preset),
    dqnPresetSeedsAt500: preset.filter((run) => run.evaluationMean === 500).length,
    dqnPresetSeeds: preset.length,
  };
}

/** SAC and TD3 on Pendulum-v1 with Stable-Baselines3's defaults; TD3 with batches of 256. */
export function benchActorCritics(): Figures {
  const common = { env: "Pendulum-v1", preset: false, batchSize: 256 } as const;
  const speed = (config: RunInput) => median([1, 2, 3].map((seed) => learningSpeed({ ...config, seed }, 500)));
  return {
    sacDefaultsStepsPerSecond: speed({ ...common, algorithm: "sac", hidden: [256, 256] }),
    td3DefaultsStepsPerSecond: speed({ ...common, algorithm: "td3", hidden: [400, 300] }),
  };
}

/** The two tasks by which rl-tools, the fastest of C++, is measured, with its settings (rl.tools; arXiv:2306.03530). */
export const rlTools: Readonly<Record<"sac" | "ppo", RunInput>> = {
  sac: {
    ...{ algorithm: "sac", env: "Pendulum-v1", preset: false, steps: 10_000 },
    ...{ hidden: [64, 64], batchSize: 100, learningStarts: 100, learningRate: 1e-3 },
  },
  ppo: {
    ...{ algorithm: "ppo", env: "Pendulum-v1", preset: false, steps: 300_000 },
    ...{ nEnvs: 4, nSteps: 1024, batchSize: 256, nEpochs: 2, hidden: [64, 64], activation: "relu" },
    ...{ normalizeObservation: true, gamma: 0.9, learningRate: 1e-3 },
  },
};

/** Seconds of training until its end, and what is reached then. */
export function benchRlTools(): Figures {
  const figures: Figures = {};
  for (const [name, config] of Object.entries(rlTools)) {
    const runs = [1, 2, 3, 4, 5].map((seed) => timeRun({ ...config, seed }));
    figures[`${name}RlToolsSeconds`] = median(runs.map(({ seconds }) => seconds));
    figures[`${name}RlToolsReturn`] = median(runs.map(({ evaluationMean }) => evaluationMean));
  }
  return figures;
}
