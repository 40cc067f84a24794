import { FormatError } from "../../errors.ts";
import type { SafetensorsTensor } from "../../nn/index.ts";
import { gatherRows, persistent, type Tensor } from "../../tensor/index.ts";
import { DenseStore } from "./dense-store.ts";
import { FrameStore } from "./frame-store.ts";
import type { ObservationForm, ObservationStore } from "./observation-store.ts";
import type { ReplayInputs, StepOutcome, TransitionBatch } from "./transitions.ts";

export interface ReplaySizes extends ObservationForm {
  /** Transitions of all environments together that are kept; rounded down to whole steps of all, at least one. */
  readonly capacity: number;
  /** N: environments. */
  readonly envs: number;
  /** Shape of one action: `[]` for a single choice, else `[K]`. */
  readonly actionShape: readonly number[];
  /** int32 for actions that are choices, float32 for continuous ones. */
  readonly actionType: "int32" | "float32";
  /** M: entries of an action mask, 0 for none. */
  readonly maskSize: number;
}

/**
 * The last transitions of N environments in a ring (Lin 1992; Mnih et al. 2015), time-major: row `t * N + n` is step t of
 * environment n, and the newest step overwrites the oldest. What the network reads lies in the engine's memory, so that a
 * minibatch is gathered there. Observations, s_t and s_t+1 before any reset, are kept by a store of their form.
 *
 * | field | shape | meaning |
 * |---|---|---|
 * | actions | `[T·N, …action]` | a_t |
 * | masks, nextMasks | `[T·N, M]` | 1 where an action was allowed; after an end all are: masks of final observations are not known |
 * | rewards | `[T·N]` | r_t |
 * | terminated, truncated | `[T·N]` | 1 where the episode ended in this step |
 */
export class ReplayBuffer {
  readonly sizes: ReplaySizes;
  /** T: steps of each environment that fit. */
  readonly steps: number;
  /** T·N */
  readonly rows: number;
  readonly store: ObservationStore;
  readonly actions: Tensor;
  readonly masks: Tensor;
  readonly nextMasks: Tensor;
  readonly rewards: Float32Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  /** Steps added since the beginning, forgotten ones included. */
  #added = 0;

  /** @throws MemoryError or RangeError where there is no memory of this size */
  constructor(sizes: ReplaySizes) {
    const { capacity, envs, actionShape, actionType, maskSize, stackedFrames = 1 } = sizes;
    this.sizes = sizes;
    this.steps = Math.max(1, Math.floor(capacity / envs));
    const rows = this.steps * envs;
    this.rows = rows;
    this.store = new (stackedFrames > 1 ? FrameStore : DenseStore)(this.steps, envs, sizes);
    this.actions = persistent([rows, ...actionShape], actionType);
    this.masks = persistent([rows, maskSize], "uint8");
    this.nextMasks = persistent([rows, maskSize], "uint8");
    this.rewards = new Float32Array(rows);
    this.terminated = new Uint8Array(rows);
    this.truncated = new Uint8Array(rows);
  }

  /** Transitions that are kept now. */
  get size(): number {
    return Math.min(this.#added, this.steps) * this.sizes.envs;
  }

  /** Memory that is taken now. */
  get bytes(): number {
    const { store, actions, masks, nextMasks, rewards, terminated, truncated } = this;
    const arrays = [actions.data, masks.data, nextMasks.data, rewards, terminated, truncated];
    return arrays.reduce((sum, { byteLength }) => sum + byteLength, store.bytes);
  }

  /** `[T·N, F]` s, where they are kept whole. @throws RangeError where single frames are */
  get observations(): Tensor {
    return this.#whole().observations;
  }

  /** `[T·N, F]` s′, where they are kept whole. @throws RangeError where single frames are */
  get nextObservations(): Tensor {
    return this.#whole().nextObservations;
  }

  #whole(): DenseStore {
    if (this.store instanceof DenseStore) return this.store;
    throw new RangeError("stacked frames are not kept as whole observations");
  }

