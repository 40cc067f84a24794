/**
 * QR-DQN: Dabney, Rowland, Bellemare & Munos 2018, "Distributional reinforcement learning with quantile regression",
 * algorithm 1. The network says which returns are exceeded with K evenly spread probabilities.
 */
import {
  abs,
  add,
  affine,
  clip,
  type FloatType,
  less,
  mean,
  mul,
  noGrad,
  persistent,
  reshape,
  sub,
  sum,
  type Tensor,
} from "../../../tensor/index.ts";
import type { ValueHead } from "./value-head.ts";

/** κ: where Huber's loss turns from a parabola into lines. */
const KAPPA = 1;

/** K quantiles of the return for each action, at τ̂_i = (i + ½) / K. */
export function quantileHead({ nQuantiles }: { readonly nQuantiles: number }, dtype: FloatType = "float32"): ValueHead {
  const midpoints = persistent([nQuantiles, 1], dtype);
  midpoints.set(Array.from({ length: nQuantiles }, (_, i) => (i + 0.5) / nQuantiles));
  return {
    size: nQuantiles,
    values: (outputs) => mean(outputs, -1),
    losses({ chosen, next, returns, discounts }) {
      const column = (x: Tensor) => reshape(x, [-1, 1]);
      const targets = noGrad(() => add(column(returns), mul(column(discounts), next)));
      const losses = quantileHuberLosses(chosen, targets, midpoints);
      return { losses, errors: losses };
    },
  };
}

/**
 * Σ_i E_j[|τ̂_i − 1{u_ij < 0}| L_κ(u_ij) / κ] with u_ij = target j − quantile i (equation 10): each quantile i is pulled up by the
 * targets above it τ̂_i times as hard as those below pull it down by 1 − τ̂_i, so that it comes to rest where it belongs.
 * @param quantiles `[B, K]`
 * @param targets `[B, K]`, no gradient
 * @param midpoints `[K, 1]` τ̂
 * @returns `[B]`
 */
export function quantileHuberLosses(quantiles: Tensor, targets: Tensor, midpoints: Tensor): Tensor {
  const [batch, size] = quantiles.shape as [number, number];
  const errors = sub(reshape(targets, [batch, 1, size]), reshape(quantiles, [batch, size, 1]));
  const pulls = noGrad(() => abs(sub(midpoints, less(errors, 0))));
  const limited = clip(errors, -KAPPA, KAPPA);
  const huber = mul(limited, sub(errors, affine(limited, 0.5, 0)));
  return affine(sum(mul(pulls, huber), [1, 2]), 1 / (size * KAPPA), 0);
}
