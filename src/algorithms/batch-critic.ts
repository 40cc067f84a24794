import { noGrad, plan, type Tensor } from "../tensor/index.ts";

/** Rows that are judged at once: enough for the matrix products, few enough that what lies between them stays in the cache. */
const ROWS = 256;

/** V(s) of many observations, whatever their number, by one plan recorded for a fixed number of rows. */
export class BatchCritic {
  readonly #width: number;
  readonly #plan: ReturnType<typeof planValues>;

  /** @param width F */
  constructor(network: { values(observations: Tensor): Tensor }, width: number) {
    this.#width = width;
    this.#plan = planValues(network, width);
  }

  /** Writes V of `observations` `[N, F]` into `out` `[N]`. */
  judge(observations: Float32Array, out: Tensor): void {
    const width = this.#width;
    const inputs = this.#plan.inputs.observations.data as Float32Array;
    const count = observations.length / width;
    for (let row = 0; row < count; row += ROWS) {
      const rows = Math.min(ROWS, count - row);
      // Rows beyond the last keep what they held; each row's value depends on that row alone.
      inputs.set(observations.subarray(row * width, (row + rows) * width));
      out.data.set((this.#plan.run().data as Float32Array).subarray(0, rows), row);
    }
  }
}

function planValues(network: { values(observations: Tensor): Tensor }, width: number) {
  return plan({ observations: { shape: [ROWS, width] } }, ({ observations }) =>
    noGrad(() => network.values(observations)),
  );
}
