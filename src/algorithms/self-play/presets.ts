/** Tuned hyperparameters, by environment id; what PPO has in common is that of its own preset. */
export const selfPlayPresets = {
  "Pong-v0": {
    steps: 4_000_000,
    nEnvs: 32,
    nSteps: 128,
    batchSize: 1024,
    nEpochs: 4,
    learningRate: "lin_0.002",
    gamma: 0.99,
    gaeLambda: 0.95,
    entCoef: 0.02,
    hidden: [64, 64],
    activation: "relu",
    opponents: 8,
    snapshotInterval: 16,
    poolSize: 64,
  },
} as const;
