import { ConfigError, ShapeError } from "../errors.ts";

export type FloatArray = Float32Array | Float64Array;

/**
 * What T steps of N environments gave, time-major: entry `t * envs + n` is step t of environment n.
 *
 * | symbol | shape | meaning |
 * |---|---|---|
 * | `rewards` | [T, N] | r_t, the reward of step t |
 * | `nextValues` | [T, N] | V(s_{t+1}) of the *true* successor: where an episode ended, of its final observation before the autoreset |
 * | `terminated` | [T, N] | 1 where step t reached a terminal state: its value is 0 |
 * | `truncated` | [T, N] | 1 where step t was cut off from outside, as by a time limit: its value is `nextValues` |
 *
 * Truncation bootstraps, termination never does; where both are set, termination holds. No sum reaches past either,
 * and the last row bootstraps unless it terminated.
 */
export interface Transitions {
  /** T */
  readonly steps: number;
  /** N */
  readonly envs: number;
  readonly rewards: FloatArray;
  readonly nextValues: FloatArray;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
}

/** Transitions with `values` [T, N] = V(s_t), the critic's estimate before step t. */
export interface ValuedTransitions extends Transitions {
  readonly values: FloatArray;
}

/** Throws ShapeError unless every array of `transitions`, and `out`, has T · N entries; returns T · N. */
export function checkTransitions(transitions: Transitions, out?: FloatArray): number {
  const { steps, envs } = transitions;
  for (const field of ["steps", "envs"] as const) {
    const value = transitions[field];
    if (!(Number.isSafeInteger(value) && value >= 1))
      throw new ShapeError({ field, value, allowed: "a positive integer" });
  }
  const size = steps * envs;
  for (const field of ["rewards", "nextValues", "terminated", "truncated"] as const) {
    checkLength(field, transitions[field], size, steps, envs);
  }
  if (out) checkLength("out", out, size, steps, envs);
  return size;
}

/** The same, and `values` too. */
export function checkValuedTransitions(transitions: ValuedTransitions, out?: FloatArray): number {
  const size = checkTransitions(transitions, out);
  checkLength("values", transitions.values, size, transitions.steps, transitions.envs);
  return size;
}

export function checkLength(field: string, array: ArrayLike<number>, size: number, steps: number, envs: number): void {
  if (array?.length !== size) {
    throw new ShapeError({
      field,
      value: array?.length,
      allowed: `${steps} × ${envs} = ${size} numbers long ([T, N])`,
    });
  }
}

/** Throws ConfigError unless `value` lies in [0, 1]: a discount or a λ. */
export function checkFraction(field: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw new ConfigError({ field, value, allowed: "a number from 0 to 1" });
}
