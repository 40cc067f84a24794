import { ShapeError } from "../errors.ts";
import {
  argMax,
  dotRows,
  exp,
  logSoftmax,
  mul,
  neg,
  noGrad,
  pick,
  randomCategorical,
  softmax,
  sub,
  sum,
  type Tensor,
} from "../tensor/index.ts";
import { type Distribution, expectActions } from "./distribution.ts";
import { checkBeforeSampling, maskLogits } from "./mask.ts";

/** One of n actions per row, with probabilities softmax(logits). Actions are int32 `[N]`. */
export class Categorical implements Distribution {
  /** `[N, n]`, with forbidden actions far below all others. */
  readonly logits: Tensor;
  readonly #mask: Tensor | undefined;
  #logProbabilities: Tensor | undefined;

  /**
   * @param logits `[N, n]`
   * @param mask uint8 `[N, n]`, 1 where the action is allowed; forbidden ones have probability 0 and no gradient. A row
   *   that allows nothing throws ConfigError at sampling; plans cannot look, so check with `requireAllowedAction`.
   */
  constructor(logits: Tensor, mask?: Tensor) {
    if (logits.shape.length !== 2) throw new ShapeError({ field: "logits", value: logits.shape, allowed: "[N, n]" });
    this.logits = maskLogits(logits, mask);
    this.#mask = mask;
  }

  /** log softmax(logits), `[N, n]`. */
  get logProbabilities(): Tensor {
    // What was first asked for without gradients is made anew for who needs them.
    if (this.logits.requiresGrad && !this.#logProbabilities?.requiresGrad) this.#logProbabilities = undefined;
    this.#logProbabilities ??= logSoftmax(this.logits);
    return this.#logProbabilities;
  }

  sample(stream: Tensor): Tensor {
    checkBeforeSampling(this.#mask, [this.logits.shape[1]]);
    return randomCategorical(stream, this.logits);
  }

  mode(): Tensor {
    return argMax(this.logits);
  }

  logProb(action: Tensor): Tensor {
    expectActions(action, [this.logits.shape[0]], "int32");
    return pick(this.logProbabilities, action);
  }

  /** −Σ p log p. */
  entropy(): Tensor {
    return neg(dotRows(exp(this.logProbabilities), this.logProbabilities));
  }

  /** Σ p (log p − log q). */
  kl(other: Categorical): Tensor {
    return dotRows(exp(this.logProbabilities), sub(this.logProbabilities, other.logProbabilities));
  }

  get coordinates(): Tensor {
    return this.logits;
  }

  /** (diag p − p·pᵀ)·direction. */
  fisher(direction: Tensor): Tensor {
    return noGrad(() => {
      const p = softmax(this.logits);
      const weighted = mul(p, direction);
      return sub(weighted, mul(p, sum(weighted, 1, true)));
    });
  }
}
