export { type A2cBatch, type A2cConfig, a2c, a2cLoss, judgeActions } from "./a2c.ts";
export { ActorCritic, type ActorCriticOptions } from "./actor-critic.ts";
export { type ActingNetwork, ActorCriticPolicy } from "./actor-critic-policy.ts";
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
export { type RecurrentPpoConfig, recurrentPpo } from "./recurrent/recurrent-ppo.ts";
export { type AlgorithmName, algorithms, type Hyperparameters } from "./registry.ts";
export { type ReinforceBatch, type ReinforceConfig, reinforce, reinforceLoss } from "./reinforce.ts";
export { type SacConfig, sac } from "./sac/sac.ts";
export { type DiscreteSacConfig, discreteSac } from "./sac/sac-discrete.ts";
export { type SupervisedConfig, supervised, supervisedLoss } from "./supervised.ts";
export { TabularPolicy, type TabularPolicyParts } from "./tabular/tabular-policy.ts";
export { type DdpgConfig, ddpg } from "./td3/ddpg.ts";
export { type Td3Config, td3 } from "./td3/td3.ts";
export { type TrpoConfig, trpo } from "./trpo/trpo.ts";
export { type ValuePredictionConfig, valuePrediction } from "./value-prediction.ts";
