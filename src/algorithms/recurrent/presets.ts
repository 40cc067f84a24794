/** Tuned hyperparameters by environment id, from rl-baselines3-zoo (hyperparams/ppo_lstm.yml); deviations are commented. */
export const recurrentPpoPresets = {
  "CartPoleNoVel-v1": {
    // The zoo has an LSTM of 256, minibatches of the whole rollout, 20 epochs, γ = 0.98, λ = 0.8 and a rate from 0.001, for
    // 100 000 steps. Velocities are small differences of positions: scaled observations show them, and half the steps are
    // enough. With less foresight some policies balance well but let the cart drift off; with sequences of 32 steps instead
    // of 64 some forget late in the run what they had learned.
    steps: 50_000,
    nEnvs: 8,
    nSteps: 64,
    batchSize: 128,
    nEpochs: 10,
    gamma: 0.99,
    gaeLambda: 0.95,
    entCoef: 0,
    learningRate: "lin_0.003",
    clipRange: "lin_0.2",
    recurrent: "gru",
    recurrentSize: 64,
    hidden: [64],
    normalizeObservation: true,
    normalizeReward: true,
  },
} as const;
