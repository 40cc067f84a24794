/** Environments: the contract, the built-in ones, batches, wrappers and the checker. */
export { type AcrobotOptions, acrobot } from "./acrobot.ts";
export { type BanditDynamics, type BanditOptions, bandit } from "./bandits/bandit.ts";
export { batch } from "./batch.ts";
export {
  catchBall,
  type DeepSeaOptions,
  type DiscountingChainOptions,
  deepSea,
  discountingChain,
  type TMazeOptions,
  tMaze,
  type UmbrellaOptions,
  umbrella,
} from "./bsuite/index.ts";
export { type CartPoleOptions, cartPole } from "./cartpole.ts";
export { type CheckEnvOptions, checkEnv } from "./check/check-env.ts";
export type { Finding } from "./check/finding.ts";
export type { DifferentiableBatch, DifferentiableDynamics, DifferentiableEnv } from "./differentiable.ts";
export type { Dynamics } from "./dynamics.ts";
export { DynamicsEnv } from "./dynamics-env.ts";
export { type DynamicsFacts, dynamicsSpec } from "./dynamics-spec.ts";
export type { AnyEnv, BatchEnv, Env, Info, Json, ResetOptions, ResetResult, StepResult } from "./env.ts";
export { type DrawState, type FiniteDynamics, finiteDynamics } from "./finite-dynamics.ts";
export type { FiniteMdp, Outcome } from "./finite-mdp.ts";
export { leftRight, type SmoothThresholdOptions, smoothThreshold, stayOrStop, threshold } from "./games/index.ts";
export {
  type BitFlippingOptions,
  bitFlipping,
  type GoalLayout,
  type GoalObservation,
  type GoalRules,
  type GoalSpace,
  goalLayout,
  type PointReachOptions,
  pointReach,
} from "./goals/index.ts";
export type { BatchLabels, DynamicsLabels, EnvLabels, LabelledExamples } from "./labels.ts";
export type { LunarLanderOptions } from "./lunar-lander/options.ts";
export { type MountainCarOptions, mountainCar } from "./mountain-car.ts";
export { type MountainCarContinuousOptions, mountainCarContinuous } from "./mountain-car-continuous.ts";
export type { AntOptions } from "./mujoco/ant.ts";
export type { HalfCheetahOptions } from "./mujoco/half-cheetah.ts";
export type { HopperOptions } from "./mujoco/hopper.ts";
export type { InvertedDoublePendulumOptions } from "./mujoco/inverted-double-pendulum.ts";
export type { InvertedPendulumOptions } from "./mujoco/inverted-pendulum.ts";
export type { ReacherOptions } from "./mujoco/reacher.ts";
export type { Walker2dOptions } from "./mujoco/walker2d.ts";
export { NativeBatch } from "./native-batch.ts";
export type { Opponent, OpponentSeat } from "./opponent-seat.ts";
export { type PackableArray, packArray, unpackArray } from "./packing.ts";
export { type PendulumOptions, pendulum } from "./pendulum.ts";
export { type PointMassOptions, pointMass } from "./point-mass.ts";
export {
  type PongOpponent,
  type PongOptions,
  type PongTwoPlayersOptions,
  pong,
  pongDifference,
  pongFrames,
  pongTwoPlayers,
} from "./pong/index.ts";
export { IdentityEnv, type IdentityOptions } from "./probes/identity-env.ts";
export { continuousProbe, type ProbeRule, probe } from "./probes/probe.ts";
export {
  envDescription,
  envIds,
  envSpec,
  evaluationEnv,
  loadEnv,
  makeBatch,
  makeEnv,
  registerEnv,
} from "./registry.ts";
export type { EnvDescription, EnvSpec } from "./spec.ts";
export {
  type CliffWalkingOptions,
  cliffWalking,
  type FrozenLakeOptions,
  frozenLake,
  type TaxiOptions,
  taxi,
} from "./toy-text/index.ts";
export { actionRescale } from "./wrappers/action-rescale.ts";
export { type EpisodeStatisticsBatch, episodeStatistics } from "./wrappers/episode-statistics.ts";
export { frameStack } from "./wrappers/frame-stack.ts";
export {
  type NormalizedObservationBatch,
  type NormalizeObservationOptions,
  normalizeObservation,
} from "./wrappers/normalize-observation.ts";
export {
  type NormalizedRewardBatch,
  type NormalizeRewardOptions,
  normalizeReward,
} from "./wrappers/normalize-reward.ts";
export { type Episode, recordEpisodeStatistics } from "./wrappers/record-episode-statistics.ts";
export { rewardClip } from "./wrappers/reward-clip.ts";
export { rewardScale } from "./wrappers/reward-scale.ts";
export { RunningMeanStd } from "./wrappers/running-mean-std.ts";
export { timeLimit } from "./wrappers/time-limit.ts";
export { type BatchWrapperParts, wrapBatch } from "./wrappers/wrap-batch.ts";
