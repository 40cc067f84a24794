/** Tuned hyperparameters by environment: figures of rl-baselines3-zoo. */
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
};

export const c51Presets = {};
export const qrDqnPresets = {};
export const rainbowPresets = {};
