import { ConfigError, ShapeError } from "../../errors.ts";
import { reshape, sumPool, type Tensor } from "../../tensor/index.ts";
import type { Layer, Parameters } from "../layer.ts";

/**
 * Smaller images: each square of size × size pixels becomes one number, its sum divided by `size`, so that noise keeps its norm (the
 * coarse part of a Haar wavelet). Rows of flat images, `[N, C·H·W]` to `[N, C·(H/size)·(W/size)]`; no parameters.
 */
export class Pooling implements Layer {
  /** Numbers of an image before, and after. */
  readonly inputs: number;
  readonly outputs: number;
  readonly #size: number;
  readonly #width: number;

  /**
   * @param shape of one image, `[…, H, W]`
   * @throws ConfigError unless both sides are multiples of `size`
   */
  constructor(shape: readonly number[], size: number) {
    const [height = 0, width = 0] = shape.slice(-2);
    if (shape.length < 2 || height % size !== 0 || width % size !== 0) {
      const allowed = `a divisor of the height and width of an image; what is observed is of shape [${shape}]`;
      throw new ConfigError({ field: "pooling", value: size, allowed });
    }
    this.inputs = shape.reduce((product, n) => product * n, 1);
    this.outputs = this.inputs / (size * size);
    this.#size = size;
    this.#width = width;
  }

  forward(x: Tensor): Tensor {
    if (x.shape.length !== 2 || x.shape[1] !== this.inputs) {
      throw new ShapeError({ field: "pooling input", value: x.shape, allowed: `of shape [N, ${this.inputs}]` });
    }
    const pooled = sumPool(x, this.#size, this.#width, 1 / this.#size);
    return reshape(pooled, [x.shape[0]!, this.outputs]);
  }

  parameters(): Parameters {
    return {};
  }
}
