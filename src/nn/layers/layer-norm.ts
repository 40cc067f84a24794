import { type FloatType, layerNorm, parameter, type Tensor } from "../../tensor/index.ts";
import type { Layer, Parameters } from "../layer.ts";
import { requireOptions, requirePositive } from "../make-parameter.ts";

export interface LayerNormOptions {
  /** Size of the last axis. */
  readonly size: number;
  /** Added to the variance; default 1e-5. */
  readonly eps?: number;
  /** Default float32. */
  readonly dtype?: FloatType;
}

const OPTIONS: readonly (keyof LayerNormOptions)[] = ["size", "eps", "dtype"];

/** Layer normalisation over the last axis. Parameters: `weight` (gain, first 1) and `bias` (first 0), `[size]`. */
export class LayerNorm implements Layer {
  readonly weight: Tensor;
  readonly bias: Tensor;
  readonly eps: number;

  constructor(options: LayerNormOptions) {
    requireOptions("LayerNorm", options, OPTIONS);
    const { size, eps = 1e-5, dtype = "float32" } = options;
    requirePositive("LayerNorm", { size });
    this.weight = parameter(new Float64Array(size).fill(1), [size], dtype);
    this.bias = parameter(new Float64Array(size), [size], dtype);
    this.eps = eps;
  }

  forward(x: Tensor): Tensor {
    return layerNorm(x, this.weight, this.bias, this.eps);
  }

  parameters(): Parameters {
    return { weight: this.weight, bias: this.bias };
  }
}
