/**
 * One of `width` things for each of N environments, as an index and as a one-hot row. The rows are made when somebody first asks
 * for them and follow the indices from then on: a method with a table never looks at them.
 */
export class OneHotRows {
  /** `[N]` */
  readonly indices: Int32Array;
  readonly #width: number;
  /** `[N, width]` */
  #rows: Float32Array | undefined;
  /** `[N]` where the 1 stands in each row. */
  readonly #hot: Int32Array;

  constructor(count: number, width: number) {
    this.indices = new Int32Array(count);
    this.#width = width;
    this.#hot = new Int32Array(count);
  }

  /** `[N, width]`, the same array for ever. */
  get rows(): Float32Array {
    if (this.#rows === undefined) {
      this.#rows = new Float32Array(this.indices.length * this.#width);
      this.follow(0, this.indices.length);
    }
    return this.#rows;
  }

  /** Called when the indices `from` … `to − 1` have changed. */
  follow(from: number, to: number): void {
    const rows = this.#rows;
    if (rows === undefined) return;
    for (let n = from; n < to; n++) {
      rows[n * this.#width + this.#hot[n]] = 0;
      this.#hot[n] = this.indices[n];
      rows[n * this.#width + this.#hot[n]] = 1;
    }
  }
}
