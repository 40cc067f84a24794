/** What the thread that trains tells the one that listens to the user. All of it can be copied between threads. */

import type { SessionOptions } from "./session.ts";

export interface TrainCommandOptions extends SessionOptions {
  readonly checkpointEvery?: string;
  /** Number of seeds to train, from `seed` on, and threads to train them in. */
  readonly seeds?: string;
  readonly workers?: string;
  readonly json?: boolean;
}

/** What the training thread is started with. */
export interface TrainingTask {
  readonly algorithm: string | undefined;
  readonly env: string | undefined;
  readonly options: TrainCommandOptions;
  /** Path of the command, for messages that say how to call it. */
  readonly script: string | undefined;
  /** `[1]`, shared: a number other than 0 asks to stop after the present iteration. */
  readonly stop: Int32Array;
}

/** How far a run is. */
export interface Progress {
  readonly step: number;
  /** Environment steps per second. */
  readonly speed: number;
  /** Mean return of recent episodes, once there are any. */
  readonly return: number | undefined;
  /** Whether the run has ended, perhaps before its last step: a plan that no longer changes. */
  readonly done?: boolean;
}

/** A run that has begun to train. */
export interface Begun {
  /** Of the run. */
  readonly directory: string;
  /** Step at which this process began. */
  readonly step: number;
  /** Steps to train for. */
  readonly steps: number;
  /** The command that goes on with it. */
  readonly resume: string;
}

/** The last evaluation; null where there is none. */
export type EvaluationResult = null | {
  readonly episodes: number;
  readonly mean: number;
  readonly std: number;
  readonly min: number;
  readonly max: number;
};

/** The command's one JSON value. */
export interface TrainResult {
  /** Its directory. */
  readonly run: string;
  readonly algorithm: string;
  readonly env: string;
  readonly seed: number;
  /** Steps done, by this process and others before it. */
  readonly steps: number;
  /** Time that this process has trained for, and its speed. */
  readonly seconds: number;
  readonly stepsPerSecond: number;
  /** The signal that stopped it, if one did. */
  readonly interrupted?: string;
  readonly evaluation: EvaluationResult;
  readonly parametersSha256: string | null;
}

export type TrainingMessage =
  /** Lines for the user. */
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "begun"; readonly begun: Begun }
  | { readonly kind: "progress"; readonly progress: Progress }
  /** Everything is trained and saved; what follows may be cut short. */
  | { readonly kind: "trained" }
  | { readonly kind: "result"; readonly result: TrainResult }
  | { readonly kind: "failed"; readonly failure: Failure };

/** Why a command failed, in a form that any thread can show. */
export interface Failure {
  /** One sentence. */
  readonly sentence: string;
  /** 2 for what the user gave wrong, 1 for everything else. */
  readonly exitCode: 1 | 2;
  /** Where it arose, for who asks. */
  readonly trace: string;
}
