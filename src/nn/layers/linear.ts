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

/** y = x·Wᵀ + b: `[…, inputs]` to `[…, outputs]`. Parameters: `weight` `[outputs, inputs]`, `bias` `[outputs]`. */
export class Linear implements Layer {
  readonly weight: Tensor;
  readonly bias: Tensor | undefined;

  constructor(options: LinearOptions) {
    requireOptions("Linear", options, OPTIONS);
    const { inputs, outputs, key, dtype = "float32" } = options;
    requirePositive("Linear", { inputs, outputs });
    this.weight = makeParameter("weight", [outputs, inputs], options.weightInit ?? defaultWeightInit, key, dtype);
    if (options.bias ?? true) {
      this.bias = makeParameter("bias", [outputs], options.biasInit ?? fanInUniform(inputs), key, dtype);
    }
  }

  forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }

  parameters(): Parameters {
    return this.bias ? { weight: this.weight, bias: this.bias } : { weight: this.weight };
  }
}
