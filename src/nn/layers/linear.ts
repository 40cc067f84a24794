import type { Key } from "../../random/index.ts";
import { type FloatType, linear, type Tensor } from "../../tensor/index.ts";
import { defaultWeightInit, fanInUniform, type Initialiser } from "../initialisers/index.ts";
import type { Layer, Parameters } from "../layer.ts";
import { makeParameter, requireOptions, requirePositive } from "../make-parameter.ts";

export interface LinearOptions {
  readonly inputs: number;
  readonly outputs: number;
  /** Where the first values come from; `weight` and `bias` are drawn from branches of their own. */
  readonly key: Key;
  /** Default true. */
  readonly bias?: boolean;
  /** Default: uniform on ±1/√inputs, as PyTorch. */
  readonly weightInit?: Initialiser;
  /** Default: uniform on ±1/√inputs, as PyTorch. */
  readonly biasInit?: Initialiser;
  /** Default float32. */
  readonly dtype?: FloatType;
}

const OPTIONS: readonly (keyof LinearOptions)[] = [
  "inputs",
  "outputs",
  "key",
  "bias",
  "weightInit",
  "biasInit",
  "dtype",
];

/** First values of weight `[outputs, inputs]` and bias, for the layer of this name. @throws ConfigError for wrong options */
export function linearParameters(layer: string, options: LinearOptions): Pick<Linear, "weight" | "bias"> {
  requireOptions(layer, options, OPTIONS);
  const { inputs, outputs, key, bias = true, dtype = "float32" } = options;
  requirePositive(layer, { inputs, outputs });
  const { weightInit = defaultWeightInit, biasInit = fanInUniform(inputs) } = options;
  return {
    weight: makeParameter("weight", [outputs, inputs], weightInit, key, dtype),
    bias: bias ? makeParameter("bias", [outputs], biasInit, key, dtype) : undefined,
  };
}

/** y = x·Wᵀ + b: `[…, inputs]` to `[…, outputs]`. Parameters: `weight` `[outputs, inputs]`, `bias` `[outputs]`. */
export class Linear implements Layer {
  readonly weight: Tensor;
  readonly bias: Tensor | undefined;

  constructor(options: LinearOptions) {
    const { weight, bias } = linearParameters("Linear", options);
    this.weight = weight;
    this.bias = bias;
  }

  forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }

  parameters(): Parameters {
    return this.bias ? { weight: this.weight, bias: this.bias } : { weight: this.weight };
  }
}
