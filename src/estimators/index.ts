/**
 * Returns, advantages and baselines as pure functions of arrays. Truncation bootstraps, termination never does, in
 * every one.
 */

export { meanBaseline, optimalBaseline } from "./baselines.ts";
export { type BootstrapOptions, bootstrapInterval } from "./bootstrap-interval.ts";
export { eloRatings, expectedScore, updatedElo } from "./elo.ts";
export { endAtRewards } from "./end-at-rewards.ts";
export { episodeReturn } from "./episode-return.ts";
export { explainedVariance } from "./explained-variance.ts";
export { gae } from "./gae.ts";
export { interquartileMean } from "./interquartile-mean.ts";
export { lambdaReturn } from "./lambda-return.ts";
export { nStepReturn } from "./n-step-return.ts";
export { normalizeAdvantages } from "./normalize-advantages.ts";
export {
  actionValues,
  bestValues,
  evaluatePolicy,
  expectedValues,
  finiteHorizon,
  greedyActions,
  greedyPolicy,
  type HorizonOptions,
  type HorizonValues,
  improvePolicy,
  type Plan,
  type PolicyTable,
  policyIteration,
  residual,
  softened,
  uniformPolicy,
  type ValueIterationOptions,
  valueAtStart,
  valueIteration,
} from "./planning/index.ts";
export { discountedReturn, rewardToGo } from "./returns.ts";
export {
  type Baseline,
  pathwiseGradient,
  type ScoreFunctionOptions,
  scoreFunctionGradient,
} from "./score-function.ts";
export type { FloatArray, Transitions, ValuedTransitions } from "./transitions.ts";
export { type VTraceInput, type VTraceOptions, type VTraceResult, vTrace } from "./v-trace.ts";
