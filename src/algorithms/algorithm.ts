/** What an algorithm is to the rest of the house: a schema, a table of presets, and a learner that turns steps into a policy. */
import type { z } from "zod";
import type { Dataset } from "../data/index.ts";
import type { BatchEnv, Json } from "../envs/index.ts";
import type { SafetensorsTensor } from "../nn/index.ts";
import type { Key } from "../random/index.ts";
import type { Space, SpaceKind } from "../spaces/index.ts";
import type { TrainingListener } from "./listener.ts";

/** Numbers by metric name; every name is in the registry (`training/metrics.ts`). */
export type Metrics = Record<string, number>;

/** Everything a learner or policy needs to go on exactly as before: plain JSON and named arrays. */
export interface Snapshot {
  readonly json: Json;
  readonly arrays: Readonly<Record<string, SavedArray>>;
}

/** A named array as a safetensors file holds it; `stateDict` makes them from tensors. */
export type SavedArray = SafetensorsTensor;

/**
 * Chooses actions. Normalisation of observations and clipping of actions travel inside. A policy's parameters are stored in
 * a checkpoint beside the learner's snapshot, so that it can be loaded without anything that trains.
 */
export interface Policy {
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  /** The action for one observation, in the action space's own form. `mask` (uint8, 1 = allowed) for discrete actions. */
  act(observation: unknown, options?: { deterministic?: boolean; mask?: Uint8Array }): unknown;
  /** Begins an episode: what the policy remembers of the one before is gone. Left out where it remembers nothing. */
  reset?(): void;
  /** Restarts the random numbers of sampled actions, so that an evaluation depends on its seed alone. */
  reseed(key: Key): void;
  /** Copies of the trainable tensors by name. */
  parameters(): Record<string, SavedArray>;
  /** Overwrites the trainable tensors; FormatError where names or shapes differ. */
  load(parameters: Readonly<Record<string, SavedArray>>): void;
}

/** How raw observations become what the network was trained on, in place. */
export interface ObservationNormalizer {
  normalize(flat: Float32Array): void;
}

export interface PolicyContext<C> {
  readonly config: C;
  /** Spaces of one environment, before any wrapper of the batch. */
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly key: Key;
  readonly normalizer?: ObservationNormalizer | undefined;
}

/** One training in progress. */
export interface Learner {
  readonly policy: Policy;
  /** Environment steps taken so far, all environments together. */
  readonly step: number;
  /** Whether there is nothing left to learn, before the configured steps are done: a plan that no longer changes. */
  readonly done?: boolean;
  /** Environment steps of one iteration, where they are known beforehand. */
  readonly stepsPerIteration?: number;
  /** Collects and learns once; what it measured. */
  iterate(): Metrics;
  /** Everything but the policy's parameters: optimiser, random streams, counters. Not the environment. */
  save(): Snapshot;
  load(snapshot: Snapshot): void;
}

export interface LearnerContext<C> extends PolicyContext<C> {
  /** What it steps: wrapped as the configuration says, and reset before the first iteration. */
  readonly env: BatchEnv;
  /** What was recorded, for an algorithm that learns from it; its spaces are those of `env`. */
  readonly dataset?: Dataset | undefined;
  /** Who wants to hear of every gradient step; see `listener.ts`. */
  readonly listener?: TrainingListener | undefined;
}

export interface Algorithm<C extends CommonConfig = CommonConfig> {
  readonly name: string;
  /** One line for `limpid list`. */
  readonly summary: string;
  readonly source: string;
  /** Hyperparameters with their defaults; unknown names are refused. */
  readonly schema: z.ZodType<C>;
  /** Kinds of action spaces it accepts. */
  readonly actionSpaces: readonly SpaceKind[];
  /** Kinds of observation spaces it accepts; left out: all. */
  readonly observationSpaces?: readonly SpaceKind[];
  /**
   * What else an environment must have: a table of its dynamics, dynamics with derivatives, right answers, or another side to
   * play; or, beside the environment, a dataset to learn from.
   */
  readonly needs?: "model" | "differentiable" | "labels" | "opponentSeat" | "dataset";
  /** What it learns from in the place of steps of its own, where it is given one. */
  readonly accepts?: "dataset";
  /** Whether it keeps to action masks; left out: yes. */
  readonly masks?: false;
  /** Whether it looks for a better policy, rather than for the values of a given one; left out: yes. */
  readonly improves?: false;
  /** Whether it tells a listener of its gradient steps; left out: no. */
  readonly tells?: true;
  /** Refuses hyperparameters that do not fit together. @throws ConfigError */
  check?(config: C): void;
  /** Tuned hyperparameters by environment id, and the steps they need. */
  readonly presets: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  createPolicy(context: PolicyContext<C>): Policy;
  create(context: LearnerContext<C>): Learner;
}

/** What every run has. */
export interface CommonConfig {
  readonly algorithm: string;
  readonly env: string;
  readonly seed: number;
  /** Environment steps to train for. */
  readonly steps: number;
  /** Environments stepped side by side; left out by what plans without stepping any: 1. */
  readonly nEnvs?: number;
  /** Discount γ. */
  readonly gamma: number;
  /** Normalise observations and rewards by running statistics; left out by what works on tables: no. */
  readonly normalizeObservation?: boolean;
  readonly normalizeReward?: boolean;
}
