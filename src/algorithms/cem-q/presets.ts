/** Tuned hyperparameters by environment. One number as action needs few samples; goals need hindsight. */
export const cemQPresets = {
  "Pendulum-v1": {
    ...{ steps: 20_000, batchSize: 64, gamma: 0.98, trainFreq: 2, learningStarts: 1000, noiseStd: "lin_0.6" },
    ...{ nSamples: 16, nElites: 3 },
  },
  "PointReach-v0": {
    ...{ steps: 5000, replayStrategy: "future", batchSize: 64, gamma: 0.95, learningStarts: 500, tau: 0.02 },
    ...{ nSamples: 32, nElites: 4 },
  },
};
