/** Tuned hyperparameters, by environment id. */
export const reinforcePresets = {
  "CartPole-v1": {
    steps: 200_000,
    nEnvs: 8,
    normalizeAdvantage: true,
    learningRate: "lin_0.003",
  },
} as const;
