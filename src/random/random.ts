import { ConfigError, FormatError } from "../errors.ts";
import { selectCategory } from "./categorical.ts";
import { deriveKey } from "./derive.ts";
import { fillNormal32, fillNormal64, fillUniform32, fillUniform64, normal53, uniform53 } from "./fill.ts";
import { boundedInteger, boundedWord, checkBound } from "./integer.ts";
import { largestBelow } from "./largest-below.ts";
import { block, WordSource } from "./word-source.ts";

/** The two words of a key, 0 … 2^32-1, as JSON. */
export type KeyState = { readonly k0: number; readonly k1: number };

/** Where a stream stands: its key and its 64-bit counter of blocks, four integers 0 … 2^32-1. */
export type RandomState = KeyState & { readonly c0: number; readonly c1: number };

/** A place in the tree of streams, 64 bits. Immutable; `split` gives the branches, `stream` the numbers. */
export class Key implements KeyState {
  readonly k0: number;
  readonly k1: number;

  constructor(k0: number, k1: number) {
    this.k0 = k0 >>> 0;
    this.k1 = k1 >>> 0;
  }

  /** The root for a run's seed, a non-negative safe integer; different seeds give different keys. */
  static fromSeed(seed: number): Key {
    if (!(Number.isSafeInteger(seed) && seed >= 0)) {
      throw new ConfigError({ field: "seed", value: seed, allowed: "a non-negative safe integer" });
    }
    return new Key(seed, Math.floor(seed / 4294967296));
  }

  /**
   * The branch `name`, `index`: a function of this key and its two arguments alone, so that a run gives the same
   * numbers however it is cut into workers and slices. Branches of one name and different indices never collide, n
   * different names with probability below n²/2^65; none shares words with this key's own stream by construction.
   * ConfigError for a name over 2047 UTF-16 units or an index that is not a non-negative safe integer.
   */
  split(name: string, index = 0): Key {
    deriveKey(this.k0, this.k1, name, index);
    return new Key(block[0], block[1]);
  }

  /** The numbers of this key, from the first. */
  stream(): Random {
    return new Random(this);
  }

  toJSON(): KeyState {
    return { k0: this.k0, k1: this.k1 };
  }

  /** Reads what `toJSON` gave; FormatError where it is something else. */
  static fromJSON(json: KeyState): Key {
    checkWord(json, "k0");
    checkWord(json, "k1");
    return new Key(json.k0, json.k1);
  }
}

/**
 * A stream of random numbers: Threefry-2x32-20 under the key, counter from 0. Each call starts at a fresh block of
 * two words and drops what it does not use of its last one, so key and counter are the whole state:
 *
 * | call | words | blocks |
 * |---|---|---|
 * | `bits` | word 0 | 1 |
 * | `uniform` | ((w0 >>> 5) 2^26 + (w1 >>> 6)) 2^-53 | 1 |
 * | `normal` | Φ⁻¹ of the same 53 bits v as (v + ½) 2^-53 | 1 |
 * | `categorical` | one `uniform` | 1 |
 * | `integer` | word 0; word 1, then further blocks only after a rejection | 1 (2, …) |
 * | `fillUniform`, Float64Array | n times `uniform` | n |
 * | `fillUniform`, Float32Array | (w >>> 8) 2^-24, words in order | ⌈n/2⌉ |
 * | `fillNormal`, Float64Array | n times `normal` | n |
 * | `fillNormal`, Float32Array | Φ⁻¹((w + ½) 2^-32), words in order | ⌈n/2⌉ |
 * | `fillInteger` | one word each and one more for each rejection | ⌈words/2⌉ |
 * | `permutation`, `shuffle` | bounds n, n-1, … 2 as in `fillInteger` | ⌈words/2⌉ |
 */
export class Random {
  private readonly source: WordSource;

  /** @param state `[4]` where the stream's state shall be, beside others perhaps; see {@link Streams} */
  constructor(key: Key, state: Int32Array = new Int32Array(4)) {
    state.set([key.k0 | 0, key.k1 | 0, 0, 0]);
    this.source = new WordSource(state);
  }

  get key(): Key {
    return new Key(this.source.state[0], this.source.state[1]);
  }

  /** 32 random bits as an unsigned integer. */
  bits(): number {
    this.source.next();
    return block[0] >>> 0;
  }

