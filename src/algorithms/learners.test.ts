import { describe, expect, it } from "vitest";
import { IdentityEnv } from "../../test/support/identity-env.ts";
import { frameStack, makeEnv, timeLimit } from "../envs/index.ts";
import { Discrete, MultiDiscrete } from "../spaces/index.ts";
import {
  evaluate,
  type Run,
  type RunInput,
  recordDataset,
  resumeRun,
  type TrainOptions,
  train,
} from "../training/index.ts";
import type { Metrics } from "./index.ts";

const narrow = { hidden: [8] };
const narrowRecurrent = { ...narrow, recurrentSize: 8 };

const masked = () => new IdentityEnv(new Discrete(9), { allowed: 3 });
const maskedChoices = () => new IdentityEnv(new MultiDiscrete([4, 3]), { allowed: 2 });
const pendulum = { dataset: recordDataset(undefined, { env: "Pendulum-v1", steps: 300 }) };

/** What an interrupted run must not differ in: every kind of state that a learner has. */
const runs: Record<string, [RunInput, TrainOptions?]> = {
  "PPO, Discrete": [{ algorithm: "ppo", env: "CartPole-v1", steps: 2560 }],
  "PPO, Box with state-dependent noise, everything normalised": [
    { algorithm: "ppo", env: "MountainCarContinuous-v0", steps: 640, clipRangeVf: "lin_0.5" },
  ],
  "PPO, Box, one trunk, a last small minibatch": [
    {
      algorithm: "ppo",
      env: "Pendulum-v1",
      preset: "none",
      steps: 1000,
      nSteps: 100,
      batchSize: 64,
      sharedNetwork: true,
    },
  ],
  "PPO, masked MultiDiscrete": [
    { algorithm: "ppo", steps: 1280, nEnvs: 4, nSteps: 32, targetKl: 0.02 },
    { makeEnv: () => new IdentityEnv(new MultiDiscrete([4, 3]), { allowed: 2 }) },
  ],
  "A2C, Discrete": [{ algorithm: "a2c", env: "CartPole-v1", steps: 2000, logInterval: 12 }],
  "A2C, Box, Q(s, a) as critic, everything normalised, Adam": [
    {
      algorithm: "a2c",
      env: "Pendulum-v1",
      steps: 1500,
      nEnvs: 3,
      estimator: "q",
      useRmsProp: false,
      logInterval: 20,
      normalizeObservation: true,
      normalizeReward: true,
    },
  ],
  "A2C, masked MultiDiscrete": [
    { algorithm: "a2c", steps: 1280, nEnvs: 4, estimator: "td", logInterval: 16 },
    { makeEnv: () => new IdentityEnv(new MultiDiscrete([4, 3]), { allowed: 2 }) },
  ],
  "Value prediction, Box, moving average, everything normalised": [
    {
      algorithm: "value-prediction",
      env: "Pendulum-v1",
      steps: 3000,
      nEnvs: 3,
      targetNetwork: "average",
      normalizeObservation: true,
      normalizeReward: true,
    },
  ],
  "Value prediction, masked Discrete, Q of the greedy policy, a copy": [
    {
      algorithm: "value-prediction",
      ...{ steps: 2000, nEnvs: 2, predicts: "q", targetPolicy: "greedy", epsilon: 0.5 },
      ...{ targetNetwork: "copy", targetUpdateInterval: 3 },
    },
    { makeEnv: () => new IdentityEnv(new Discrete(9), { allowed: 3 }) },
  ],
  "REINFORCE, Discrete": [{ algorithm: "reinforce", env: "CartPole-v1", steps: 3000 }],
  "REINFORCE, Box, everything normalised, without a critic": [
    {
      algorithm: "reinforce",
      env: "Pendulum-v1",
      steps: 3000,
      nEnvs: 3,
      baseline: "average",
      normalizeObservation: true,
      normalizeReward: true,
    },
  ],
  "analytic policy gradient, windows cut by the ends of episodes": [
    { algorithm: "analytic-policy-gradient", env: "Pendulum-v1", steps: 1500, nEnvs: 3, nSteps: 30, nEpochs: 2 },
  ],
  "supervised learning, observations normalised": [
    { algorithm: "supervised", env: "Digits-v0", steps: 1000, nEnvs: 4, nSteps: 40, normalizeObservation: true },
  ],
  "deep Q-learning, stacked frames in a small ring": [
    {
      ...{ algorithm: "dqn", env: "custom", steps: 700, nEnvs: 2, hidden: [8], bufferSize: 150, learningStarts: 50 },
      ...{ trainFreq: 2, nSteps: 3, targetUpdateInterval: 40 },
    },
    { makeEnv: () => timeLimit(frameStack(makeEnv("CartPole-v1") as never, 3), 30) },
  ],
  "behaviour cloning, masked MultiDiscrete": [
    { algorithm: "behaviour-cloning", env: "custom", steps: 650, hidden: [8] },
    { makeEnv: maskedChoices, dataset: recordDataset(undefined, { env: maskedChoices, steps: 200 }) },
  ],
  "behaviour cloning, Box, squared error": [
    {
      ...{ algorithm: "behaviour-cloning", env: "Pendulum-v1", steps: 450, hidden: [8], loss: "mse" },
      learningRate: "lin_0.001",
    },
    pendulum,
  ],
  "conservative Q-learning, masked Discrete, three steps": [
    { algorithm: "cql", env: "custom", steps: 650, hidden: [8], nSteps: 3, targetUpdateInterval: 30 },
    { makeEnv: masked, dataset: recordDataset(undefined, { env: masked, steps: 200 }) },
  ],
  "conservative Q-learning, Box, a learned temperature, three steps": [
    {
      ...{
        algorithm: "cql-sac",
        env: "Pendulum-v1",
        preset: "none",
        steps: 450,
        hidden: [8],
        batchSize: 16,
        nSteps: 3,
      },
      ...{ nActions: 2, targetUpdateInterval: 3, learningRate: "lin_0.001" },
    },
    pendulum,
  ],
  "REINFORCE, RMSprop, what is 0 skipped": [
    { algorithm: "reinforce", env: "DeepSea12-v0", steps: 400, nEnvs: 3, optimizer: "rmsProp", sparseInput: true },
  ],
  "PPO, images in bytes, pooled": [
    {
      ...{ algorithm: "ppo", env: "PongFrames-v0", preset: "none", steps: 768, nEnvs: 4, nSteps: 32, batchSize: 64 },
      ...{ nEpochs: 1, hidden: [8], pooling: 4, sharedNetwork: true, sparseInput: true },
    },
  ],
  "REINFORCE, stacked images, pooled": [
    {
      ...{ algorithm: "reinforce", env: "PongFrames-v0", preset: "none", steps: 120, nEnvs: 3, maxEpisodeSteps: 10 },
      ...{ hidden: [8], pooling: 4, sparseInput: true, baseline: "value", learningRate: 0.05 },
    },
  ],
  "self-play PPO": [
    {
      ...{
        algorithm: "self-play-ppo",
        env: "Pong-v0",
        preset: "none",
        steps: 2560,
        nEnvs: 4,
        nSteps: 32,
        batchSize: 64,
      },
      ...{ nEpochs: 2, hidden: [8], opponents: 2, snapshotInterval: 3, poolSize: 3 },
    },
  ],
  "DQN from data, masked Discrete, priorities, three steps, copies": [
    {
      ...{ algorithm: "dqn", env: "custom", steps: 450, hidden: [8], batchSize: 8, prioritizedReplay: true, nSteps: 3 },
      targetUpdateInterval: 30,
    },
    { makeEnv: masked, dataset: recordDataset(undefined, { env: masked, steps: 200 }) },
  ],
  "REINFORCE, masked Discrete": [
    { algorithm: "reinforce", steps: 2000, nEnvs: 2, episodes: 2 },
    { makeEnv: () => new IdentityEnv(new Discrete(9), { allowed: 3 }) },
  ],
  "TRPO, Discrete": [{ algorithm: "trpo", env: "CartPole-v1", preset: "none", steps: 1024, nSteps: 256 }],
  "TRPO, Box with state-dependent noise, everything normalised, a part of the samples": [
    {
      algorithm: "trpo",
      env: "Pendulum-v1",
      steps: 900,
      nEnvs: 3,
      nSteps: 100,
      batchSize: 64,
      subSamplingFactor: 2,
      normalizeObservation: true,
      normalizeReward: true,
      useSde: true,
      learningRate: "lin_0.001",
    },
  ],
  "TRPO, masked MultiDiscrete": [
    { algorithm: "trpo", steps: 640, nEnvs: 4, nSteps: 32 },
    { makeEnv: () => new IdentityEnv(new MultiDiscrete([4, 3]), { allowed: 2 }) },
  ],
  "recurrent PPO, Discrete": [
    { algorithm: "recurrent-ppo", env: "CartPoleNoVel-v1", steps: 1024, nEnvs: 4, nSteps: 64, ...narrowRecurrent },
  ],
  "recurrent PPO, Box with state-dependent noise, one GRU for both, everything normalised": [
    {
      algorithm: "recurrent-ppo",
      env: "Pendulum-v1",
      steps: 900,
      nEnvs: 3,
      nSteps: 75,
      batchSize: 150,
      sharedRecurrent: true,
      useSde: true,
      sdeSampleFreq: 4,
      normalizeObservation: true,
      normalizeReward: true,
      clipRangeVf: "lin_0.5",
      ...narrowRecurrent,
      recurrent: "gru",
    },
  ],
  "recurrent PPO, masked MultiDiscrete": [
    { algorithm: "recurrent-ppo", steps: 640, nEnvs: 4, nSteps: 32, ...narrowRecurrent },
    { makeEnv: () => new IdentityEnv(new MultiDiscrete([4, 3]), { allowed: 2 }) },
  ],
  "DQN, copies, a ring that goes round, everything normalised": [
    {
      algorithm: "dqn",
      env: "CartPole-v1",
      preset: "none",
      steps: 900,
      nEnvs: 2,
      ...{ bufferSize: 150, batchSize: 16, trainFreq: 3, targetUpdateInterval: 50, nSteps: 3 },
      normalizeObservation: true,
      normalizeReward: true,
      ...narrow,
    },
  ],
  "DQN, masked Discrete, priorities, moving average, Boltzmann": [
    {
      algorithm: "dqn",
      ...{ steps: 800, batchSize: 8, prioritizedReplay: true, targetNetwork: "average", tau: 0.1 },
      ...{ exploration: "boltzmann", temperature: { schedule: "linear", from: 1, to: 0.1 }, ...narrow },
    },
    { makeEnv: () => new IdentityEnv(new Discrete(9), { allowed: 3 }) },
  ],
  "DQN without replay and without a target network": [
    {
      algorithm: "dqn",
      env: "CartPole-v1",
      preset: "none",
      ...{ steps: 700, replay: false, batchSize: 4, targetNetwork: "none", ...narrow },
    },
  ],
  "QR-DQN": [{ algorithm: "qr-dqn", env: "CartPole-v1", steps: 600, nQuantiles: 5, batchSize: 8, ...narrow }],
  Rainbow: [
    {
      algorithm: "rainbow",
      env: "CartPole-v1",
      preset: "none",
      ...{ steps: 800, learningStarts: 150, targetUpdateInterval: 70, batchSize: 8, atoms: 11, ...narrow },
    },
  ],
  "SAC, a learned temperature, n-step returns, everything normalised": [
    {
      ...{ algorithm: "sac", env: "Pendulum-v1", preset: "none", steps: 500, nEnvs: 2, nSteps: 3, batchSize: 16 },
      ...{ hidden: [8], targetUpdateInterval: 3, normalizeObservation: true, normalizeReward: true },
    },
  ],
  "SAC, a buffer that wraps, more steps than updates": [
    {
      ...{ algorithm: "sac", env: "Pendulum-v1", preset: "none", steps: 500, bufferSize: 150, batchSize: 16 },
      ...{ hidden: [8], entCoef: 0.1, trainFreq: 4, gradientSteps: 2, learningRate: "lin_0.001" },
    },
  ],
  "discrete SAC, masked": [
    { algorithm: "sac-discrete", steps: 500, nEnvs: 2, batchSize: 16, hidden: [8] },
    { makeEnv: () => new IdentityEnv(new Discrete(9), { allowed: 3 }) },
  ],
  "TD3, a noise that falls, everything normalised": [
    {
      ...{ algorithm: "td3", env: "Pendulum-v1", preset: "none", steps: 500, nEnvs: 2, batchSize: 16, hidden: [8] },
      ...{ noiseStd: "lin_0.5", policyDelay: 3, normalizeObservation: true, normalizeReward: true },
    },
  ],
  "DDPG, Ornstein-Uhlenbeck noise within an episode": [
    { algorithm: "ddpg", env: "Pendulum-v1", preset: "none", steps: 500, batchSize: 16, hidden: [8] },
  ],
  "NAF, Box, several environments, n steps, everything normalised": [
    {
      algorithm: "naf",
      env: "Pendulum-v1",
      preset: "none",
      ...{ steps: 600, nEnvs: 3, nSteps: 3, learningStarts: 60, batchSize: 16, hidden: [16], bufferSize: 300 },
      ...{ gradientSteps: -1, noiseStd: "lin_1", normalizeObservation: true, normalizeReward: true },
    },
  ],
  "NAF, Box, hindsight": [
    {
      algorithm: "naf",
      env: "PointReach-v0",
      ...{ steps: 400, nEnvs: 2, learningStarts: 60, batchSize: 16, hidden: [16], replayStrategy: "future" },
    },
  ],
  "cross-entropy Q, Box": [
    {
      algorithm: "cem-q",
      env: "Pendulum-v1",
      preset: "none",
      ...{ steps: 600, nEnvs: 2, learningStarts: 60, batchSize: 16, hidden: [16], bufferSize: 300, noiseStd: "lin_1" },
      ...{ nSamples: 8, nElites: 2 },
    },
  ],
  ...Object.fromEntries(
    ["q-learning", "double-q-learning", "sarsa", "expected-sarsa", "mc-control"].map((algorithm) => [
      `${algorithm}, FrozenLake`,
      [
        {
          algorithm,
          env: "FrozenLake-v1",
          preset: "none",
          steps: 20_000,
          nEnvs: 3,
          epsilon: "lin_1",
          visitsToHalve: 50,
        },
      ],
    ]),
  ),
  ...Object.fromEntries(
    ["td", "n-step-td", "td-lambda", "mc-prediction", "off-policy-evaluation"].map((algorithm) => [
      `${algorithm}, CliffWalking`,
      [{ algorithm, env: "CliffWalking-v1", steps: 20_000, nEnvs: 3, policy: "optimal", epsilon: 0.3 }],
    ]),
  ),
  "Q-learning, Boltzmann, in an environment of one's own": [
    { algorithm: "q-learning", steps: 20_000, exploration: "boltzmann", temperature: 0.5 },
    { makeEnv: () => new IdentityEnv(new Discrete(4)) },
  ],
};

