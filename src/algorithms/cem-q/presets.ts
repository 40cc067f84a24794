/** Tuned hyperparameters by environment. One number as action needs few samples. */
export const cemQPresets = {
  "Pendulum-v1": {
    ...{ steps: 30_000, batchSize: 64, gamma: 0.98, trainFreq: 2, learningStarts: 1000, noiseStd: 0.3 },
    ...{ nSamples: 16, nElites: 3 },
  },
};
