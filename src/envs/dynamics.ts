/**
 * How a built-in environment describes itself: pure functions on plain numbers.
 *
 * The state of environment n is `states[n · stateSize …]`, always float64. One `Dynamics` serves the plain environment
 * (N = 1) and the batch alike, so there is one physics to test.
 */

import type { Random, Streams } from "../random/index.ts";
import type { Discrete, Space } from "../spaces/index.ts";
import type { DifferentiableDynamics } from "./differentiable.ts";
import type { FiniteMdp } from "./finite-mdp.ts";
import type { GoalRules, GoalSpace } from "./goals/goal-rules.ts";
import type { DynamicsLabels } from "./labels.ts";
import type { OpponentSeat } from "./opponent-seat.ts";

interface DynamicsBase<A> {
  /** S: numbers of one environment's state. */
  readonly stateSize: number;
  readonly actionSpace: Space<A>;
  /** What it is as a table, where states and actions are finite. */
  readonly model?: FiniteMdp;
  /** Says that nothing is left to chance, the start included. */
  readonly deterministic?: boolean;
  /** The same step and observation as tensor operations, where they have derivatives. */
  readonly differentiable?: DifferentiableDynamics;
  /** The right action in each state, where there is one. */
  readonly labels?: DynamicsLabels;
  /** How reward and end follow from goals, where the goal is part of what is observed. */
  readonly goals?: GoalRules;
  /** k, where an observation is the last k frames; see `Env`. */
  readonly stackedFrames?: number;
  /** The other side, where this is a game for two. */
  readonly opponentSeat?: OpponentSeat;
  /** Draws a start state into `states[offset … offset + S)`. */
  start(states: Float64Array, offset: number, random: Random): void;
  /**
   * One step of environments 0 … count − 1, in place.
   * @param states `[N, S]` read and written
   * @param actions `[N, actionSize]`, finite and, for Discrete, an index
   * @param rewards `[N]` written
   * @param terminated `[N]` written, 0 or 1
   * @param streams one for each environment, for what is left to chance
   */
  advance(
    states: Float64Array,
    actions: Float32Array,
    rewards: Float64Array,
    terminated: Uint8Array,
    count: number,
    streams: Streams,
  ): void;
  /**
   * Writes which actions environments `from` … `to − 1` allow next, 1 or 0, into `masks` `[N, maskSize]`; left out where all
   * are allowed always.
   */
  writeMasks?(states: Float64Array, masks: Uint8Array, from: number, to: number): void;
  /** Draws one state `[S]`. */
  draw(canvas: CanvasRenderingContext2D, state: Float64Array): void;
}

/** What is observed is a Box, of numbers. */
export interface DynamicsWithNumbers<A> extends DynamicsBase<A> {
  readonly observationSpace: Space<ArrayLike<number>>;
  /**
   * Writes the observations of environments `from` … `to − 1` into `observations` `[N, flatSize]`, where the last observation of each,
   * or zeros, are.
   */
  observe(states: Float64Array, observations: Float32Array, from: number, to: number): void;
}

/** What is observed is one of n things. */
export interface DynamicsWithIndices<A> extends DynamicsBase<A> {
  readonly observationSpace: Discrete;
  /** Writes what environments `from` … `to − 1` observe, 0 … n − 1, into `indices` `[N]`. */
  observeIndices(states: Float64Array, indices: Int32Array, from: number, to: number): void;
}

/** What is observed is an observation with the goal that was achieved and the goal of the episode. */
export interface DynamicsWithGoals<A> extends DynamicsBase<A> {
  readonly observationSpace: GoalSpace;
  readonly goals: GoalRules;
  /** Writes the flat observations of environments `from` … `to − 1` into `observations` `[N, flatSize]`. */
  observe(states: Float64Array, observations: Float32Array, from: number, to: number): void;
}

/** @typeParam A action, a value of `actionSpace` */
export type Dynamics<A> = DynamicsWithNumbers<A> | DynamicsWithIndices<A> | DynamicsWithGoals<A>;
