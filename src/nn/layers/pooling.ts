import { ConfigError, ShapeError } from "../../errors.ts";
import { clip, type Tensor, tentPool } from "../../tensor/index.ts";
import type { Layer, Parameters } from "../layer.ts";

/**
 * Smaller images: points `size` pixels apart, from corner to corner, share each pixel out among the four around it, as bilinear
 * interpolation weighs them. A sum over a square of pixels would not say where in the square something is: here the shares tell, and a
 * linear layer behind can follow what moves from point to point. The sums are clipped to [−1, 1]: what is large, as a paddle, is then about
 * as bright as what is small, as a ball, of which a network would learn later otherwise. So this is for images that are almost all 0, and
 * elsewhere about ±1: of a photograph nothing would be left. Rows of flat images, `[N, C·H·W]` to `[N, C·(H/size + 1)·(W/size + 1)]`; no
 * parameters.
 */
export class Pooling implements Layer {
  /** Numbers of an image before, and after. */
  readonly inputs: number;
  readonly outputs: number;
  readonly #size: number;
  readonly #sides: readonly [number, number];

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
    this.outputs = (this.inputs / (height * width)) * (height / size + 1) * (width / size + 1);
    this.#size = size;
    this.#sides = [height, width];
  }

  forward(x: Tensor): Tensor {
    const pixels = this.#sides[0] * this.#sides[1];
    if (x.shape.length !== 2 || x.shape[1]! % pixels !== 0) {
      const allowed = `of shape [N, ${this.inputs}], or other numbers of images of ${pixels}`;
      throw new ShapeError({ field: "pooling input", value: x.shape, allowed });
    }
    return clip(tentPool(x, this.#sides, this.#size), -1, 1);
  }

  parameters(): Parameters {
    return {};
  }
}
