export { ActorCritic, type ActorCriticOptions } from "./actor-critic.ts";
export { ActorCriticPolicy, type PolicyNetwork } from "./actor-critic-policy.ts";
export type {
  Algorithm,
  CommonConfig,
  Learner,
  LearnerContext,
  Metrics,
  ObservationNormalizer,
  Policy,
  PolicyContext,
  SavedArray,
  Snapshot,
} from "./algorithm.ts";
export {
  type AnalyticPolicyGradientConfig,
  analyticPolicyGradient,
} from "./analytic-policy-gradient/analytic-policy-gradient.ts";
export { BoundedActorCritic, type BoundedActorCriticOptions } from "./analytic-policy-gradient/bounded-actor-critic.ts";
export { type ShortHorizonOptions, shortHorizonLoss, type WindowInputs } from "./analytic-policy-gradient/loss.ts";
export { Collector } from "./collector.ts";
export { type PpoConfig, type PpoLossOptions, ppo, ppoLoss } from "./ppo.ts";
export { type AlgorithmName, algorithms, type Hyperparameters } from "./registry.ts";
export { type ReinforceBatch, type ReinforceConfig, reinforce, reinforceLoss } from "./reinforce.ts";
export { type SupervisedConfig, supervised, supervisedLoss } from "./supervised.ts";
