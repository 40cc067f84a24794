/** Tuned hyperparameters, by environment id. Where nothing is random, an estimate may move all the way to its target. */
const fromOne = { schedule: "linear", from: 1, to: 0.1 } as const;
const nEnvs = 16;

export const qLearningPresets = {
  "FrozenLake-v1": { steps: 1_000_000, nEnvs, learningRate: 1, visitsToHalve: 100, epsilon: fromOne },
  "CliffWalking-v1": { steps: 100_000, nEnvs, learningRate: 1, epsilon: fromOne },
  "Taxi-v4": { steps: 500_000, nEnvs, learningRate: 1, epsilon: fromOne },
} as const;

export const doubleQLearningPresets = {
  "FrozenLake-v1": { steps: 2_000_000, nEnvs, learningRate: 1, visitsToHalve: 100, epsilon: fromOne },
  "CliffWalking-v1": { steps: 200_000, nEnvs, learningRate: 1, epsilon: fromOne },
  "Taxi-v4": { steps: 1_000_000, nEnvs, learningRate: 1, epsilon: fromOne },
} as const;

/** The values of a policy that explores are random even where the environment is not. */
export const sarsaPresets = {
  "FrozenLake-v1": {
    steps: 2_000_000,
    nEnvs,
    learningRate: "lin_0.1",
    epsilon: {
      schedule: "piecewise",
      points: [
        [0, 1],
        [0.3, 0.1],
      ],
    },
  },
  "CliffWalking-v1": { steps: 1_000_000, nEnvs, learningRate: "lin_0.1", epsilon: 0.1 },
  "Taxi-v4": {
    steps: 3_000_000,
    nEnvs,
    learningRate: "lin_0.5",
    epsilon: { schedule: "linear", from: 0.2, to: 0.01 },
  },
} as const;

export const mcControlPresets = { "FrozenLake-v1": sarsaPresets["FrozenLake-v1"] } as const;
