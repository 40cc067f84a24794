/**
 * Tasks with a goal that changes from episode to episode and is part of what is observed (Schaul et al. 2015, "Universal value
 * function approximators"; the contract is that of Gymnasium-Robotics' `GoalEnv`). What is observed is a Dict of
 *
 * | key | meaning |
 * |---|---|
 * | `observation` | everything else |
 * | `achievedGoal` | the goal that the present state would fulfil |
 * | `desiredGoal` | the goal of this episode |
 *
 * and reward and end of the task follow from the two goals after the step alone, so that an experience can be told again as if
 * another goal had been meant (hindsight).
 */

import { ConfigError } from "../../errors.ts";
import { Dict, type Space } from "../../spaces/index.ts";

/** What is observed where there is a goal. */
export type GoalSpace = Dict<{
  observation: Space<ArrayLike<number>>;
  achievedGoal: Space<ArrayLike<number>>;
  desiredGoal: Space<ArrayLike<number>>;
}>;

/** A value of such a space. */
export interface GoalObservation {
  readonly observation: ArrayLike<number>;
  readonly achievedGoal: ArrayLike<number>;
  readonly desiredGoal: ArrayLike<number>;
}

/** Pure functions of two goals `[G]` in the encoding of `flatten`; both are only read, and not kept. */
export interface GoalRules {
  /** The reward of a step that led to `achieved` where `desired` was the goal. */
  computeReward(achieved: ArrayLike<number>, desired: ArrayLike<number>): number;
  /** Whether the task ends with such a step. */
  computeTerminated(achieved: ArrayLike<number>, desired: ArrayLike<number>): boolean;
}

/** Where goals stand in a flat observation. */
export interface GoalLayout {
  /** G */
  readonly size: number;
  /** Index of the first entry of each. */
  readonly achieved: number;
  readonly desired: number;
}

/** @throws ConfigError for a space that is not a Dict of an observation and two goals of the same space */
export function goalLayout(space: Space<unknown>): GoalLayout {
  const spaces: Record<string, Space<unknown>> = space instanceof Dict ? space.spaces : {};
  const { observation, achievedGoal, desiredGoal } = spaces;
  if (!(observation && achievedGoal && desiredGoal?.equals(achievedGoal))) {
    const allowed = "a Dict with observation, achievedGoal and desiredGoal, both goals from the same space";
    throw new ConfigError({ field: "observationSpace of a task with goals", value: space, allowed });
  }
  const offsetOf = (key: string) => {
    const keys = Object.keys(spaces);
    return keys.slice(0, keys.indexOf(key)).reduce((sum, before) => sum + spaces[before].flatSize, 0);
  };
  return { size: achievedGoal.flatSize, achieved: offsetOf("achievedGoal"), desired: offsetOf("desiredGoal") };
}
