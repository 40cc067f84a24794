/** With hindsight; the rest fits what is learned in a minute. */
const bitFlipping = {
  replayStrategy: "future",
  nSampledGoal: 4,
  bufferSize: 100_000,
  gamma: 0.98,
  learningRate: 1e-3,
  trainFreq: 1,
  targetUpdateInterval: 500,
  explorationFraction: 0.3,
};

/** Tuned hyperparameters by environment: figures of rl-baselines3-zoo, where it has them. */
export const dqnPresets = {
  "CartPole-v1": {
    steps: 50_000,
    learningRate: 2.3e-3,
    batchSize: 64,
    bufferSize: 100_000,
    learningStarts: 1000,
    targetUpdateInterval: 10,
    trainFreq: 256,
    gradientSteps: 128,
    explorationFraction: 0.16,
    explorationFinalEps: 0.04,
    hidden: [256, 256],
  },
  "BitFlipping-v0": { ...bitFlipping, steps: 15_000, hidden: [256], batchSize: 128, learningStarts: 500 },
  "BitFlipping8-v0": { ...bitFlipping, steps: 3000, hidden: [64], batchSize: 64, learningStarts: 200 },
};
