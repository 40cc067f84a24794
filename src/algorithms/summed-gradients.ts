import type { Parameters } from "../nn/index.ts";
import { add, assign, type Gradients, noGrad, persistent, type Tensor } from "../tensor/index.ts";

/** The gradients of a batch that is differentiated part by part, summed up in the engine's memory. */
export class SummedGradients {
  readonly #sums: ReadonlyMap<Tensor, Tensor>;

  constructor(parameters: Parameters) {
    this.#sums = new Map(Object.values(parameters).map((p) => [p, persistent(p.shape, p.dtype)]));
  }

  /** Back to 0, for the next batch. */
  clear(): void {
    for (const sum of this.#sums.values()) sum.data.fill(0);
  }

  /** Adds the gradients of one part; an operation of the engine. */
  add(gradients: Gradients): void {
    noGrad(() => {
      for (const [parameter, sum] of this.#sums) assign(sum, add(sum, gradients.of(parameter)));
    });
  }

  of(parameter: Tensor): Tensor {
    return this.#sums.get(parameter)!;
  }
}
