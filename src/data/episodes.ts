import type { FloatArray, ValuedTransitions } from "../estimators/index.ts";
import type { Tensor } from "../tensor/index.ts";
import { SparseRows } from "./sparse-rows.ts";

export interface EpisodeSizes {
  /** N: environments. */
  readonly envs: number;
  /** F: entries of a flat observation, or what the network reads of it where that is less. */
  readonly observationSize: number;
  /** A: numbers of one action. */
  readonly actionSize: number;
  /** M: entries of an action mask, 0 for none. */
  readonly maskSize: number;
  /** Whether `nextObservations` are kept; default false. */
  readonly keepsNext?: boolean;
  /** Whether observations are kept without what is 0 in them, for those that are almost all 0; default false. */
  readonly sparse?: boolean;
}

/**
 * Whole episodes of N environments, time-major: row `t * N + n` is step t of environment n. It grows with the longest; an
 * environment that has played its episodes waits for the others, and its rows from then on hold nothing to learn from.
 *
 * | field | shape | meaning |
 * |---|---|---|
 * | observations | `[T·N, F]` | s_t, as the network saw it; empty where they are sparse: `gather` has them |
 * | nextObservations | `[T·N, F]` | s_t+1 before any reset; empty unless `keepsNext` |
 * | actions | `[T·N, A]` | a_t, before any clipping to the action space |
 * | masks | `[T·N, M]` | 1 where an action was allowed |
 * | values | `[T·N]` | V(s_t) at collection |
 * | rewards, nextValues | `[T·N]` | r_t, and V of the final observation where the episode was truncated |
 * | terminated, truncated | `[T·N]` | 1 where the episode ended in this step; rows that hold nothing are terminated |
 * | played | `[T·N]` | 1 where the row holds a step of an episode |
 */
export class Episodes {
  readonly sizes: EpisodeSizes;
  readonly #sparse: SparseRows | undefined;
  /** T so far. */
  steps = 0;
  /** Episodes that are complete. */
  count = 0;
  observations = new Float32Array(0);
  nextObservations = new Float32Array(0);
  actions = new Float32Array(0);
  masks = new Uint8Array(0);
  values = new Float32Array(0);
  rewards = new Float64Array(0);
  nextValues = new Float64Array(0);
  terminated = new Uint8Array(0);
  truncated = new Uint8Array(0);
  played = new Uint8Array(0);
  #capacity = 0;

  constructor(sizes: EpisodeSizes) {
    this.sizes = sizes;
    if (sizes.sparse) this.#sparse = new SparseRows();
  }

  clear(): void {
    this.steps = 0;
    this.count = 0;
    this.#sparse?.clear();
  }

  /** T·N */
  get size(): number {
    return this.steps * this.sizes.envs;
  }

  /** Opens the N rows of one more step, as rows that hold nothing; returns the first of them. */
  open(): number {
    const { envs } = this.sizes;
    if (this.steps === this.#capacity) this.#grow(Math.max(128, 2 * this.#capacity));
    const row = this.steps++ * envs;
    this.rewards.fill(0, row, row + envs);
    this.nextValues.fill(0, row, row + envs);
    this.terminated.fill(1, row, row + envs);
    this.truncated.fill(0, row, row + envs);
    this.played.fill(0, row, row + envs);
    return row;
  }

  /**
   * Writes s_t `[N, F]` of the step that was opened last, of which `row` is the first row.
   * @param isKept `[N]` 0 where an environment waits: what it observes need not be kept
   */
  observe(row: number, observations: Float32Array, isKept?: ArrayLike<number>): void {
    if (this.#sparse) this.#sparse.add(observations, this.sizes.observationSize, isKept);
    else this.observations.set(observations, row * this.sizes.observationSize);
  }

  /** Indices of the rows that hold a step of an episode. */
  playedRows(): Int32Array {
    const rows = new Int32Array(this.size);
    let count = 0;
    for (let i = 0; i < rows.length; i++) if (this.played[i]) rows[count++] = i;
    return rows.subarray(0, count);
  }

  /** Everything but observations and actions, as the estimators read it. */
  transitions(): ValuedTransitions {
    const { steps, size } = this;
    return {
      steps,
      envs: this.sizes.envs,
      rewards: this.rewards.subarray(0, size),
      values: this.values.subarray(0, size),
      nextValues: this.nextValues.subarray(0, size),
      terminated: this.terminated.subarray(0, size),
      truncated: this.truncated.subarray(0, size),
    };
  }

  /**
   * Copies what the network reads of the given rows to the front of tensors of at least as many rows. In the rest of them
   * all actions are allowed, whatever else is left there.
   */
  gather(rows: Int32Array, into: { observations: Tensor; actions: Tensor; masks: Tensor }): void {
    const { observationSize, actionSize, maskSize } = this.sizes;
    into.masks.data.fill(1);
    const { data } = into.observations;
    if (this.#sparse) this.#sparse.gather(rows, observationSize, data);
    else gather(this.observations, rows, observationSize, data);
    gather(this.actions, rows, actionSize, into.actions.data);
    gather(this.masks, rows, maskSize, into.masks.data);
  }

  #grow(capacity: number): void {
    const { envs, observationSize, actionSize, maskSize } = this.sizes;
    const rows = capacity * envs;
    const copy = <A extends FloatArray | Uint8Array>(larger: A, old: A): A => {
      larger.set(old);
      return larger;
    };
    this.observations = copy(new Float32Array(this.#sparse ? 0 : rows * observationSize), this.observations);
    const nextSize = this.sizes.keepsNext ? observationSize : 0;
    this.nextObservations = copy(new Float32Array(rows * nextSize), this.nextObservations);
    this.actions = copy(new Float32Array(rows * actionSize), this.actions);
    this.masks = copy(new Uint8Array(rows * maskSize), this.masks);
    this.values = copy(new Float32Array(rows), this.values);
    this.rewards = copy(new Float64Array(rows), this.rewards);
    this.nextValues = copy(new Float64Array(rows), this.nextValues);
    this.terminated = copy(new Uint8Array(rows), this.terminated);
    this.truncated = copy(new Uint8Array(rows), this.truncated);
    this.played = copy(new Uint8Array(rows), this.played);
    this.#capacity = capacity;
  }
}

/** Rows of `width` numbers each, to the front of `out`. */
export function gather(field: ArrayLike<number>, rows: Int32Array, width: number, out: { [i: number]: number }): void {
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i]! * width;
    for (let j = 0; j < width; j++) out[i * width + j] = field[from + j]!;
  }
}
