import type { SafetensorsTensor } from "../../nn/index.ts";
import type { Random, RandomState } from "../../random/index.ts";

/** Decides which transitions of a replay buffer are learned from. */
export interface ReplaySampler {
  /** Moves what changes over a run to where `progressRemaining` says, 1 at its start and 0 at its end. */
  moveTo(progressRemaining: number): void;
  /** Takes note that the rows `first … first + count` were overwritten. */
  added(first: number, count: number): void;
  /** Draws as many rows as fit, of `size` that are filled, and their importance weights, at most 1. */
  draw(rows: Int32Array, size: number, weights: { [i: number]: number }): void;
  /** Takes note of how wrong the values of drawn rows were: their temporal-difference errors, of either sign. */
  found(rows: Int32Array, errors: ArrayLike<number>): void;
  save(): { json: SamplerState; arrays: Record<string, SafetensorsTensor> };
  load(saved: { json: SamplerState; arrays: Readonly<Record<string, SafetensorsTensor>> }): void;
}

/** Plain JSON. */
export interface SamplerState {
  readonly [name: string]: number | RandomState;
}

/** Every transition as likely as any other, with replacement (Mnih et al. 2015). */
export class UniformSampler implements ReplaySampler {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  moveTo(): void {}

  added(): void {}

  draw(rows: Int32Array, size: number, weights: { [i: number]: number }): void {
    this.#random.fillInteger(rows, size);
    for (let i = 0; i < rows.length; i++) weights[i] = 1;
  }

  found(): void {}

  save() {
    return { json: { random: { ...this.#random.state() } }, arrays: {} };
  }

  load({ json }: { json: SamplerState }): void {
    this.#random.restore(json.random as RandomState);
  }
}
