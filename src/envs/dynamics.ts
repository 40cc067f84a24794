/**
 * How a built-in environment describes itself: pure functions on plain numbers.
 *
 * The state of environment n is `states[n · stateSize …]`, always float64. One `Dynamics` serves the plain environment
 * (N = 1) and the batch alike, so there is one physics to test.
 */

import type { Random } from "../random/index.ts";
import type { Space } from "../spaces/index.ts";

export interface Dynamics<A> {
  /** S: numbers of one environment's state. */
  readonly stateSize: number;
  readonly observationSpace: Space<ArrayLike<number>>;
  readonly actionSpace: Space<A>;
  /** Draws a start state into `states[offset … offset + S)`. */
  start(states: Float64Array, offset: number, random: Random): void;
  /**
   * One step of environments 0 … count − 1, in place.
   * @param states `[N, S]` read and written
   * @param actions `[N, actionSize]`, finite and, for Discrete, an index
   * @param rewards `[N]` written
   * @param terminated `[N]` written, 0 or 1
   */
  advance(
    states: Float64Array,
    actions: Float32Array,
    rewards: Float64Array,
    terminated: Uint8Array,
    count: number,
  ): void;
  /** Writes the observations of environments `from` … `to − 1` into `observations` `[N, flatSize]`. */
  observe(states: Float64Array, observations: Float32Array, from: number, to: number): void;
  /** Draws one state `[S]`. */
  draw(canvas: CanvasRenderingContext2D, state: Float64Array): void;
}
