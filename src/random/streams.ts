import { type Key, Random } from "./random.ts";

/** N streams whose states lie side by side, so that a kernel can draw from all of them at once. */
export class Streams {
  /**
   * `[N, 4]` of each stream the key's two words and the low and high word of its counter. Who makes words of a stream without
   * its `Random` moves its counter on.
   */
  readonly states: Int32Array;
  /** `[N]` */
  readonly each: readonly Random[];

  constructor(keys: readonly Key[]) {
    this.states = new Int32Array(4 * keys.length);
    this.each = keys.map((key, n) => new Random(key, this.states.subarray(4 * n, 4 * n + 4)));
  }
}
