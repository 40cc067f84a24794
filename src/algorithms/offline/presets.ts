/** Tuned hyperparameters by environment id; steps are gradient steps. */
export const cqlSacPresets = {
  // Swings up from 3000 transitions of which half are random (cql-sac.test.ts). Rewards are large here, so α is too.
  "Pendulum-v1": {
    steps: 3000,
    learningRate: "lin_0.002",
    tau: 0.02,
    gamma: 0.98,
    alpha: 10,
    nActions: 2,
  },
} as const;
