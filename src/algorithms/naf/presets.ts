/** Tuned hyperparameters by environment. Bold noise at first: a μ that reaches its bound early hardly comes back through tanh. */
export const nafPresets = {
  "Pendulum-v1": { steps: 30_000, batchSize: 64, gamma: 0.98, learningStarts: 1000, noiseStd: "lin_1" },
};
