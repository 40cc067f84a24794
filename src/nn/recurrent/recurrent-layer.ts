import { ShapeError } from "../../errors.ts";
import type { Key } from "../../random/index.ts";
import { affine, type FloatType, type Tensor, zeros } from "../../tensor/index.ts";
import { fanInUniform, type Initialiser } from "../initialisers/index.ts";
import type { Parameters } from "../layer.ts";
import { makeParameter, requireOptions, requirePositive } from "../make-parameter.ts";

export interface RecurrentOptions {
  readonly inputs: number;
  readonly hidden: number;
  /** Where the first values come from. */
  readonly key: Key;
  /** All weights; default: uniform on ±1/√hidden, as PyTorch. */
  readonly weightInit?: Initialiser;
  /** All biases; default: uniform on ±1/√hidden, as PyTorch. */
  readonly biasInit?: Initialiser;
  /** Default float32. */
  readonly dtype?: FloatType;
}

const OPTIONS: readonly (keyof RecurrentOptions)[] = ["inputs", "hidden", "key", "weightInit", "biasInit", "dtype"];

/** The state between two steps: tensors `[N, hidden]` by name. */
export type RecurrentState = Readonly<Record<string, Tensor>>;

export interface SequenceOptions<S extends RecurrentState> {
  /** State before the first step; default zeros. Gradients flow into it. */
  readonly state?: S;
  /** `[N, T]`, of x's dtype: 1 where the state is set to zero before step t because an episode begins there, else 0. */
  readonly resets?: Tensor;
}

/** A layer with memory: what it makes of step t depends on the steps before. */
export interface RecurrentLayer<S extends RecurrentState = RecurrentState> {
  readonly inputs: number;
  readonly hidden: number;
  /** Zeros for N sequences. */
  initialState(rows: number): S;
  /** `[N, T, inputs]` to `[N, T, hidden]` and the state after the last step, with backpropagation through all T steps. */
  forward(x: Tensor, options?: SequenceOptions<S>): { output: Tensor; state: S };
  parameters(): Parameters;
}

/** The parameters of one recurrent layer with `gates` gates, by PyTorch's names. */
export function recurrentParameters(layer: string, gates: number, options: RecurrentOptions): RecurrentParameters {
  requireOptions(layer, options, OPTIONS);
  const { inputs, hidden, key, dtype = "float32" } = options;
  requirePositive(layer, { inputs, hidden });
  const { weightInit = fanInUniform(hidden), biasInit = fanInUniform(hidden) } = options;
  const make = (name: string, shape: number[], init: Initialiser) => makeParameter(name, shape, init, key, dtype);
  return {
    weight_ih_l0: make("weight_ih_l0", [gates * hidden, inputs], weightInit),
    weight_hh_l0: make("weight_hh_l0", [gates * hidden, hidden], weightInit),
    bias_ih_l0: make("bias_ih_l0", [gates * hidden], biasInit),
    bias_hh_l0: make("bias_hh_l0", [gates * hidden], biasInit),
  };
}

export type RecurrentParameters = Readonly<
  Record<"weight_ih_l0" | "weight_hh_l0" | "bias_ih_l0" | "bias_hh_l0", Tensor>
>;

/** Checks what a recurrent layer is given. */
export function expectSequences(
  x: Tensor,
  inputs: number,
  hidden: number,
  options: SequenceOptions<RecurrentState>,
): void {
  const [rows, steps, width] = x.shape;
  if (x.shape.length !== 3 || width !== inputs || steps === 0) {
    throw new ShapeError({
      field: "sequence",
      value: x.shape,
      allowed: `of shape [N, T, ${inputs}] with T of at least 1`,
    });
  }
  const { resets, state = {} } = options;
  if (resets && (resets.shape.join() !== `${rows},${steps}` || resets.dtype !== x.dtype)) {
    const value = `[${resets.shape}] ${resets.dtype}`;
    throw new ShapeError({ field: "resets", value, allowed: `of shape [${rows},${steps}] and ${x.dtype}` });
  }
  for (const [name, tensor] of Object.entries(state)) {
    if (tensor.shape.join() !== `${rows},${hidden}`) {
      throw new ShapeError({ field: `state ${name}`, value: tensor.shape, allowed: `of shape [${rows},${hidden}]` });
    }
  }
}

/** 1 where the state is kept, 0 where it is reset. */
export function keepFrom(resets: Tensor | undefined): Tensor | undefined {
  return resets && affine(resets, -1, 1);
}

/** N rows of zeros. */
export function zeroState(rows: number, hidden: number, like: Tensor): Tensor {
  return zeros([rows, hidden], like.dtype);
}
