import type { Json } from "../../envs/index.ts";
import { readCount, readRecord } from "../../envs/packing.ts";
import type { Random, RandomState } from "../../random/index.ts";
import { persistent, randomUniform, step, type Tensor } from "../../tensor/index.ts";

/** About as many numbers as are drawn at once: enough to share the cost of a call, few enough to stay in the cache. */
const CHUNK = 2048;

/**
 * Uniform numbers on [0, 1) in rows of N, drawn in bulk by the kernel that makes the numbers of `Random.fillUniform`, in a quarter
 * of the time; multiples of 2^-24, which is fine enough to choose among actions.
 */
export class Draws {
  /** Row `next()` begins there. */
  readonly numbers: Float32Array;
  readonly #random: Random;
  /** The same stream for the kernel. */
  readonly #stream: Tensor = persistent([4], "int32");
  readonly #rowSize: number;
  #cursor: number;
  /** Where the stream stood before the present numbers were drawn. */
  #before: RandomState;

  constructor(random: Random, rowSize: number) {
    this.numbers = new Float32Array(Math.ceil(CHUNK / rowSize) * rowSize);
    this.#random = random;
    this.#rowSize = rowSize;
    this.#cursor = this.numbers.length;
    this.#before = random.state();
  }

  /** Where the next row begins in `numbers`, `[rowSize]`. */
  next(): number {
    if (this.#cursor === this.numbers.length) {
      this.#before = this.#random.state();
      this.#draw();
      this.#cursor = 0;
    }
    const from = this.#cursor;
    this.#cursor += this.#rowSize;
    return from;
  }

  save(): Json {
    // Where all numbers are used up, the next ones come from where the stream stands now.
    const isUsedUp = this.#cursor === this.numbers.length;
    return { random: isUsedUp ? { ...this.#random.state() } : { ...this.#before }, cursor: this.#cursor };
  }

  /** @throws FormatError where `state` is not what `save` gave */
  load(state: Json | undefined): void {
    const { random, cursor } = readRecord("draws", state);
    this.#random.restore(random as unknown as RandomState);
    this.#before = this.#random.state();
    const given = Math.min(this.numbers.length, readCount("draws.cursor", cursor));
    this.#cursor = given - (given % this.#rowSize);
    if (this.#cursor < this.numbers.length) this.#draw();
  }

  #draw(): void {
    const { k0, k1, c0, c1 } = this.#random.state();
    const { length } = this.numbers;
    this.#stream.set([k0 | 0, k1 | 0, c0 | 0, c1 | 0]);
    step(() => this.numbers.set(randomUniform(this.#stream, [length]).data));
    this.#random.skip(Math.ceil(length / 2));
  }
}
