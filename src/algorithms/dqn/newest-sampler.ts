import type { ReplayBuffer, ReplaySampler } from "../../data/index.ts";

/** No replay: the newest transitions of a buffer alone, each once; as often as it takes where there are fewer. */
export class NewestSampler implements ReplaySampler {
  readonly #buffer: ReplayBuffer;

  constructor(buffer: ReplayBuffer) {
    this.#buffer = buffer;
  }

  moveTo(): void {}

  added(): void {}

  draw(rows: Int32Array, size: number, weights: { [i: number]: number }): void {
    const last = this.#buffer.newest + this.#buffer.sizes.envs - 1;
    for (let i = 0; i < rows.length; i++) {
      const row = last - (i % size);
      rows[i] = row < 0 ? row + size : row;
      weights[i] = 1;
    }
  }

  found(): void {}

  save() {
    return { json: {}, arrays: {} };
  }

  load(): void {}
}
