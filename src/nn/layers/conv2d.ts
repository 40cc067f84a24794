import type { Key } from "../../random/index.ts";
import { type ConvolutionOptions, conv2d, type FloatType, type Tensor } from "../../tensor/index.ts";
import { defaultWeightInit, fanInUniform, type Initialiser } from "../initialisers/index.ts";
import type { Layer, Parameters } from "../layer.ts";
import { makeParameter, requireOptions, requirePositive } from "../make-parameter.ts";

export interface Conv2dOptions extends ConvolutionOptions {
  /** Channels in and out. */
  readonly inputs: number;
  readonly outputs: number;
  /** Size of the kernel, one number or [vertical, horizontal]. */
  readonly kernel: number | readonly [number, number];
  /** Where the first values come from. */
  readonly key: Key;
  /** Default true. */
  readonly bias?: boolean;
  /** Default: uniform on ±1/√(inputs · kernel size), as PyTorch. */
  readonly weightInit?: Initialiser;
  readonly biasInit?: Initialiser;
  /** Default float32. */
  readonly dtype?: FloatType;
}

const OPTIONS: readonly (keyof Conv2dOptions)[] = [
  "inputs",
  "outputs",
  "kernel",
  "key",
  "stride",
  "padding",
  "bias",
  "weightInit",
  "biasInit",
  "dtype",
];

/** Convolution of images `[N, inputs, H, W]`. Parameters: `weight` `[outputs, inputs, kh, kw]`, `bias` `[outputs]`. */
export class Conv2d implements Layer {
  readonly weight: Tensor;
  readonly bias: Tensor | undefined;
  readonly #options: ConvolutionOptions;

  constructor(options: Conv2dOptions) {
    requireOptions("Conv2d", options, OPTIONS);
    const { inputs, outputs, kernel, key, stride, padding, dtype = "float32" } = options;
    const [height, width] = typeof kernel === "number" ? [kernel, kernel] : kernel;
    requirePositive("Conv2d", { inputs, outputs, "kernel height": height, "kernel width": width });
    const shape = [outputs, inputs, height, width];
    this.weight = makeParameter("weight", shape, options.weightInit ?? defaultWeightInit, key, dtype);
    if (options.bias ?? true) {
      const biasInit = options.biasInit ?? fanInUniform(inputs * height * width);
      this.bias = makeParameter("bias", [outputs], biasInit, key, dtype);
    }
    this.#options = { stride, padding };
  }

  forward(x: Tensor): Tensor {
    return conv2d(x, this.weight, this.bias, this.#options);
  }

  parameters(): Parameters {
    return this.bias ? { weight: this.weight, bias: this.bias } : { weight: this.weight };
  }
}
