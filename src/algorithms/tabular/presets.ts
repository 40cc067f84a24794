/** Tuned hyperparameters, by environment id. */
export const qLearningPresets = {} as const;
