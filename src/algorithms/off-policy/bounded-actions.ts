import { ConfigError } from "../../errors.ts";
import type { Random } from "../../random/index.ts";
import { Box, type Space } from "../../spaces/index.ts";

/**
 * The actions of a bounded Box as networks and replay buffers see them: each entry from −1 to 1 where the environment's goes from
 * `low` to `high` (as Stable-Baselines3's `scale_action`).
 */
export class BoundedActions {
  /** A */
  readonly size: number;
  readonly #centre: Float64Array;
  readonly #halfWidth: Float64Array;

  /** @throws ConfigError for a space without finite bounds */
  constructor(space: Space<unknown>, algorithm: string) {
    if (!(space instanceof Box && space.bounded)) {
      const allowed = `a Box with finite bounds: ${algorithm} scales actions to them`;
      throw new ConfigError({ field: "action space", value: space, allowed });
    }
    this.size = space.actionSize;
    this.#centre = space.low.map((low, i) => (low + space.high[i]!) / 2);
    this.#halfWidth = space.low.map((low, i) => (space.high[i]! - low) / 2);
  }

  /** Scaled actions `[N, A]` as the environments take them, into `out`. */
  toEnv(scaled: ArrayLike<number>, out: Float32Array): Float32Array {
    for (let i = 0; i < scaled.length; i++) {
      const k = i % this.size;
      out[i] = this.#centre[k]! + this.#halfWidth[k]! * scaled[i]!;
    }
    return out;
  }

  /** Uniform ones. */
  sample(random: Random, out: Float32Array): void {
    random.fillUniform(out, -1, 1);
  }
}
