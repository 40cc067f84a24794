/** Tuned hyperparameters by environment; those of rl-baselines3-zoo (hyperparams/td3.yml) unless a comment says otherwise. */
export const td3Presets = {
  "Pendulum-v1": { steps: 20_000, gamma: 0.98, bufferSize: 200_000, learningStarts: 1000, noiseStd: 0.1 },
} as const;

/** The same of hyperparams/ddpg.yml. */
export const ddpgPresets = {
  "Pendulum-v1": {
    steps: 20_000,
    gamma: 0.98,
    bufferSize: 200_000,
    learningStarts: 1000,
    actionNoise: "normal",
    noiseStd: 0.1,
  },
} as const;
