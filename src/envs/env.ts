/**
 * The contracts of this room: one environment (`Env`), and N of them stepped together (`BatchEnv`).
 * Terms and meanings are Gymnasium's, in camelCase.
 */

import type { Key } from "../random/index.ts";
import type { Space } from "../spaces/index.ts";
import type { DifferentiableBatch, DifferentiableEnv } from "./differentiable.ts";
import type { FiniteMdp } from "./finite-mdp.ts";
import type { GoalRules } from "./goals/goal-rules.ts";
import type { BatchLabels, EnvLabels } from "./labels.ts";
import type { OpponentSeat } from "./opponent-seat.ts";

declare global {
  /** TypeScript's own where a project has the library "dom"; a project for Node alone would not even know the name. */
  interface CanvasRenderingContext2D {}
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Anything else that an environment wants to tell; nothing is learned from it. */
export type Info = Record<string, unknown>;

export interface ResetOptions {
  /** Starts the environment's random numbers anew: the same seed gives the same episodes. Left out, they go on. */
  seed?: number;
}

export interface ResetResult<O> {
  observation: O;
  info: Info;
}

export interface StepResult<O> {
  observation: O;
  reward: number;
  /** The task itself ended (goal reached, pole fallen): the value of what follows is 0. */
  terminated: boolean;
  /** The episode was cut off (time limit) though the task would go on: the value of what follows is estimated. */
  truncated: boolean;
  info: Info;
}

/**
 * One environment: a plain object or a class instance of the user's own, or one of the built-in ones.
 * @typeParam O observation, a value of `observationSpace`
 * @typeParam A action, a value of `actionSpace`
 */
export interface Env<O, A> {
  readonly observationSpace: Space<O>;
  readonly actionSpace: Space<A>;
  /** What it is as a table, for algorithms that plan; where observations and actions are Discrete and say everything. */
  readonly model?: FiniteMdp;
  /** Says that nothing is left to chance, so that it is no mistake where all seeds give the same episodes. */
  readonly deterministic?: boolean;
  /** Its dynamics as operations that can be differentiated, for algorithms that follow the gradient through them. */
  readonly differentiable?: DifferentiableEnv;
  /** The right action for what is observed, for supervised learning; where somebody knows it and actions are Discrete. */
  readonly labels?: EnvLabels;
  /**
   * k, where an observation is the last k frames, oldest first, and the first frame of an episode stands in for those before it,
   * as `frameStack` makes them: a replay buffer then keeps every frame once.
   */
  readonly stackedFrames?: number;
  /**
   * How reward and end follow from goals, where the goal is part of a Dict { observation, achievedGoal, desiredGoal }: what a step
   * gives is what these say of the two goals it led to, for hindsight replay.
   */
  readonly goals?: GoalRules;
  /** Starts an episode. */
  reset(options: ResetOptions): ResetResult<O>;
  /** Takes one step. After `terminated` or `truncated` comes `reset`. */
  step(action: A): StepResult<O>;
  /** The other side, where this is a game for two and a policy may play it. */
  readonly opponentSeat?: OpponentSeat;
  /** Draws the present state, scaled to `canvas.canvas.width` × `height`: the same in a page and in a video. */
  render?(canvas: CanvasRenderingContext2D): void;
  /** `[actionSpace.maskSize]`, 1 where an action is allowed in the present state. */
  actionMask?(): Uint8Array;
  /** Everything an exact resume needs, the random numbers' state included, as JSON. */
  state?(): Json;
  /** Goes back to a state that `state` returned, perhaps of another instance. */
  restore?(state: Json): void;
}

/** An environment whose value types are not known here. */
export type AnyEnv = Env<unknown, unknown>;

/**
 * N environments stepped together: typed arrays in, typed arrays out. This is what training steps.
 *
 * Every array is the same object for the life of the batch and is overwritten by the next `reset` or `step`.
 * An episode that ends is followed by a reset in the same step (autoreset): `observations` then holds the first
 * observation of the next episode, `finalObservations` the last one of the ended episode.
 * At most one of `terminated[n]` and `truncated[n]` is 1; where an environment reports both, `terminated` wins, because
 * a truncated episode bootstraps from its final observation and a terminated one must not.
 *
 * | symbol | meaning |
 * |---|---|
 * | N | `count` |
 * | F | `observationSpace.flatSize` |
 * | A | `actionSpace.actionSize` |
 * | M | `actionSpace.maskSize` |
 */
export interface BatchEnv {
  /** What messages call the environment: a registered id or a class name. */
  readonly name: string;
  /** N */
  readonly count: number;
  /** Space of one environment's observation. */
  readonly observationSpace: Space<unknown>;
  /** Space of one environment's action. */
  readonly actionSpace: Space<unknown>;
  /** `[N, F]`: what the next action is chosen from. */
  readonly observations: Float32Array;
  /** `[N]` */
  readonly rewards: Float64Array;
  /** `[N]` rewards before any batch wrapper changed them; left out where `rewards` is just that. */
  readonly rawRewards?: Float64Array;
  /** `[N]` 1 where the task ended in this step. */
  readonly terminated: Uint8Array;
  /** `[N]` 1 where the episode was cut off in this step. */
  readonly truncated: Uint8Array;
  /** `[N, F]`; row n means something only where `terminated[n]` or `truncated[n]` is 1. */
  readonly finalObservations: Float32Array;
  /** `[N]` where the observation space is Discrete: which one, from 0. The one-hot rows above say the same. */
  readonly observationIndices?: Int32Array;
  /** `[N]` the same of `finalObservations`. */
  readonly finalObservationIndices?: Int32Array;
  /** What every environment is as a table, where they say so and no wrapper changes what is observed or rewarded. */
  readonly model?: FiniteMdp;
  /** The dynamics of every environment as operations that can be differentiated, under the same condition as the model. */
  readonly differentiable?: DifferentiableBatch;
  /** The right actions for what is observed, where the environments know them. */
  readonly labels?: BatchLabels;
  /** What every environment says of its observations, where no wrapper changes them. */
  readonly stackedFrames?: number | undefined;
  /** How reward and end follow from goals, under the same condition as the model. */
  readonly goals?: GoalRules;
  /** The other side, where this is a game for two, under the same condition as the model. */
  readonly opponentSeat?: OpponentSeat;
  /** `[N]` info of the last step where the episode ended, else undefined; left out where environments give none. */
  readonly finalInfos?: readonly (Info | undefined)[];
  /** `[N, M]` 1 where the next action is allowed; left out where environments give none. */
  readonly actionMasks?: Uint8Array;
  /** Whether `restore(state())` continues exactly; if not, `reset` must follow `restore` and episodes start afresh. */
  readonly canRestore: boolean;
  /**
   * Starts N fresh episodes. Environment n draws from `key.split("env", n)`, so results never depend on how a larger
   * batch is cut into smaller ones.
   */
  reset(key: Key): void;
  /** @param actions `[N, A]`, encoded by `actionSpace.flattenAction` */
  step(actions: Float32Array): void;
  /** Everything an exact resume needs, arrays included, as JSON. */
  state(): Json;
  restore(state: Json): void;
  /** Draws environment n; left out where environments cannot draw themselves. */
  render?(canvas: CanvasRenderingContext2D, n: number): void;
}
