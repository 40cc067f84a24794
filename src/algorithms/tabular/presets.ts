/** Tuned hyperparameters, by environment id. */
export const qLearningPresets = {} as const;
export const doubleQLearningPresets = {} as const;
export const sarsaPresets = {} as const;
export const expectedSarsaPresets = {} as const;
export const mcControlPresets = {} as const;
export const predictionPresets = {} as const;
