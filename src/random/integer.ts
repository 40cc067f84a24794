import { ConfigError } from "../errors.ts";
import { block, type WordSource } from "./word-source.ts";

const TWO_32 = 4294967296;

/** The high half of the 64-bit product word · bound; the low half is `Math.imul(word, bound) >>> 0`. */
function highProduct(word: number, bound: number, low: number): number {
  // The double product errs by less than 2^11, far below the 2^32 that the difference is a multiple of.
  return Math.floor((word * bound - low) / TWO_32 + 0.5);
}

/** Words below this low half are rejected, so that every result is hit by the same number of words. */
function rejectBelow(bound: number): number {
  return (TWO_32 - bound) % bound;
}

export function checkBound(bound: number): void {
  if (!(Number.isInteger(bound) && bound >= 1 && bound <= TWO_32)) {
    throw new ConfigError({ field: "bound", value: bound, allowed: "an integer from 1 to 4294967296" });
  }
}

/**
 * Unbiased integer in 0 … bound-1 from the words of a run: Lemire 2019, "Fast random integer generation in an
 * interval", algorithm 5. One word per draw, another for each rejection.
 */
export function boundedWord(source: WordSource, bound: number): number {
  const word = source.word();
  const low = Math.imul(word, bound) >>> 0;
  if (low < bound) return rejecting(word, low, bound, () => source.word());
  return highProduct(word, bound, low);
}

/** The same from whole blocks: word 0, then word 1, then the next block. */
export function boundedInteger(source: WordSource, bound: number): number {
  source.next();
  const word = block[0] >>> 0;
  const low = Math.imul(word, bound) >>> 0;
  if (low >= bound) return highProduct(word, bound, low);
  let second = false;
  return rejecting(word, low, bound, () => {
    second = !second;
    if (!second) source.next();
    return block[second ? 1 : 0] >>> 0;
  });
}

function rejecting(word: number, low: number, bound: number, next: () => number): number {
  const reject = rejectBelow(bound);
  while (low < reject) {
    word = next();
    low = Math.imul(word, bound) >>> 0;
  }
  return highProduct(word, bound, low);
}
