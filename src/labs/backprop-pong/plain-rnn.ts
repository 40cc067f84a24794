import {
  fanInUniform,
  type Initialiser,
  type Parameters,
  type RecurrentLayer,
  type SequenceOptions,
} from "../../nn/index.ts";
import type { Key } from "../../random/index.ts";
import { add, linear, parameter, reshape, slice, stack, type Tensor, tanh, zeros } from "../../tensor/index.ts";

/** The simplest network with a memory: h_t = tanh(W x_t + U h_{t−1} + b) (Elman 1990), in float64, step by step on the tape. */
export class PlainRnn implements RecurrentLayer<Readonly<Record<"h", Tensor>>> {
  readonly inputs: number;
  readonly hidden: number;
  readonly #parameters: Readonly<Record<"weight_ih_l0" | "weight_hh_l0" | "bias_l0", Tensor>>;

  /** @param recurrentInit of U; default as PyTorch's */
  constructor({ inputs, hidden, key, recurrentInit }: PlainRnnOptions) {
    this.inputs = inputs;
    this.hidden = hidden;
    const init = fanInUniform(hidden);
    const make = (name: string, shape: number[], by: Initialiser) =>
      parameter(by(shape, key.split(name).stream()), shape, "float64");
    this.#parameters = {
      weight_ih_l0: make("weight_ih_l0", [hidden, inputs], init),
      weight_hh_l0: make("weight_hh_l0", [hidden, hidden], recurrentInit ?? init),
      bias_l0: make("bias_l0", [hidden], init),
    };
  }

  initialState(rows: number): { h: Tensor } {
    return { h: zeros([rows, this.hidden], "float64") };
  }

  forward(x: Tensor, { state }: SequenceOptions<{ h: Tensor }> = {}): { output: Tensor; state: { h: Tensor } } {
    const [rows, steps] = x.shape as [number, number];
    const { weight_ih_l0, weight_hh_l0, bias_l0 } = this.#parameters;
    let { h } = state ?? this.initialState(rows);
    const outputs: Tensor[] = [];
    for (let t = 0; t < steps; t++) {
      const seen = reshape(slice(x, 1, t, t + 1), [rows, this.inputs]);
      h = tanh(add(linear(seen, weight_ih_l0, bias_l0), linear(h, weight_hh_l0)));
      outputs.push(h);
    }
    return { output: stack(outputs, 1), state: { h } };
  }

  parameters(): Parameters {
    return { ...this.#parameters };
  }
}

export interface PlainRnnOptions {
  readonly inputs: number;
  readonly hidden: number;
  readonly key: Key;
  readonly recurrentInit?: Initialiser;
}
