import { gae, type ValuedTransitions } from "../estimators/index.ts";
import { gatherRows, persistent, type Tensor } from "../tensor/index.ts";

export interface RolloutSizes {
  /** T: steps of each environment. */
  readonly steps: number;
  /** N: environments. */
  readonly envs: number;
  /** F: entries of a flat observation. */
  readonly observationSize: number;
  /** Shape of one action: `[]` for a single choice, else `[K]`. */
  readonly actionShape: readonly number[];
  /** uint8 where every entry is an integer from 0 to 255: a quarter of the memory. Default float32. */
  readonly observationType?: "float32" | "uint8";
  /** int32 for actions that are choices, float32 for continuous ones. */
  readonly actionType: "int32" | "float32";
  /** M: entries of an action mask, 0 for none. */
  readonly maskSize: number;
}

/** B rows of a rollout, as a loss reads them. */
export interface Minibatch {
  /** `[B, F]`, float32, or uint8 where observations are bytes. */
  readonly observations: Tensor;
  /** `[B, …action]` */
  readonly actions: Tensor;
  /** uint8 `[B, M]`, 1 where an action was allowed; left out where all were. */
  readonly masks?: Tensor | undefined;
  /** `[B]`, as the others: log π(a_t given s_t) and V(s_t) when they were collected. */
  readonly oldLogProbs: Tensor;
  readonly oldValues: Tensor;
  readonly advantages: Tensor;
  readonly returns: Tensor;
}

/**
 * What an on-policy learner collects before it learns, time-major: row `t * N + n` is step t of environment n. What the
 * network reads lies in the engine's memory, so that a minibatch is gathered there.
 *
 * | field | shape | meaning |
 * |---|---|---|
 * | observations | `[T·N, F]` | s_t, as the network saw it |
 * | actions | `[T·N, …action]` | a_t, before any clipping to the action space |
 * | logProbs | `[T·N]` | log π(a_t given s_t) at collection |
 * | values | `[T·N]` | V(s_t) at collection |
 * | advantages, returns | `[T·N]` | set by `finish` |
 * | rewards, nextValues | `[T·N]` | r_t and V of the true successor |
 * | terminated, truncated | `[T·N]` | 1 where the episode ended in this step |
 */
export class Rollout {
  readonly sizes: RolloutSizes;
  /** T·N */
  readonly size: number;
  readonly observations: Tensor;
  readonly actions: Tensor;
  readonly logProbs: Tensor;
  readonly values: Tensor;
  readonly advantages: Tensor;
  readonly returns: Tensor;
  readonly rewards: Float64Array;
  readonly nextValues: Float64Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  /** `[T·N, M]`, 1 where an action was allowed. */
  readonly masks: Uint8Array;

  constructor(sizes: RolloutSizes) {
    const { steps, envs, observationSize, observationType = "float32", actionShape, actionType, maskSize } = sizes;
    const rows = steps * envs;
    this.sizes = sizes;
    this.size = rows;
    this.observations = persistent([rows, observationSize], observationType);
    this.actions = persistent([rows, ...actionShape], actionType);
    this.logProbs = persistent([rows], "float32");
    this.values = persistent([rows], "float32");
    this.advantages = persistent([rows], "float32");
    this.returns = persistent([rows], "float32");
    this.rewards = new Float64Array(rows);
    this.nextValues = new Float64Array(rows);
    this.terminated = new Uint8Array(rows);
    this.truncated = new Uint8Array(rows);
    this.masks = new Uint8Array(rows * maskSize);
  }

  /**
   * Everything that the estimators read. `lastValues` `[N]` are V of the observations after the last step; `nextValues` must
   * be set where an episode was truncated, and is filled in here elsewhere.
   */
  transitions(lastValues: ArrayLike<number>): ValuedTransitions {
    const { rewards, nextValues, terminated, truncated } = this;
    const { steps, envs } = this.sizes;
    const values = this.values.data as Float32Array;
    const last = (steps - 1) * envs;
    for (let i = 0; i < steps * envs; i++) {
      if (!truncated[i]) nextValues[i] = i < last ? values[i + envs]! : lastValues[i - last]!;
    }
    return { steps, envs, rewards, values, nextValues, terminated, truncated };
  }

  /** Advantages by GAE(λ) and returns = advantages + values, in float64; `lastValues` as for `transitions`. */
  finish(lastValues: ArrayLike<number>, gamma: number, lambda: number): void {
    const transitions = this.transitions(lastValues);
    const advantages = gae(transitions, { gamma, lambda });
    this.advantages.set(advantages);
    const returns = this.returns.data;
    for (let i = 0; i < returns.length; i++) returns[i] = advantages[i]! + transitions.values[i]!;
  }

  /**
   * The given rows (int32 `[B]`) of everything that a loss reads, as operations of the engine. Masks (uint8 `[B, M]`) go
   * along as they are: see `gatherMasks`.
   */
  minibatch(rows: Tensor, masks: Tensor): Minibatch {
    return {
      observations: gatherRows(this.observations, rows),
      actions: gatherRows(this.actions, rows),
      masks: this.sizes.maskSize > 0 ? masks : undefined,
      oldLogProbs: gatherRows(this.logProbs, rows),
      oldValues: gatherRows(this.values, rows),
      advantages: gatherRows(this.advantages, rows),
      returns: gatherRows(this.returns, rows),
    };
  }

  /** The action masks of the given rows into `out` `[B, M]`; without masks M is 0. Bytes are not gathered by the engine. */
  gatherMasks(rows: Int32Array, out: Tensor): void {
    const { maskSize } = this.sizes;
    if (maskSize === 0) return;
    const { data } = out;
    for (let i = 0; i < rows.length; i++) {
      const from = rows[i]! * maskSize;
      for (let j = 0; j < maskSize; j++) data[i * maskSize + j] = this.masks[from + j]!;
    }
  }
}
