import { describe, expect, it } from "vitest";
import { datasetOptions } from "../../test/support/datasets.ts";
import { readSafetensors } from "../nn/index.ts";
import { type RunInput, train } from "../training/index.ts";
import { algorithms } from "./index.ts";

type Config = Record<string, unknown>;

/** What a short run learned, as a digest. */
function learned(config: RunInput): string {
  const run = train({ seed: 1, preset: "none", ...config }, datasetOptions(config.algorithm, config.env!));
  for (let i = 0; i < 3 && !run.done; i++) run.iterate();
  return run.parametersSha256();
}

/** For each hyperparameter another value, and what else it takes for it to matter. */
const others: Record<string, Record<string, [value: unknown, beside?: Config]>> = {
  a2c: {
    env: ["MountainCar-v0"],
    seed: [2],
    steps: [4096, { learningRate: "lin_0.001" }],
    nEnvs: [1],
    gamma: [0.9],
    normalizeObservation: [true],
    normalizeReward: [true],
    hidden: [[16, 8]],
    activation: ["relu"],
    orthogonalInit: [false],
    logStdInit: [-1, { env: "Pendulum-v1" }],
    learningRate: [3e-3],
    nSteps: [32],
    estimator: ["q"],
    gaeLambda: [0.5],
    normalizeAdvantage: [true],
    entCoef: [0.01],
    vfCoef: [1],
    maxGradNorm: [0.1],
    sharedNetwork: [true],
    useRmsProp: [false],
    rmsPropEps: [1e-3],
    logInterval: [2],
  },
  ppo: {
    env: ["MountainCar-v0"],
    seed: [2],
    steps: [4096, { learningRate: "lin_0.001" }],
    nEnvs: [1],
    gamma: [0.9],
    normalizeObservation: [true],
    normalizeReward: [true],
    hidden: [[16, 8]],
    activation: ["relu"],
    orthogonalInit: [false],
    logStdInit: [-1, { env: "Pendulum-v1" }],
    learningRate: [3e-3],
    nSteps: [32],
    batchSize: [16],
    nEpochs: [3],
    gaeLambda: [0.5],
    clipRange: [0.01],
    clipRangeVf: [0.01],
    normalizeAdvantage: [false],
    entCoef: [0.01],
    vfCoef: [1],
    maxGradNorm: [0.1],
    targetKl: [1e-6],
    sparseInput: [true],
    pooling: [2, { env: "PongDifference-v0" }],
    sharedNetwork: [true],
    useSde: [true, { env: "Pendulum-v1" }],
    sdeSampleFreq: [4, { env: "Pendulum-v1", useSde: true }],
    adamEps: [1e-3],
  },
  "value-prediction": {
    env: ["MountainCar-v0", { maxEpisodeSteps: 20 }],
    seed: [2],
    steps: [4096, { learningRate: "lin_0.001" }],
    nEnvs: [1],
    gamma: [0.9],
    normalizeObservation: [true],
    normalizeReward: [true],
    hidden: [[16, 8]],
    activation: ["relu"],
    learningRate: [3e-3],
    episodes: [2],
    maxEpisodeSteps: [7],
    predicts: ["q"],
    targets: ["monteCarlo"],
    targetPolicy: ["greedy", { predicts: "q" }],
    epsilon: [0.5, { predicts: "q" }],
    loss: ["l1"],
    targetNetwork: ["average"],
    targetUpdateInterval: [2, { targetNetwork: "copy" }],
    tau: [0.5, { targetNetwork: "average" }],
    batchSize: [4],
    nEpochs: [2],
    maxGradNorm: [0.01],
  },
  reinforce: {
    env: ["MountainCar-v0", { maxEpisodeSteps: 20 }],
    seed: [2],
    steps: [4096, { learningRate: "lin_0.001" }],
    nEnvs: [1],
    gamma: [0.9],
    normalizeObservation: [true],
    normalizeReward: [true],
    hidden: [[16, 8]],
    activation: ["relu"],
    orthogonalInit: [false],
    logStdInit: [-1, { env: "Pendulum-v1" }],
    learningRate: [3e-3],
    sparseInput: [true],
    pooling: [2, { env: "PongDifference-v0" }],
    optimizer: ["rmsProp"],
    episodes: [2],
    maxEpisodeSteps: [7],
    returns: ["full"],
    resetAtReward: [true],
    baseline: ["average"],
    normalizeAdvantage: [true],
    entCoef: [0.01],
    vfCoef: [1, { maxGradNorm: 0.1 }],
    maxGradNorm: [0.1],
  },
  trpo: {
    env: ["MountainCar-v0"],
    seed: [2],
    steps: [4096, { learningRate: "lin_0.001" }],
    nEnvs: [1],
    gamma: [0.9],
    normalizeObservation: [true],
    normalizeReward: [true],
    hidden: [[16, 8]],
    activation: ["relu"],
    orthogonalInit: [false],
    logStdInit: [-1, { env: "Pendulum-v1" }],
    learningRate: [3e-3],
    nSteps: [32],
    batchSize: [16],
    gaeLambda: [0.5],
    targetKl: [0.03],
    cgMaxSteps: [1],
    cgDamping: [1],
    lineSearchShrinkingFactor: [0.5, { cgDamping: 0, cgMaxSteps: 2 }],
    lineSearchMaxIter: [1, { cgDamping: 0, cgMaxSteps: 2 }],
    nCriticUpdates: [3],
    subSamplingFactor: [4],
    normalizeAdvantage: [false],
    useSde: [true, { env: "Pendulum-v1" }],
    sdeSampleFreq: [4, { env: "Pendulum-v1", useSde: true }],
    adamEps: [1e-3],
  },
  "behaviour-cloning": {
    env: ["MountainCar-v0"],
    seed: [2],
    steps: [250, { learningRate: "lin_0.001" }],
    hidden: [[16, 8]],
    activation: ["tanh"],
    orthogonalInit: [false],
    logStdInit: [-1, { env: "Pendulum-v1" }],
    learningRate: [3e-3],
    batchSize: [16],
    loss: ["mse", { env: "Pendulum-v1" }],
    entCoef: [0.1],
  },
  cql: {
    env: ["MountainCar-v0"],
    seed: [2],
    gamma: [0.9],
    steps: [250, { learningRate: "lin_0.001" }],
    hidden: [[16, 8]],
    activation: ["tanh"],
    learningRate: [3e-3],
    batchSize: [16],
    alpha: [0],
    nSteps: [3],
    double: [false, { targetUpdateInterval: 20 }],
    targetUpdateInterval: [20],
    tau: [0.5, { targetUpdateInterval: 20 }],
    maxGradNorm: [0.01],
  },
  "analytic-policy-gradient": {
    env: ["PointMass-v0"],
    seed: [2],
    steps: [4096, { learningRate: "lin_0.001" }],
    nEnvs: [1],
    gamma: [0.9],
    hidden: [[16, 8]],
    activation: ["relu"],
    orthogonalInit: [false],
    logStdInit: [-1],
    learningRate: [3e-3],
    nSteps: [16],
    nEpochs: [3],
    nCriticUpdates: [3],
    batchSize: [16],
    gaeLambda: [0.5],
    saturationCoef: [1],
    maxGradNorm: [0.1],
  },
  supervised: {
    seed: [2],
    steps: [4096, { learningRate: "lin_0.001" }],
    nEnvs: [1],
    normalizeObservation: [true],
    hidden: [[16, 8]],
    activation: ["relu"],
    orthogonalInit: [false],
    learningRate: [3e-3],
    nSteps: [16],
    batchSize: [16],
    nEpochs: [3],
  },
};
others.naf = {
  env: ["MountainCarContinuous-v0"],
  seed: [2],
  steps: [4096, { learningRate: "lin_0.001" }],
  nEnvs: [1],
  gamma: [0.9],
  normalizeObservation: [true],
  normalizeReward: [true],
  hidden: [[16, 8]],
  activation: ["relu"],
  learningRate: [3e-3],
  bufferSize: [50],
  learningStarts: [40],
  batchSize: [16],
  trainFreq: [4],
  gradientSteps: [2],
  nSteps: [3],
  replayStrategy: ["future", { env: "PointReach-v0" }],
  nSampledGoal: [1, { env: "PointReach-v0", replayStrategy: "future" }],
  tau: [0.5],
  noiseStd: [0.5],
  saturationCoef: [1],
  maxGradNorm: [0.01],
};
others["cem-q"] = {
  ...Object.fromEntries(Object.entries(others.naf).filter(([name]) => name !== "saturationCoef")),
  activation: ["tanh"],
  nCritics: [1],
  nSamples: [12],
  nElites: [3],
  nIterations: [3],
};
others["recurrent-ppo"] = {
  ...Object.fromEntries(
    Object.entries(others.ppo!).filter(([name]) => !["sharedNetwork", "sparseInput", "pooling"].includes(name)),
  ),
  nSteps: [16],
  batchSize: [64],
  clipRange: [1e-4],
  recurrent: ["gru"],
  recurrentSize: [4],
  sharedRecurrent: [true],
  recurrentSkip: [true],
};
const notInSelfPlay = ["logStdInit", "useSde", "sdeSampleFreq", "normalizeObservation", "normalizeReward"];
others["self-play-ppo"] = {
  ...Object.fromEntries(Object.entries(others.ppo!).filter(([name]) => !notInSelfPlay.includes(name))),
  env: ["PongDifference-v0"],
  nEnvs: [4],
  opponents: [1],
  latestShare: [1],
  poolSize: [1],
  snapshotInterval: [2],
};

