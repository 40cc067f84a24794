import { block, threefry2x32 } from "./threefry.ts";
import { threefryFill } from "./threefry-fill.ts";
import { pair, threefryPair } from "./threefry-pair.ts";

const CHUNK_BLOCKS = 512;

/**
 * Where the bulk draws find their words. One scratch for all streams: it is written and read within one call and
 * carries nothing from one call to the next.
 */
export const scratch = new Int32Array(2 * CHUNK_BLOCKS);

/** The words of one stream in order: block c of the counter gives words 0 and 1. Its whole state is key and counter. */
export class WordSource {
  k0: number;
  k1: number;
  c0 = 0;
  c1 = 0;
  private cursor = 0;
  private limit = 0;

  constructor(k0: number, k1: number) {
    this.k0 = k0 | 0;
    this.k1 = k1 | 0;
  }

  /** Leaves the next block in `block` and moves the counter on by one. */
  next(): void {
    threefry2x32(this.k0, this.k1, this.c0, this.c1);
    this.advance();
  }

  /** Moves the counter on by one block. */
  advance(): void {
    this.c0 = (this.c0 + 1) | 0;
    if (this.c0 === 0) this.c1 = (this.c1 + 1) | 0;
  }

  /** Writes up to `blocks` blocks into {@link scratch}, as many as fit, and returns how many. */
  fill(blocks: number): number {
    const count = Math.min(blocks, CHUNK_BLOCKS);
    threefryFill(this.k0, this.k1, this.c0, this.c1, scratch, count);
    this.skip(count);
    return count;
  }

  /** Moves the counter by `blocks`, modulo 2^64; |blocks| below 2^53. */
  skip(blocks: number): void {
    const low = (this.c0 >>> 0) + blocks;
    this.c0 = low | 0;
    this.c1 = (this.c1 + Math.floor(low / 4294967296)) | 0;
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

/** Leaves the next block of each of two different streams in `pair`, and moves both counters on by one. */
export function nextOfBoth(first: WordSource, second: WordSource): void {
  threefryPair(first.k0, first.k1, first.c0, first.c1, second.k0, second.k1, second.c0, second.c1);
  first.advance();
  second.advance();
}

export { block, pair };
