/** Tuned hyperparameters by environment; those of rl-baselines3-zoo (hyperparams/sac.yml) unless a comment says otherwise. */
export const sacPresets = {
  "Pendulum-v1": { steps: 20_000, learningRate: 1e-3 },
} as const;

/** Tuned hyperparameters by environment. */
export const discreteSacPresets = {
  "CartPole-v1": { steps: 20_000, hidden: [64, 64], learningRate: 1e-3, batchSize: 64, targetEntropy: 0.2 },
} as const;
