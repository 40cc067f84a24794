import { noGrad, plan, type Tensor } from "../tensor/index.ts";

/** Rows that are judged at once, at most: enough for the matrix products, few enough that what lies between them stays in the cache. */
const MOST = 256;

/** V(s) of many observations, whatever their number, by one plan recorded for a fixed number of rows. */
export class BatchCritic {
  readonly #width: number;
  readonly #rows: number;
  readonly #plan: ReturnType<typeof planValues>;

  /**
   * @param count N, of what is mostly judged: it is cut into equal parts
   * @param width F
   */
  constructor(network: { values(observations: Tensor): Tensor }, count: number, width: number) {
    this.#width = width;
    this.#rows = Math.ceil(count / Math.ceil(count / MOST));
    this.#plan = planValues(network, this.#rows, width);
  }

  /** Writes V of `observations` `[N, F]` into `out` `[N]`. */
  judge(observations: Float32Array | Uint8Array, out: Tensor): void {
    const width = this.#width;
    const inputs = this.#plan.inputs.observations.data as Float32Array;
    const count = observations.length / width;
    for (let row = 0; row < count; row += this.#rows) {
      const rows = Math.min(this.#rows, count - row);
      // Rows beyond the last keep what they held; each row's value depends on that row alone.
      inputs.set(observations.subarray(row * width, (row + rows) * width));
      out.data.set((this.#plan.run().data as Float32Array).subarray(0, rows), row);
    }
  }
}

function planValues(network: { values(observations: Tensor): Tensor }, rows: number, width: number) {
  return plan({ observations: { shape: [rows, width] } }, ({ observations }) =>
    noGrad(() => network.values(observations)),
  );
}
