import { ConfigError } from "../errors.ts";
import { affine, atanh, clip, log, square, sub, sum, type Tensor, tanh } from "../tensor/index.ts";
import { type Distribution, expectActions } from "./distribution.ts";

/** Keeps the logarithm of 1 − a² finite at saturation; Stable-Baselines3's value. */
const EPSILON = 1e-6;
/** Distance from 1 to the next float: how close to ±1 a given action may be for its inverse. */
const SPACING = { float32: 2 ** -23, float64: 2 ** -52 };

/** What may be squashed: a distribution over `[N, A]` that knows its mean. */
export interface Gaussian extends Distribution {
  readonly mean: Tensor;
}

/** a = tanh(u) with u of a diagonal Gaussian, so that actions lie in (−1, 1) (Haarnoja et al. 2018, appendix C). */
export class SquashedGaussian<G extends Gaussian = Gaussian> implements Distribution {
  /** The distribution of u: diagonal, or with state-dependent noise. */
  readonly gaussian: G;

  constructor(gaussian: G) {
    this.gaussian = gaussian;
  }

  sample(stream: Tensor): Tensor {
    return tanh(this.gaussian.sample(stream));
  }

  /**
   * A sample and its log-probability `[N]`, from the value before squashing, which is exact where the inverse of tanh is
   * not. Gradients flow through the sample.
   */
  sampleWithLogProb(stream: Tensor): { action: Tensor; logProb: Tensor } {
    return this.squash(this.gaussian.sample(stream));
  }

  /** The action of a value before squashing, and its log-probability. */
  squash(preTanh: Tensor): { action: Tensor; logProb: Tensor } {
    const action = tanh(preTanh);
    return { action, logProb: this.#logProb(preTanh, action) };
  }

  /** tanh(mean). */
  mode(): Tensor {
    return tanh(this.gaussian.mode());
  }

  /** Through the inverse of tanh, for actions clipped to the last float before ±1. */
  logProb(action: Tensor): Tensor {
    const { shape, dtype } = this.gaussian.mean;
    expectActions(action, shape, dtype);
    const limit = 1 - SPACING[dtype === "float64" ? "float64" : "float32"];
    return this.#logProb(atanh(clip(action, -limit, limit)), action);
  }

  /** log N(u) − Σ log(1 − a² + 10⁻⁶) (Haarnoja et al. 2018, eq. 21). */
  #logProb(preTanh: Tensor, action: Tensor): Tensor {
    return sub(this.gaussian.logProb(preTanh), sum(log(affine(square(action), -1, 1 + EPSILON)), 1));
  }

  entropy(): Tensor {
    throw new ConfigError({
      field: "entropy()",
      value: "squashed Gaussian",
      allowed: "asked of a distribution with a closed form",
      fix: "Estimate it as the mean of −logProb over samples.",
    });
  }

  /** That of the Gaussians before squashing: a bijection leaves the divergence as it is. */
  kl(other: SquashedGaussian<G>): Tensor {
    return this.gaussian.kl(other.gaussian);
  }

  /** Those of the Gaussians before squashing, as for the divergence. */
  get coordinates(): Tensor {
    return this.gaussian.coordinates;
  }

  fisher(direction: Tensor): Tensor {
    return this.gaussian.fisher(direction);
  }
}
