import { ShapeError } from "../errors.ts";
import {
  argMax,
  cast,
  concat,
  mul,
  noGrad,
  randomCategorical,
  reshape,
  sigmoid,
  softplus,
  sub,
  sum,
  type Tensor,
  zeros,
} from "../tensor/index.ts";
import { type Distribution, expectActions } from "./distribution.ts";

/** k independent switches per row, each on with probability sigmoid(logit). Actions are int32 `[N, k]` of 0 and 1. */
export class Bernoulli implements Distribution {
  /** `[N, k]` */
  readonly logits: Tensor;

  constructor(logits: Tensor) {
    if (logits.shape.length !== 2) throw new ShapeError({ field: "logits", value: logits.shape, allowed: "[N, k]" });
    this.logits = logits;
  }

  sample(stream: Tensor): Tensor {
    return reshape(randomCategorical(stream, this.#offAndOn()), this.logits.shape);
  }

  /** 1 where the probability exceeds one half. */
  mode(): Tensor {
    return reshape(argMax(this.#offAndOn()), this.logits.shape);
  }

  /** Σ a·logit − softplus(logit), which is log sigmoid(logit) for a = 1 and log sigmoid(−logit) for a = 0. */
  logProb(action: Tensor): Tensor {
    expectActions(action, this.logits.shape, "int32");
    return sum(sub(mul(cast(action, this.logits.dtype), this.logits), softplus(this.logits)), 1);
  }

  /** Σ softplus(logit) − p·logit. */
  entropy(): Tensor {
    return sum(sub(softplus(this.logits), mul(sigmoid(this.logits), this.logits)), 1);
  }

  /** Σ p (logit − logit′) − softplus(logit) + softplus(logit′). */
  kl(other: Bernoulli): Tensor {
    const expected = mul(sigmoid(this.logits), sub(this.logits, other.logits));
    return sum(sub(expected, sub(softplus(this.logits), softplus(other.logits))), 1);
  }

  get coordinates(): Tensor {
    return this.logits;
  }

  /** p (1 − p)·direction. */
  fisher(direction: Tensor): Tensor {
    return noGrad(() => {
      const p = sigmoid(this.logits);
      return mul(mul(p, sub(1, p)), direction);
    });
  }

  /** The same switches as choices between two logits, 0 for off: `[N·k, 2]`. */
  #offAndOn(): Tensor {
    const { size, dtype } = this.logits;
    return concat([zeros([size, 1], dtype), reshape(this.logits, [size, 1])], 1);
  }
}
