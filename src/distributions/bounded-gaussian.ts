import { add, mul, randomNormal, type Tensor, tanh } from "../tensor/index.ts";
import type { DiagonalGaussian } from "./diagonal-gaussian.ts";

/**
 * a = centre + halfWidth · tanh(u) with u of a diagonal Gaussian: actions within the bounds of a Box without clipping, which
 * would cut the gradient that flows back through them. For gradients through samples: it has no log-probability.
 */
export class BoundedGaussian {
  /** The distribution of u. */
  readonly gaussian: DiagonalGaussian;
  readonly #centre: Tensor;
  readonly #halfWidth: Tensor;

  /** @param centre `[A]`, as `halfWidth`: of the Box */
  constructor(gaussian: DiagonalGaussian, centre: Tensor, halfWidth: Tensor) {
    this.gaussian = gaussian;
    this.#centre = centre;
    this.#halfWidth = halfWidth;
  }

  sample(stream: Tensor): Tensor {
    const { shape, dtype } = this.gaussian.mean;
    return this.transform(randomNormal(stream, shape, { dtype: dtype === "float64" ? "float64" : "float32" }));
  }

  /** The action of standard normal noise `[N, A]`; gradients flow through it (Kingma & Welling 2014). */
  transform(noise: Tensor): Tensor {
    return this.#bound(this.gaussian.transform(noise));
  }

  /** The image of the most likely u. */
  mode(): Tensor {
    return this.#bound(this.gaussian.mode());
  }

  #bound(u: Tensor): Tensor {
    return add(mul(tanh(u), this.#halfWidth), this.#centre);
  }
}
