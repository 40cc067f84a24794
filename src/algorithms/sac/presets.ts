/** Tuned hyperparameters by environment; those of rl-baselines3-zoo (hyperparams/sac.yml) unless a comment says otherwise. */
export const sacPresets = {
  "Pendulum-v1": { steps: 20_000, learningRate: 1e-3 },
} as const;
