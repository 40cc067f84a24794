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
} as const;

/** Balancing with small networks, whatever is learned of the returns, which are below 1 / (1 − γ) = 50. */
const cartPole = {
  steps: 50_000,
  learningRate: "lin_0.002",
  batchSize: 64,
  bufferSize: 100_000,
  learningStarts: 1000,
  gamma: 0.98,
  targetUpdateInterval: 250,
  trainFreq: 4,
  nSteps: 3,
  explorationFraction: 0.16,
  explorationFinalEps: 0.04,
  hidden: [64, 64],
} as const;

/** Tuned hyperparameters by environment id, after rl-baselines3-zoo (hyperparams/dqn.yml); deviations are commented. */
export const dqnPresets = {
  // The zoo learns in rounds of 256 steps and 128 gradient steps, with two layers of 256 units: values then grow by one reward a
  // round, 195 rounds in all, which is slow. Short rounds, double Q-learning and a rate that ends at 0 do better. The target follows
  // slowly, five rewards before a value: faster, or with fewer, values may grow past 1 / (1 − γ) = 100, the most there can be, and
  // the pole is dropped. What it reaches: `npm run study:deep -- --only dqn/CartPole-v1`.
  "CartPole-v1": {
    ...cartPole,
    gamma: 0.99,
    learningRate: "lin_0.001",
    gradientSteps: 4,
    targetNetwork: "average",
    tau: 0.003,
    nSteps: 5,
    double: true,
  },
  "Acrobot-v1": {
    // The zoo has one reward before a value, two layers of 256 units, a constant rate of 6.3e-4 and ε down to 0.1. Three rewards, a
    // rate that ends at 0 and ε down to 0.05 reach more with a fourth of the units.
    steps: 100_000,
    learningRate: "lin_0.001",
    batchSize: 128,
    bufferSize: 50_000,
    learningStarts: 1000,
    targetUpdateInterval: 250,
    trainFreq: 4,
    gradientSteps: 2,
    nSteps: 3,
    explorationFraction: 0.12,
    explorationFinalEps: 0.05,
    hidden: [64, 64],
  },
  "LunarLander-v3": {
    // The zoo has one reward before a value, two layers of 256 units, a constant rate of 6.3e-4 and ε down to 0.1.
    steps: 100_000,
    learningRate: "lin_0.0015",
    batchSize: 128,
    bufferSize: 50_000,
    learningStarts: 0,
    targetUpdateInterval: 250,
    trainFreq: 4,
    gradientSteps: -1,
    nSteps: 3,
    double: true,
    explorationFraction: 0.12,
    explorationFinalEps: 0.05,
    hidden: [64, 64],
  },
  "MountainCar-v0": {
    // The zoo has one reward before a value, 8 gradient steps a round, two layers of 256 units and a constant learning rate.
    // Ten rewards carry the rare success back faster; a rate that ends at 0 brings the last policy to rest.
    steps: 120_000,
    learningRate: "lin_0.004",
    batchSize: 64,
    bufferSize: 20_000,
    learningStarts: 1000,
    gamma: 0.98,
    targetUpdateInterval: 600,
    trainFreq: 16,
    gradientSteps: 16,
    nSteps: 10,
    explorationFraction: 0.2,
    explorationFinalEps: 0.07,
    hidden: [64, 64],
  },
  "Pong-v0": {
    // What it reaches, and in which time: docs/studies/pong.md (`npm run study:pong -- --only dqn/Pong-v0`).
    steps: 800_000,
    nEnvs: 8,
    learningRate: "lin_0.001",
    batchSize: 256,
    bufferSize: 300_000,
    learningStarts: 5000,
    gamma: 0.99,
    targetUpdateInterval: 2000,
    trainFreq: 4,
    gradientSteps: 4,
    nSteps: 5,
    double: true,
    explorationFraction: 0.2,
    explorationFinalEps: 0.01,
    hidden: [128, 64],
  },
  "BitFlipping-v0": { ...bitFlipping, steps: 15_000, hidden: [256], batchSize: 128, learningStarts: 500 },
  "BitFlipping8-v0": { ...bitFlipping, steps: 3000, hidden: [64], batchSize: 64, learningStarts: 200 },
} as const;

export const c51Presets = { "CartPole-v1": { ...cartPole, gradientSteps: 2, vMin: 0, vMax: 50 } } as const;

export const qrDqnPresets = { "CartPole-v1": { ...cartPole, gradientSteps: 4, nQuantiles: 20 } } as const;

export const rainbowPresets = { "CartPole-v1": { ...cartPole, gradientSteps: 2, vMin: 0, vMax: 50 } } as const;
