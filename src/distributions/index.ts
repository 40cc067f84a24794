/** Distributions of actions: sample, mode, log-probability, entropy, KL divergence. */
export {
  type ActionHead,
  type ActionSpaceLike,
  distributionFor,
  type HeadInputs,
  type HeadOptions,
} from "./action-head.ts";
export { Bernoulli } from "./bernoulli.ts";
export { BoundedGaussian } from "./bounded-gaussian.ts";
export { Categorical } from "./categorical.ts";
export { DiagonalGaussian } from "./diagonal-gaussian.ts";
export type { Distribution } from "./distribution.ts";
export { requireAllowedAction } from "./mask.ts";
export { MultiCategorical } from "./multi-categorical.ts";
export { type Gaussian, SquashedGaussian } from "./squashed-gaussian.ts";
export {
  resampleExploration,
  StateDependentGaussian,
  type StateDependentOptions,
} from "./state-dependent-gaussian.ts";
