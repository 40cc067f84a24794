import { ShapeError } from "../errors.ts";
import type { Tensor } from "../tensor/index.ts";

/**
 * A distribution of actions for each row of a batch of N. Everything is made of tensor operations, so it can be differentiated
 * and recorded into plans; sums run over the components of an action.
 *
 * | actions | shape | dtype |
 * |---|---|---|
 * | categorical | `[N]` | int32 |
 * | multi-categorical, Bernoulli | `[N, k]` | int32 |
 * | Gaussians | `[N, A]` | the parameters' |
 */
export interface Distribution {
  /** Draws one action per row; continuous ones are differentiable in the parameters (wrap in `noGrad` to only act). */
  sample(stream: Tensor): Tensor;
  /** The most likely action (of a squashed Gaussian: the image of the most likely value before squashing). */
  mode(): Tensor;
  /** log p(action), natural logarithm, `[N]`. */
  logProb(action: Tensor): Tensor;
  /** −E[log p], in nats, `[N]`. Throws ConfigError where no closed form exists. */
  entropy(): Tensor;
  /** KL(this ‖ other) ≥ 0, in nats, `[N]`; `other` is of the same kind. */
  kl(other: this): Tensor;
  /** What it is made of, one row of P numbers each, `[N, P]`: logits, or means and logarithms of standard deviations. */
  readonly coordinates: Tensor;
  /**
   * M·direction for every row, `[N, P]`: the Fisher information E[∇log p ∇log pᵀ] in these coordinates, which is also the
   * curvature of KL(this ‖ this + direction). No gradient of its own.
   */
  fisher(direction: Tensor): Tensor;
}

/** Throws unless `shape` says N rows of actions of the expected shape. */
export function expectActions(action: Tensor, shape: readonly number[], dtype: string): void {
  if (action.shape.join() !== shape.join() || action.dtype !== dtype) {
    const value = `[${action.shape}] ${action.dtype}`;
    throw new ShapeError({ field: "action", value, allowed: `of shape [${shape}] and ${dtype}` });
  }
}
