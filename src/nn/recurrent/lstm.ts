import { linear, type Tensor } from "../../tensor/index.ts";
import { lstmSequence } from "./lstm-sequence.ts";
import {
  expectSequences,
  keepFrom,
  type RecurrentLayer,
  type RecurrentOptions,
  type RecurrentParameters,
  recurrentParameters,
  type SequenceOptions,
  zeroState,
} from "./recurrent-layer.ts";

/** Output h and cell c, each `[N, hidden]`. */
export type LstmState = Readonly<Record<"h" | "c", Tensor>>;

/**
 * Long short-term memory (Hochreiter & Schmidhuber 1997), as `torch.nn.LSTM` with `batch_first`. The input of all steps goes through its
 * weights in one product. Parameters: `weight_ih_l0` `[4H, inputs]`, `weight_hh_l0` `[4H, H]`, `bias_ih_l0` and `bias_hh_l0` `[4H]`;
 * gates in the order input, forget, cell, output.
 */
export class Lstm implements RecurrentLayer<LstmState> {
  readonly inputs: number;
  readonly hidden: number;
  readonly #parameters: RecurrentParameters;

  constructor(options: RecurrentOptions) {
    this.inputs = options.inputs;
    this.hidden = options.hidden;
    this.#parameters = recurrentParameters("Lstm", 4, options);
  }

  initialState(rows: number): LstmState {
    const zero = () => zeroState(rows, this.hidden, this.#parameters.weight_hh_l0);
    return { h: zero(), c: zero() };
  }

  forward(x: Tensor, options: SequenceOptions<LstmState> = {}): { output: Tensor; state: LstmState } {
    expectSequences(x, this.inputs, this.hidden, options);
    const { weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0 } = this.#parameters;
    const { h: h0, c: c0 } = options.state ?? this.initialState(x.shape[0]);
    const gates = linear(x, weight_ih_l0, bias_ih_l0);
    const { output, h, c } = lstmSequence(gates, weight_hh_l0, bias_hh_l0, h0, c0, keepFrom(options.resets));
    return { output, state: { h, c } };
  }

  parameters(): Record<string, Tensor> {
    return { ...this.#parameters };
  }
}
