import { block, threefry2x32 } from "./threefry.ts";
import { threefryFill } from "./threefry-fill.ts";

const CHUNK_BLOCKS = 512;

/**
 * Where the bulk draws find their words. One scratch for all streams: it is written and read within one call and
 * carries nothing from one call to the next.
 */
export const scratch = new Int32Array(2 * CHUNK_BLOCKS);

/** The words of one stream in order: block c of the counter gives words 0 and 1. Its whole state is key and counter. */
export class WordSource {
  private cursor = 0;
  private limit = 0;

  /** @param state `[4]` the key's two words and the counter's low and high one, as signed integers; moved on in place */
  constructor(readonly state: Int32Array) {}

  /** Leaves the next block in `block` and moves the counter on by one. */
  next(): void {
    const { state } = this;
    threefry2x32(state[0], state[1], state[2], state[3]);
    state[2]++;
    if (state[2] === 0) state[3]++;
  }

  /** Writes up to `blocks` blocks into {@link scratch}, as many as fit, and returns how many. */
  fill(blocks: number): number {
    const count = Math.min(blocks, CHUNK_BLOCKS);
    const { state } = this;
    threefryFill(state[0], state[1], state[2], state[3], scratch, count);
    this.skip(count);
    return count;
  }

  /** Moves the counter by `blocks`, modulo 2^64; |blocks| below 2^53. */
  skip(blocks: number): void {
    const low = (this.state[2] >>> 0) + blocks;
    this.state[2] = low | 0;
    this.state[3] = (this.state[3] + Math.floor(low / 4294967296)) | 0;
  }

  /** Begins a run of single words, of which about `expected` will be wanted; ended by {@link close}. */
  open(expected: number): void {
    this.cursor = 0;
    this.limit = expected > 0 ? 2 * this.fill((expected + 1) >>> 1) : 0;
  }

  /** The next word of the run as an unsigned integer. */
  word(): number {
    if (this.cursor === this.limit) {
      this.limit = 2 * this.fill(8);
      this.cursor = 0;
    }
    return scratch[this.cursor++] >>> 0;
  }

  /** Ends the run: blocks that no word was taken from are given back, so the run's length alone decides the counter. */
  close(): void {
    this.skip(-((this.limit - this.cursor) >>> 1));
  }
}

export { block };
