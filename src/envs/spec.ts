import type { AnyEnv, BatchEnv, Json } from "./env.ts";

/** What is known of a registered environment without its code. */
export interface EnvDescription {
  /** Name and version, as in `CartPole-v1`. */
  readonly id: string;
  /** Episodes are truncated after this many steps; left out where the environment ends by itself. */
  readonly maxEpisodeSteps?: number;
  /** Mean return at which the task counts as solved. */
  readonly rewardThreshold?: number;
  /** Id of the same task with starts or examples that are never trained on, to evaluate in; left out: this one. */
  readonly evaluationEnv?: string;
  /** Frames per second of the time it plays in, for who watches; left out where it knows no time. A step is one frame. */
  readonly renderFps?: number;
  /** Where a step is several frames: how many, and the options of an environment that goes on by one. */
  readonly renderFrames?: { readonly perStep: number; readonly options: Readonly<Record<string, Json>> };
  /** One sentence: what the task is. */
  readonly description: string;
  /** Where it comes from: a paper, another library. */
  readonly source: string;
}

/** A registered environment. */
export interface EnvSpec extends EnvDescription {
  /** Makes one environment, without its time limit. @throws ConfigError for bad options */
  create(options: Record<string, Json>): AnyEnv;
  /** Makes the batched form with the time limit applied; left out, `batch` makes it from `create`. */
  createBatch?(count: number, options: Record<string, Json>): BatchEnv;
}