/** What all have that learn from a replay buffer with an actor and critics. */
const fromReplay: (typeof others)[string] = {
  seed: [2],
  steps: [4096, { learningRate: "lin_0.001" }],
  nEnvs: [1],
  gamma: [0.9],
  normalizeObservation: [true],
  normalizeReward: [true],
  hidden: [[16, 8]],
  activation: ["tanh"],
  learningRate: [3e-3],
  bufferSize: [60],
  learningStarts: [50],
  batchSize: [8],
  trainFreq: [4],
  gradientSteps: [2],
  nSteps: [3],
  replayStrategy: ["future", { env: "PointReach-v0" }],
  nSampledGoal: [1, { env: "PointReach-v0", replayStrategy: "future" }],
  tau: [0.5],
};
const soft: (typeof others)[string] = {
  ...fromReplay,
  entCoef: [0.1],
  targetUpdateInterval: [5],
  targetEntropy: [-3],
};
const noisy: (typeof others)[string] = {
  ...fromReplay,
  actionNoise: ["none"],
  noiseStd: [0.5],
  noiseTheta: [0.9, { actionNoise: "ornsteinUhlenbeck" }],
  noiseDt: [0.5, { actionNoise: "ornsteinUhlenbeck" }],
};
others.sac = { ...soft, env: ["PointMass-v0"] };
others["sac-discrete"] = {
  ...soft,
  env: ["MountainCar-v0"],
  replayStrategy: ["future", { env: "BitFlipping8-v0" }],
  nSampledGoal: [1, { env: "BitFlipping8-v0", replayStrategy: "future" }],
};
others["cql-sac"] = {
  ...Object.fromEntries(Object.entries(others.cql!).filter(([name]) => !["double", "maxGradNorm"].includes(name))),
  env: ["PointMass-v0"],
  tau: [0.5],
  entCoef: [0.1],
  targetUpdateInterval: [5],
  targetEntropy: [-3],
  nActions: [3],
};
others.ddpg = { ...noisy, env: ["PointMass-v0"] };
others.td3 = { ...noisy, env: ["PointMass-v0"], policyDelay: [3], targetPolicyNoise: [0.4], targetNoiseClip: [0.1] };

