/** Tuned hyperparameters, by environment id. */
export const reinforcePresets = {
  "CartPole-v1": {
    steps: 200_000,
    nEnvs: 16,
    normalizeAdvantage: true,
    learningRate: "lin_0.005",
  },
} as const;
