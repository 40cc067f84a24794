/** Tuned hyperparameters of rl-baselines3-zoo (hyperparams/a2c.yml), by environment id; deviations are commented. */
export const a2cPresets = {
  "CartPole-v1": {
    steps: 500_000,
    nEnvs: 8,
    entCoef: 0,
  },
  "Acrobot-v1": {
    steps: 500_000,
    nEnvs: 16,
    entCoef: 0,
    normalizeObservation: true,
    normalizeReward: true,
  },
} as const;