/** Where each learns, besides CartPole-v1, and with what. */
const bases: Record<string, Config> = {
  ppo: { nSteps: 64, batchSize: 32, nEpochs: 2 },
  a2c: { nSteps: 16, logInterval: 4 },
  "recurrent-ppo": { nSteps: 32, batchSize: 32, nEpochs: 2, recurrentSize: 8 },
  "self-play-ppo": { env: "Pong-v0", nSteps: 64, batchSize: 32, nEpochs: 2, opponents: 2, snapshotInterval: 1 },
  trpo: { nSteps: 64, batchSize: 32, nCriticUpdates: 2 },
  "analytic-policy-gradient": { env: "Pendulum-v1", nSteps: 8, nEpochs: 2, nCriticUpdates: 2, batchSize: 8 },
  naf: { env: "Pendulum-v1", learningStarts: 60, batchSize: 8 },
  "cem-q": { env: "Pendulum-v1", learningStarts: 60, batchSize: 8, nSamples: 8, nElites: 2 },
  supervised: { env: "Digits-v0", nSteps: 8, batchSize: 8 },
  sac: { env: "Pendulum-v1", batchSize: 16 },
  "sac-discrete": { batchSize: 16 },
  ddpg: { env: "Pendulum-v1", batchSize: 16 },
  td3: { env: "Pendulum-v1", batchSize: 16 },
  "behaviour-cloning": { nEnvs: undefined, steps: 200 },
  cql: { nEnvs: undefined, steps: 200 },
  "cql-sac": { nEnvs: undefined, steps: 200, env: "Pendulum-v1", batchSize: 8, nActions: 2 },
};

