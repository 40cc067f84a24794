import { type FloatType, parameter, sparseLinear, type Tensor } from "../../tensor/index.ts";
import type { Layer, Parameters } from "../layer.ts";
import { type LinearOptions, linearParameters } from "./linear.ts";

/**
 * A `Linear` for inputs that are almost all 0, as the difference of two frames: from 512 inputs on, what is 0 costs nothing, forward
 * and backward. Outputs and gradients have the bits of `Linear` with the same key; its weight lies the other way round, as that of
 * PyTorch's `EmbeddingBag`. Parameters: `weight` `[inputs, outputs]`, `bias` `[outputs]`.
 */
export class SparseLinear implements Layer {
  readonly weight: Tensor;
  readonly bias: Tensor | undefined;

  constructor(options: LinearOptions) {
    const { weight, bias } = linearParameters("SparseLinear", options);
    this.weight = turned(weight);
    this.bias = bias;
  }

  forward(x: Tensor): Tensor {
    return sparseLinear(x, this.weight, this.bias);
  }

  parameters(): Parameters {
    return this.bias ? { weight: this.weight, bias: this.bias } : { weight: this.weight };
  }
}

/** A parameter `[inputs, outputs]` of the values of one `[outputs, inputs]`. */
function turned({ shape, data, dtype }: Tensor): Tensor {
  const [outputs, inputs] = shape as [number, number];
  const values = data.slice();
  for (let j = 0; j < outputs; j++) {
    for (let i = 0; i < inputs; i++) values[i * outputs + j] = data[j * inputs + i]!;
  }
  return parameter(values, [inputs, outputs], dtype as FloatType);
}
