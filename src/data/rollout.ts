import { gae } from "../estimators/index.ts";
import { persistent, type Tensor } from "../tensor/index.ts";

export interface RolloutSizes {
  /** T: steps of each environment. */
  readonly steps: number;
  /** N: environments. */
  readonly envs: number;
  /** F: entries of a flat observation. */
  readonly observationSize: number;
  /** K: entries of an action. */
  readonly actionSize: number;
  /** int32 for actions that are choices, float32 for continuous ones. */
  readonly actionType: "int32" | "float32";
  /** M: entries of an action mask, 0 for none. */
  readonly maskSize: number;
}

/**
 * What an on-policy learner collects before it learns, time-major: row `t * N + n` is step t of environment n. What the
 * network reads lies in the engine's memory, so that a minibatch is gathered there.
 *
 * | field | shape | meaning |
 * |---|---|---|
 * | observations | `[T·N, F]` | s_t, as the network saw it |
 * | actions | `[T·N, K]` | a_t, before any clipping to the action space |
 * | logProbs | `[T·N]` | log π(a_t given s_t) at collection |
 * | values | `[T·N]` | V(s_t) at collection |
 * | advantages, returns | `[T·N]` | set by `finish` |
 * | rewards, nextValues | `[T·N]` | r_t and V of the true successor |
 * | terminated, truncated | `[T·N]` | 1 where the episode ended in this step |
 */
export class Rollout {
  readonly sizes: RolloutSizes;
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
    const { steps, envs, observationSize, actionSize, actionType, maskSize } = sizes;
    const rows = steps * envs;
    this.sizes = sizes;
    this.observations = persistent([rows, observationSize], "float32");
    this.actions = persistent([rows, actionSize], actionType);
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

  /** Advantages by GAE(λ) and returns = advantages + values, in float64; every other field must be complete. */
  finish(gamma: number, lambda: number): void {
    const { steps, envs } = this.sizes;
    const values = this.values.data as Float32Array;
    const advantages = gae({ ...this, steps, envs, values }, { gamma, lambda });
    this.advantages.set(advantages);
    const returns = this.returns.data;
    for (let i = 0; i < returns.length; i++) returns[i] = advantages[i]! + values[i]!;
  }
}