/** What every run has, and these have no choice in. */
const fixed: Record<string, readonly string[]> = {
  "analytic-policy-gradient": ["normalizeObservation", "normalizeReward"],
  // No other environment has labels to learn from.
  supervised: ["env", "gamma", "normalizeReward"],
  "self-play-ppo": ["normalizeObservation", "normalizeReward"],
  // The name alone changes nothing: what is in the file does.
  "behaviour-cloning": ["gamma", "dataset"],
  cql: ["dataset"],
  "cql-sac": ["dataset"],
};

describe.each(Object.keys(others))("%s", (algorithm) => {
  const small: RunInput = {
    algorithm,
    env: "CartPole-v1",
    steps: 1024,
    nEnvs: 2,
    hidden: [8],
    learningRate: 1e-3,
    ...bases[algorithm],
  };

  it("has another value to try for each of its hyperparameters", () => {
    const { shape } = algorithms[algorithm]!.schema as unknown as { shape: object };
    expect(Object.keys(others[algorithm]!).sort()).toEqual(
      Object.keys(shape)
        .filter((name) => name !== "algorithm" && !fixed[algorithm]?.includes(name))
        .sort(),
    );
  });

  it.each(Object.entries(others[algorithm]!))("has no option that does nothing: %s", (name, [value, beside]) => {
    const before = { ...small, ...beside };
    expect(learned({ ...before, [name]: value })).not.toBe(learned(before));
  });
});

describe("PPO's parts", () => {
  const run = train({ algorithm: "ppo", env: "CartPole-v1", adamEps: 1e-4 });
  const { tensors, metadata } = readSafetensors(run.checkpoint());

  it("draw from streams of their own", () => {
    const { k0, k1 } = JSON.parse(metadata.learner!).minibatches;
    const [a0, a1] = tensors["learner/actions"]!.data as Int32Array;
    expect([a0! >>> 0, a1! >>> 0]).not.toEqual([k0, k1]);
  });

  it("give Adam the ε of the configuration", () => {
    expect((tensors["learner/optimiser/hyper"]!.data as Float64Array)[3]).toBe(1e-4);
  });
});
