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
export { type C51Config, c51 } from "./dqn/c51.ts";
export { type DqnConfig, dqn } from "./dqn/dqn.ts";
export { type DqnLossOptions, dqnLoss, nextOutputs } from "./dqn/dqn-loss.ts";
export { type CategoricalOptions, categoricalHead } from "./dqn/heads/categorical.ts";
export { expectedValueHead, type LossName } from "./dqn/heads/expected-value.ts";
export { quantileHead } from "./dqn/heads/quantile.ts";
export type { HeadInputs, HeadLosses, ValueHead } from "./dqn/heads/value-head.ts";
export { makeQNetwork, type QNetwork, type QNetworkOptions } from "./dqn/networks/q-network.ts";
export { type QrDqnConfig, qrDqn } from "./dqn/qr-dqn.ts";
export { type RainbowConfig, rainbow } from "./dqn/rainbow.ts";
export type { GradientStep, StepListener, TrainingListener } from "./listener.ts";
export { type BehaviourCloningConfig, behaviourCloning, behaviourCloningLoss } from "./offline/behaviour-cloning.ts";
export {
  type ActionSamples,
  conservativeLoss,
  drawSamples,
  logIntegrals,
} from "./offline/conservative-critics.ts";
export { type CqlConfig, cql, cqlLoss, cqlTargets } from "./offline/cql.ts";
export { type CqlSacConfig, cqlSac } from "./offline/cql-sac.ts";
export { type PpoConfig, type PpoLossOptions, ppo, ppoLoss } from "./ppo.ts";
export { type RecurrentPpoConfig, recurrentPpo } from "./recurrent/recurrent-ppo.ts";
export { type AlgorithmName, algorithms, type Hyperparameters, isBuiltIn, registerAlgorithm } from "./registry.ts";
export { type ReinforceConfig, reinforce } from "./reinforce.ts";
export { type ReinforceBatch, type ReinforceLossOptions, reinforceLoss } from "./reinforce-loss.ts";
export { type SacConfig, sac } from "./sac/sac.ts";
export { type DiscreteSacConfig, discreteSac } from "./sac/sac-discrete.ts";
export { type SelfPlayPpoConfig, selfPlayPpo } from "./self-play/self-play-ppo.ts";
export { type SupervisedConfig, supervised, supervisedLoss } from "./supervised.ts";
export { TabularPolicy, type TabularPolicyParts } from "./tabular/tabular-policy.ts";
export { type DdpgConfig, ddpg } from "./td3/ddpg.ts";
export { type Td3Config, td3 } from "./td3/td3.ts";
export { type TrpoConfig, trpo } from "./trpo/trpo.ts";
export { type ValuePredictionConfig, valuePrediction } from "./value-prediction.ts";
