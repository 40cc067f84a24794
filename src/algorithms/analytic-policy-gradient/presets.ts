/** Tuned hyperparameters, by environment id. */
export const analyticPolicyGradientPresets = {
  "Pendulum-v1": {
    // A tenth of what PPO's preset takes.
    steps: 15_000,
    nEnvs: 4,
    nSteps: 10,
    nEpochs: 4,
    nCriticUpdates: 32,
    gamma: 0.95,
    learningRate: "lin_0.003",
    activation: "relu",
    logStdInit: -0.5,
  },
  "PointMass-v0": {
    steps: 15_000,
    nEnvs: 4,
    nSteps: 25,
    nEpochs: 4,
    nCriticUpdates: 32,
    learningRate: "lin_0.01",
    saturationCoef: 0.001,
    logStdInit: -1.5,
  },
} as const;
