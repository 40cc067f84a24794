/** Distributions of actions: sample, mode, log-probability, entropy, KL divergence. */
export { Bernoulli } from "./bernoulli.ts";
export { Categorical } from "./categorical.ts";
export { DiagonalGaussian } from "./diagonal-gaussian.ts";
export type { Distribution } from "./distribution.ts";
export { requireAllowedAction } from "./mask.ts";
export { MultiCategorical } from "./multi-categorical.ts";
export { SquashedGaussian } from "./squashed-gaussian.ts";
