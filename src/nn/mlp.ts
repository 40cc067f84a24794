import { ConfigError } from "../errors.ts";
import type { Key } from "../random/index.ts";
import type { FloatType } from "../tensor/index.ts";
import { Activation, type ActivationName } from "./activation.ts";
import type { Initialiser } from "./initialisers/index.ts";
import type { Layer } from "./layer.ts";
import { Linear } from "./layers/linear.ts";
import { SparseLinear } from "./layers/sparse-linear.ts";
import { requireOptions } from "./make-parameter.ts";
import { Sequential } from "./sequential.ts";

export interface MlpOptions {
  readonly inputs: number;
  /** Widths of the hidden layers; `[]` leaves one linear layer, or nothing where `outputs` is absent too. */
  readonly hidden: readonly number[];
  /** Width of a last linear layer without activation; absent: the network ends with the last hidden activation. */
  readonly outputs?: number;
  /** After every hidden layer; default tanh. */
  readonly activation?: ActivationName;
  /** Layer i takes the branch `layer`, i of it. */
  readonly key: Key;
  /** Weights of the hidden layers; default as PyTorch's Linear. */
  readonly hiddenInit?: Initialiser;
  /** Weights of the last linear layer; default as `hiddenInit`. */
  readonly outputInit?: Initialiser;
  /** All biases; default as PyTorch's Linear. */
  readonly biasInit?: Initialiser;
  /** Whether the first layer skips inputs that are 0, which pays where almost all are: a `SparseLinear`. Default false. */
  readonly sparseInput?: boolean;
  /** Default float32. */
  readonly dtype?: FloatType;
}

const OPTIONS: readonly (keyof MlpOptions)[] = [
  "inputs",
  "hidden",
  "outputs",
  "activation",
  "key",
  "hiddenInit",
  "outputInit",
  "biasInit",
  "sparseInput",
  "dtype",
];

/** A multilayer perceptron: Linear, activation, Linear, … Parameters are named `0.weight`, `0.bias`, `2.weight`, … */
export function mlp(options: MlpOptions): Sequential {
  requireOptions("mlp", options, OPTIONS);
  const { hidden, outputs, activation = "tanh", key, hiddenInit, outputInit = hiddenInit, biasInit } = options;
  const { sparseInput = false, dtype } = options;
  if (!Array.isArray(hidden)) {
    throw new ConfigError({ field: "mlp.hidden", value: hidden, allowed: "a list of widths, such as [64, 64]" });
  }
  const layers: Layer[] = [];
  let inputs = options.inputs;
  const add = (width: number, weightInit: Initialiser | undefined) => {
    const branch = key.split("layer", layers.length);
    const Kind = sparseInput && layers.length === 0 ? SparseLinear : Linear;
    layers.push(new Kind({ inputs, outputs: width, key: branch, weightInit, biasInit, dtype }));
    inputs = width;
  };
  for (const width of hidden) {
    add(width, hiddenInit);
    layers.push(new Activation(activation));
  }
  if (outputs !== undefined) add(outputs, outputInit);
  return new Sequential(layers);
}
