/** Tuned hyperparameters of rl-baselines3-zoo (hyperparams/trpo.yml), by environment id; deviations are commented. */
export const trpoPresets = {
  "CartPole-v1": {
    steps: 100_000,
    nEnvs: 2,
    // 512 in the zoo: with twice the data behind each step no policy of ten seeds loses again what it learned.
    nSteps: 1024,
    batchSize: 512,
    cgDamping: 1e-3,
    gaeLambda: 0.98,
    gamma: 0.99,
    learningRate: 1e-3,
    nCriticUpdates: 20,
  },
} as const;
