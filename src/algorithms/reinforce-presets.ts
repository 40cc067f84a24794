/** Tuned hyperparameters, by environment id. */
export const reinforcePresets = {
  "CartPole-v1": {
    steps: 200_000,
    nEnvs: 16,
    normalizeAdvantage: true,
    learningRate: "lin_0.005",
  },
  /**
   * Karpathy (2016), "Pong from Pixels": one hidden layer of 200, RMSprop, no baseline, the sum of rewards begun anew at each point. A batch
   * is 16 games instead of 10, and the steps are larger (1e-4 there) and get smaller. Points four pixels apart share the pixels out among
   * themselves, which makes it twice as fast. With γ = 0.99, as there, more of the sum is chance: who hits the ball hears of it within some
   * twenty steps. A little weight of the entropy keeps the policy from being sure too early.
   */
  "PongDifference-v0": {
    steps: 60_000_000,
    nEnvs: 16,
    hidden: [200],
    activation: "relu",
    sparseInput: true,
    pooling: 4,
    optimizer: "rmsProp",
    learningRate: "lin_0.0015",
    gamma: 0.96,
    resetAtReward: true,
    baseline: "none",
    entCoef: 0.01,
    normalizeAdvantage: true,
  },
} as const;