  /** First row of the newest step; meaningless before the first. */
  get newest(): number {
    return ((this.#added - 1) % this.steps) * this.sizes.envs;
  }

  /** Takes note of what the next action is chosen from; called before the environments step, which overwrites it. */
  observe({ observations, actionMasks }: Pick<StepOutcome, "observations" | "actionMasks">): void {
    const row = (this.#added % this.steps) * this.sizes.envs;
    this.store.observe(this.#added, observations);
    if (actionMasks) this.masks.data.set(actionMasks, row * this.sizes.maskSize);
  }

  /** Takes note of what came of `actions` `[N, A]`, after the environments stepped. */
  record(actions: ArrayLike<number>, outcome: StepOutcome): void {
    const { envs, maskSize } = this.sizes;
    const row = (this.#added % this.steps) * envs;
    this.store.record(this.#added++, outcome);
    this.actions.data.set(actions, (row * actions.length) / envs);
    this.rewards.set(outcome.rewards, row);
    this.terminated.set(outcome.terminated, row);
    this.truncated.set(outcome.truncated, row);
    if (outcome.actionMasks) this.nextMasks.data.set(outcome.actionMasks, row * maskSize);
    for (let n = 0; n < envs; n++) {
      if (!outcome.terminated[n] && !outcome.truncated[n]) continue;
      this.nextMasks.data.fill(1, (row + n) * maskSize, (row + n + 1) * maskSize);
    }
  }

  /**
   * The environments were left, and begin new episodes: what was added last goes no further, as at a time limit. Masks of what
   * would have followed are not known.
   */
  cut(): void {
    if (this.#added === 0) return;
    const { envs, maskSize } = this.sizes;
    for (let row = this.newest; row < this.newest + envs; row++) {
      if (this.terminated[row] || this.truncated[row]) continue;
      this.truncated[row] = 1;
      this.nextMasks.data.fill(1, row * maskSize, (row + 1) * maskSize);
    }
    this.store.cut(this.#added - 1);
  }

  /**
   * Sums up the windows of at most n steps that begin at the given rows (Sutton & Barto 2018, equation 7.1): each ends with its
   * episode, with the newest step, or after n. A window that ends without termination is bootstrapped, a truncated one too.
   */
  window(rows: Int32Array, n: number, gamma: number, into: ReplayInputs): void {
    const { envs } = this.sizes;
    const { rewards, terminated, truncated, rows: total } = this;
    const newest = this.newest;
    const lastRows = into.lastRows.data;
    const returns = into.returns.data;
    const discounts = into.discounts.data;
    for (let i = 0; i < rows.length; i++) {
      let row = rows[i]!;
      let sum = rewards[row]!;
      let discount = gamma;
      for (let k = 1; k < n; k++) {
        const isNewest = row >= newest && row < newest + envs;
        if (isNewest || terminated[row] || truncated[row]) break;
        row = row + envs < total ? row + envs : row + envs - total;
        sum += discount * rewards[row]!;
        discount *= gamma;
      }
      lastRows[i] = row;
      returns[i] = sum;
      discounts[i] = terminated[row] ? 0 : discount;
    }
    into.rows.set(rows);
    this.store.prepare(into);
  }

  /** The given transitions, as operations of the engine. */
  minibatch(inputs: ReplayInputs): TransitionBatch {
    const { rows, lastRows, returns, discounts, weights } = inputs;
    const masked = this.sizes.maskSize > 0;
    return {
      ...this.store.gather(inputs),
      actions: gatherRows(this.actions, rows),
      masks: masked ? gatherRows(this.masks, rows) : undefined,
      nextMasks: masked ? gatherRows(this.nextMasks, lastRows) : undefined,
      returns,
      discounts,
      weights,
    };
  }

  /** What an exact resume needs, as far as the buffer is filled. */
  save(): { added: number; arrays: Record<string, SafetensorsTensor> } {
    const rows = this.size;
    const arrays = Object.entries(this.#fields()).map(([name, { data, dtype, width }]) => {
      return [name, { dtype, shape: [rows, width], data: data.slice(0, rows * width) }] as const;
    });
    return { added: this.#added, arrays: { ...this.store.save(this.#added), ...Object.fromEntries(arrays) } };
  }

  /** Goes on from what `save` gave. @throws FormatError for arrays of other sizes */
  load({ added, arrays }: { added: number; arrays: Readonly<Record<string, SafetensorsTensor>> }): void {
    this.#added = added;
    this.store.load(added, arrays);
    const rows = this.size;
    for (const [name, { data, width }] of Object.entries(this.#fields())) {
      const saved = arrays[name];
      if (saved?.data.length !== rows * width) throw new FormatError(`replay/${name} has not ${rows} rows of ${width}`);
      data.set(saved.data as ArrayLike<number>);
    }
  }

  #fields() {
    const { maskSize, actionType } = this.sizes;
    const width = this.sizes.actionShape.reduce((product, size) => product * size, 1);
    const bytes = (data: Uint8Array, width: number) => ({ data, dtype: "U8", width }) as const;
    return {
      actions: {
        data: this.actions.data as Float32Array | Int32Array,
        dtype: actionType === "int32" ? "I32" : "F32",
        width,
      },
      rewards: { data: this.rewards, dtype: "F32", width: 1 },
      terminated: bytes(this.terminated, 1),
      truncated: bytes(this.truncated, 1),
      masks: bytes(this.masks.data as Uint8Array, maskSize),
      nextMasks: bytes(this.nextMasks.data as Uint8Array, maskSize),
    } as const;
  }
}
