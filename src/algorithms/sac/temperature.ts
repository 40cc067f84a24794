import { log } from "../../math/index.ts";
import { adam, type Optimiser } from "../../nn/index.ts";
import {
  affine,
  backward,
  exp,
  type FloatType,
  mean,
  mul,
  noGrad,
  parameter,
  sub,
  type Tensor,
} from "../../tensor/index.ts";

/**
 * The temperature α: what a nat of entropy is worth in reward. A fixed number, or learned by gradient descent on log α so that the
 * policy keeps a target entropy (Haarnoja et al. 2018b, section 5, equation 18, with log α in the place of α as in Stable-Baselines3).
 */
export class Temperature {
  /** `[1]` log α. */
  readonly logValue: Tensor;
  /** Undefined where α is fixed. */
  readonly optimiser: Optimiser | undefined;

  /** @param entCoef α, or `"auto"`: learned, from 1 */
  constructor(entCoef: number | "auto", { dtype = "float32" }: { dtype?: FloatType } = {}) {
    // exp of −∞ is exactly 0: no entropy at all.
    const first = entCoef === "auto" ? 0 : entCoef === 0 ? Number.NEGATIVE_INFINITY : log(entCoef);
    this.logValue = parameter([first], [1], dtype);
    if (entCoef === "auto") this.optimiser = adam({ logEntCoef: this.logValue });
  }

  /** α as it is now, `[1]`; no gradient, and it stays as it is when α is updated. */
  value(): Tensor {
    return noGrad(() => exp(this.logValue));
  }

  /**
   * One step of gradient descent on log α · mean(entropy − target); nothing where α is fixed.
   * @param entropies `[B]` of the policy, or estimates: −log π of drawn actions
   * @param target a number, or one for each `[B]`
   */
  update(entropies: Tensor, target: Tensor | number): void {
    if (!this.optimiser) return;
    const surplus = noGrad(() =>
      mean(typeof target === "number" ? affine(entropies, 1, -target) : sub(entropies, target)),
    );
    this.optimiser.update(backward(mean(mul(this.logValue, surplus))));
  }

  /** What a learned one must not lose, beside its optimiser's averages. */
  state(): Record<string, Tensor> {
    return this.optimiser ? { logEntCoef: this.logValue } : {};
  }
}