  /** Uniform on [0, 1), a multiple of 2^-53. */
  uniform(): number {
    this.source.next();
    return uniform53(block[0], block[1]);
  }

  /** Standard normal, by inversion of one uniform number (Wichura 1988, AS 241). */
  normal(): number {
    this.source.next();
    return normal53(block[0], block[1]);
  }

  /** Integer in 0 … bound-1, unbiased (Lemire 2019); `bound` from 1 to 2^32, else ConfigError. */
  integer(bound: number): number {
    checkBound(bound);
    return boundedInteger(this.source, bound);
  }

  /**
   * Index into `probabilities[offset … offset + length - 1]`, counted from 0, with those (unnormalised) probabilities.
   * ConfigError if one is negative or not finite, or if all are 0; ShapeError if the range is empty or outside.
   */
  categorical(probabilities: ArrayLike<number>, offset = 0, length = probabilities.length - offset): number {
    return selectCategory(this.uniform(), probabilities, offset, length);
  }

  /** Fills `out` with uniform numbers on [low, high); `high` is never reached, not by rounding either. */
  fillUniform(out: Float32Array | Float64Array, low = 0, high = 1): void {
    const range = high - low;
    if (!(range > 0 && range < Number.POSITIVE_INFINITY)) {
      throw new ConfigError({ field: "high", value: high, allowed: `finite and greater than low (${low})` });
    }
    if (out instanceof Float32Array) fillUniform32(this.source, out, low, range, largestBelow(high, true));
    else fillUniform64(this.source, out, low, range, largestBelow(high, false));
  }

  /** Fills `out` with normal numbers. */
  fillNormal(out: Float32Array | Float64Array, mean = 0, std = 1): void {
    if (out instanceof Float32Array) fillNormal32(this.source, out, mean, std);
    else fillNormal64(this.source, out, mean, std);
  }

  /** Fills `out` with integers in 0 … bound-1. */
  fillInteger(out: Int32Array | Uint32Array, bound: number): void {
    checkBound(bound);
    this.source.open(out.length);
    for (let i = 0; i < out.length; i++) out[i] = boundedWord(this.source, bound);
    this.source.close();
  }

  /** Fills `out`, of n entries, with a uniformly random permutation of 0 … n-1, and returns it. */
  permutation(out: Int32Array): Int32Array {
    for (let i = 0; i < out.length; i++) out[i] = i;
    return this.shuffle(out);
  }

  /** Puts the entries of `items` in uniformly random order, in place (Fisher and Yates; Knuth, TAOCP 2, 3.4.2 P). */
  shuffle<T extends Int32Array | Uint32Array | Float32Array | Float64Array | unknown[]>(items: T): T {
    const list: { length: number; [index: number]: unknown } = items;
    this.source.open(list.length - 1);
    for (let i = list.length - 1; i > 0; i--) {
      const j = boundedWord(this.source, i + 1);
      const item = list[i];
      list[i] = list[j];
      list[j] = item;
    }
    this.source.close();
    return items;
  }

  /**
   * Moves on by `blocks` blocks, as if they had been drawn: for a kernel that makes the same words itself, from
   * `state()`. ConfigError unless a non-negative safe integer.
   */
  skip(blocks: number): void {
    if (!(Number.isSafeInteger(blocks) && blocks >= 0)) {
      throw new ConfigError({ field: "blocks", value: blocks, allowed: "a non-negative safe integer" });
    }
    this.source.skip(blocks);
  }

  /** All that the next draws depend on. */
  state(): RandomState {
    const [k0, k1, c0, c1] = this.source.state;
    return { k0: k0 >>> 0, k1: k1 >>> 0, c0: c0 >>> 0, c1: c1 >>> 0 };
  }

  /** Goes on from where `state` was taken, key included; FormatError where it is not such a state. */
  restore(state: RandomState): void {
    for (const field of ["k0", "k1", "c0", "c1"] as const) checkWord(state, field);
    this.source.state.set([state.k0 | 0, state.k1 | 0, state.c0 | 0, state.c1 | 0]);
  }
}

function checkWord<T extends object>(state: T, field: keyof T & string): void {
  const value: unknown = state?.[field];
  if (!(Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 0xffffffff)) {
    throw new FormatError({ field: `random.${field}`, value, allowed: "an integer from 0 to 4294967295" });
  }
}
