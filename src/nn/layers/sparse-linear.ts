import { type FloatType, parameter, sparseLinear, type Tensor } from "../../tensor/index.ts";
import { defaultWeightInit, fanInUniform } from "../initialisers/index.ts";
import type { Layer, Parameters } from "../layer.ts";
import { makeParameter, requireOptions, requirePositive } from "../make-parameter.ts";
import type { LinearOptions } from "./linear.ts";

const OPTIONS: readonly (keyof LinearOptions)[] = [
  "inputs",
  "outputs",
  "key",
  "bias",
  "weightInit",
  "biasInit",
  "dtype",
];

/**
 * A `Linear` for inputs that are almost all 0, as the difference of two frames: from 512 inputs on, what is 0 costs nothing, forward
 * and backward. Outputs and gradients have the bits of `Linear` with the same key; its weight lies the other way round, as that of
 * PyTorch's `EmbeddingBag`. Parameters: `weight` `[inputs, outputs]`, `bias` `[outputs]`.
 */
export class SparseLinear implements Layer {
  readonly weight: Tensor;
  readonly bias: Tensor | undefined;

  constructor(options: LinearOptions) {
    requireOptions("SparseLinear", options, OPTIONS);
    const { inputs, outputs, key, dtype = "float32", weightInit = defaultWeightInit } = options;
    requirePositive("SparseLinear", { inputs, outputs });
    this.weight = makeTransposed(inputs, outputs, weightInit([outputs, inputs], key.split("weight").stream()), dtype);
    if (options.bias ?? true) {
      this.bias = makeParameter("bias", [outputs], options.biasInit ?? fanInUniform(inputs), key, dtype);
    }
  }

  forward(x: Tensor): Tensor {
    return sparseLinear(x, this.weight, this.bias);
  }

  parameters(): Parameters {
    return this.bias ? { weight: this.weight, bias: this.bias } : { weight: this.weight };
  }
}

/** A parameter `[inputs, outputs]` of values `[outputs, inputs]`. */
function makeTransposed(inputs: number, outputs: number, values: Float64Array, dtype: FloatType): Tensor {
  const turned = new Float64Array(values.length);
  for (let j = 0; j < outputs; j++) {
    for (let i = 0; i < inputs; i++) turned[i * outputs + j] = values[j * inputs + i]!;
  }
  return parameter(turned, [inputs, outputs], dtype);
}
