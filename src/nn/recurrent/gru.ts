import { linear, type Tensor } from "../../tensor/index.ts";
import { gruSequence } from "./gru-sequence.ts";
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

/** Output h, `[N, hidden]`. */
export type GruState = Readonly<Record<"h", Tensor>>;

/**
 * Gated recurrent units (Cho et al. 2014), as `torch.nn.GRU` with `batch_first`. The input of all steps goes through its weights in one
 * product. Parameters: `weight_ih_l0` `[3H, inputs]`, `weight_hh_l0` `[3H, H]`, `bias_ih_l0` and `bias_hh_l0` `[3H]`; gates in the order
 * reset, update, new.
 */
export class Gru implements RecurrentLayer<GruState> {
  readonly inputs: number;
  readonly hidden: number;
  readonly #parameters: RecurrentParameters;

  constructor(options: RecurrentOptions) {
    this.inputs = options.inputs;
    this.hidden = options.hidden;
    this.#parameters = recurrentParameters("Gru", 3, options);
  }

  initialState(rows: number): GruState {
    return { h: zeroState(rows, this.hidden, this.#parameters.weight_hh_l0) };
  }

  forward(x: Tensor, options: SequenceOptions<GruState> = {}): { output: Tensor; state: GruState } {
    expectSequences(x, this.inputs, this.hidden, options);
    const { weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0 } = this.#parameters;
    const { h: h0 } = options.state ?? this.initialState(x.shape[0]);
    const gates = linear(x, weight_ih_l0, bias_ih_l0);
    const { output, h } = gruSequence(gates, weight_hh_l0, bias_hh_l0, h0, keepFrom(options.resets));
    return { output, state: { h } };
  }

  parameters(): Record<string, Tensor> {
    return { ...this.#parameters };
  }
}