describe.each(Object.entries(runs))("%s", (_name, [config, options]) => {
  const start = () => train({ seed: 3, ...config }, options);
  const last = (run: Run): Metrics => [...run].at(-1)!.metrics;
  const whole = start();
  const measured = last(whole);

  it("goes on from a checkpoint with the same bits", () => {
    const first = start();
    first.iterate();
    first.iterate();
    const second = resumeRun(first.checkpoint(), options);
    expect(second.parametersSha256()).toBe(first.parametersSha256());
    expect(last(second)).toEqual(measured);
    expect(second.step).toBe(whole.step);
    expect(second.parametersSha256()).toBe(whole.parametersSha256());
  });

  it("is not changed by acting, evaluating and saving in between", () => {
    const watched = start();
    const observation = watched.policy.observationSpace.unflattenAction(
      new Float32Array(watched.policy.observationSpace.actionSize),
      0,
    );
    for (const _ of watched) {
      watched.policy.act(observation);
      watched.policy.act(observation, { deterministic: true });
      evaluate(watched.policy, { env: options?.makeEnv ? () => options.makeEnv!(0) : config.env!, episodes: 1 });
      watched.checkpoint();
    }
    expect(watched.parametersSha256()).toBe(whole.parametersSha256());
  });

  it("depends on the seed", () => {
    const other = train({ ...config, seed: 4 }, options);
    for (const _ of other);
    expect(other.parametersSha256()).not.toBe(whole.parametersSha256());
  });
});
