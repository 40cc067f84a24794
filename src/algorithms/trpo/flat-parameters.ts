import { concat, type Gradients, reshape, type Tensor } from "../../tensor/index.ts";

/** Several parameters seen as one vector of P numbers, in the order they are given in. */
export class FlatParameters {
  /** P */
  readonly size: number;
  readonly #parameters: readonly Tensor[];
  readonly #offsets: readonly number[];

  constructor(parameters: readonly Tensor[]) {
    let size = 0;
    this.#offsets = parameters.map((parameter) => {
      size += parameter.size;
      return size - parameter.size;
    });
    this.#parameters = parameters;
    this.size = size;
  }

  /** Their values `[P]`, copied. */
  values(): Float64Array {
    const values = new Float64Array(this.size);
    this.#parameters.forEach((parameter, i) => {
      values.set(parameter.data, this.#offsets[i]);
    });
    return values;
  }

  /** Overwrites them with start + size·direction, all `[P]`. */
  moveTo(start: Float64Array, direction: Float64Array, size: number): void {
    this.#parameters.forEach((parameter, i) => {
      const { data } = parameter;
      const offset = this.#offsets[i]!;
      for (let j = 0; j < data.length; j++) data[j] = start[offset + j]! + size * direction[offset + j]!;
    });
  }

  /** The parts of a vector `[P]` by parameter; views, no copies. */
  split(vector: Tensor): Map<Tensor, Tensor> {
    return new Map(this.#parameters.map((p, i) => [p, vector.view(p.shape, this.#offsets[i])]));
  }

  /** Gradients as one vector `[P]`. */
  join(gradients: Gradients): Tensor {
    return concat(this.#parameters.map((parameter) => reshape(gradients.of(parameter), [-1])));
  }
}
