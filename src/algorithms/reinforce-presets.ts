/** Tuned hyperparameters, by environment id. */
export const reinforcePresets = {
  "CartPole-v1": {
    steps: 200_000,
    nEnvs: 16,
    normalizeAdvantage: true,
    learningRate: "lin_0.005",
  },
  /**
   * Karpathy 2016: one hidden layer of 200 on the difference of two frames, RMSprop, γ 0.99, each point on its own. The batch is of 16
   * games instead of 10, and the steps are larger (1e-4 there) and get smaller: without that, and without a little weight of the
   * entropy, the score stayed at −7 from the seventeenth million of steps on.
   */
  "PongDifference-v0": {
    steps: 60_000_000,
    nEnvs: 16,
    hidden: [200],
    activation: "relu",
    sparseInput: true,
    optimizer: "rmsProp",
    learningRate: "lin_0.001",
    gamma: 0.99,
    resetAtReward: true,
    baseline: "none",
    entCoef: 0.002,
    normalizeAdvantage: true,
  },
} as const;
