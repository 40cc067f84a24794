/** Tuned hyperparameters, by environment id. */
export const supervisedPresets = {
  "Digits-v0": {
    steps: 60_000,
    nEnvs: 32,
    nSteps: 32,
    learningRate: "lin_0.003",
    activation: "relu",
  },
} as const;
