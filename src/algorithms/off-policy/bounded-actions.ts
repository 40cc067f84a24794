import { ConfigError } from "../../errors.ts";
import { Box, type Space } from "../../spaces/index.ts";
import { add, mul, persistent, type Tensor } from "../../tensor/index.ts";

/**
 * The actions of a bounded Box as networks and replay buffers see them: each entry from −1 to 1 where the environment's goes from
 * `low` to `high` (as Stable-Baselines3's `scale_action`).
 */
export class BoundedActions {
  /** A */
  readonly size: number;
  readonly #centre: Float64Array;
  readonly #halfWidth: Float64Array;
  /** The same two for operations, `[A]`. */
  readonly #tensors: readonly [centre: Tensor, halfWidth: Tensor];

  /** @throws ConfigError for a space without finite bounds */
  constructor(space: Space<unknown>, algorithm: string) {
    if (!(space instanceof Box && space.bounded)) {
      const allowed = `a Box with finite bounds: ${algorithm} scales actions to them`;
      throw new ConfigError({ field: "action space", value: space, allowed });
    }
    this.size = space.actionSize;
    this.#centre = space.low.map((low, i) => (low + space.high[i]!) / 2);
    this.#halfWidth = space.low.map((low, i) => (space.high[i]! - low) / 2);
    this.#tensors = [
      persistent([this.size], "float32").set(this.#centre),
      persistent([this.size], "float32").set(this.#halfWidth),
    ];
  }

  /** Scaled actions `[N, A]` as the environments take them, into `out`. */
  toEnv(scaled: ArrayLike<number>, out: Float32Array): Float32Array {
    for (let i = 0; i < scaled.length; i++) {
      const k = i % this.size;
      out[i] = this.#centre[k]! + this.#halfWidth[k]! * scaled[i]!;
    }
    return out;
  }

  /** An action `[A]` of the environment, scaled; the inverse of `toEnv`. An entry that has no choice is 0. */
  fromEnv(action: ArrayLike<number>): Float32Array {
    const scale = (value: number, k: number) => (value - this.#centre[k]!) / (this.#halfWidth[k]! || 1);
    return Float32Array.from(action, (value, k) => Math.min(Math.max(scale(value, k), -1), 1));
  }

  /** `toEnv` as an operation. */
  toEnvTensor(scaled: Tensor): Tensor {
    const [centre, halfWidth] = this.#tensors;
    return add(mul(scaled, halfWidth), centre);
  }

  /** Makes what turns the scaled actions of N environments into their own form, which the next call overwrites. */
  forEnvs(count: number): (scaled: ArrayLike<number>) => Float32Array {
    const out = new Float32Array(count * this.size);
    return (scaled) => this.toEnv(scaled, out);
  }
}
