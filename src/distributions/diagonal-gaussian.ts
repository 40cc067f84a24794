import { ShapeError } from "../errors.ts";
import {
  add,
  affine,
  broadcastTo,
  concat,
  dotRows,
  exp,
  mul,
  neg,
  noGrad,
  randomNormal,
  slice,
  sub,
  sum,
  type Tensor,
} from "../tensor/index.ts";
import { type Distribution, expectActions } from "./distribution.ts";

/** log 2π */
const LOG_TWO_PI = 1.8378770664093456;

/** Independent normal components: mean `[N, A]` and the logarithm of the standard deviation, `[A]` or `[N, A]`. */
export class DiagonalGaussian implements Distribution {
  /** `[N, A]` */
  readonly mean: Tensor;
  /**
   * `[N, A]`; a parameter `[A]` is repeated for every row right here, so that all that follows keeps the rows apart and
   * per-sample gradients reach it.
   */
  readonly logStd: Tensor;

  constructor(mean: Tensor, logStd: Tensor) {
    const [rows, size] = mean.shape;
    const shape = logStd.shape.join();
    if (mean.shape.length !== 2) throw new ShapeError({ field: "mean", value: mean.shape, allowed: "[N, A]" });
    if (shape !== `${size}` && shape !== `${rows},${size}`) {
      throw new ShapeError({ field: "logStd", value: logStd.shape, allowed: `of shape [${size}] or [${mean.shape}]` });
    }
    this.mean = mean;
    this.logStd = broadcastTo(logStd, mean.shape);
  }

  sample(stream: Tensor): Tensor {
    return this.transform(randomNormal(stream, this.mean.shape, { dtype: dtypeOf(this.mean) }));
  }

  /** mean + std·noise for standard normal noise `[N, A]`: the reparameterised sample (Kingma & Welling 2014). */
  transform(noise: Tensor): Tensor {
    return add(this.mean, mul(noise, exp(this.logStd)));
  }

  mode(): Tensor {
    return this.mean;
  }

  /** −½ Σ ((a − mean) / std)² − Σ log std − ½ A log 2π. */
  logProb(action: Tensor): Tensor {
    expectActions(action, this.mean.shape, this.mean.dtype);
    const z = mul(sub(action, this.mean), exp(neg(this.logStd)));
    return sub(affine(dotRows(z, z), -0.5, -0.5 * this.mean.shape[1] * LOG_TWO_PI), sum(this.logStd, 1));
  }

  /** Σ log std + ½ A (1 + log 2π). */
  entropy(): Tensor {
    return affine(sum(this.logStd, 1), 1, 0.5 * this.mean.shape[1] * (1 + LOG_TWO_PI));
  }

  /** ½ Σ [(σp/σq)² + ((μp − μq)/σq)² − 1] + Σ log(σq/σp). */
  kl(other: DiagonalGaussian): Tensor {
    const logRatio = sub(this.logStd, other.logStd);
    const ratio = exp(logRatio);
    const z = mul(sub(this.mean, other.mean), exp(neg(other.logStd)));
    const spread = sub(affine(mul(ratio, ratio), 0.5, -0.5), logRatio);
    return add(affine(dotRows(z, z), 0.5, 0), sum(spread, 1));
  }

  /** Means, then logarithms of standard deviations, `[N, 2A]`. */
  get coordinates(): Tensor {
    return concat([this.mean, this.logStd], 1);
  }

  /** 1/σ² for the means, 2 for the logarithms of σ. */
  fisher(direction: Tensor): Tensor {
    const size = this.mean.shape[1];
    return noGrad(() => {
      const means = mul(slice(direction, 1, 0, size), exp(mul(this.logStd, -2)));
      return concat([means, mul(slice(direction, 1, size, 2 * size), 2)], 1);
    });
  }
}

/** Parameters of a distribution are floating-point tensors: the noise takes their dtype. */
function dtypeOf(t: Tensor): "float32" | "float64" {
  return t.dtype === "float64" ? "float64" : "float32";
}
