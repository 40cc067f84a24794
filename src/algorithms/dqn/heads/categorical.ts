/**
 * C51: Bellemare, Dabney & Munos 2017, "A distributional perspective on reinforcement learning", algorithm 1. The network says
 * how likely each of K fixed returns is, and learns the distribution of r + γ Z(s′, a′) projected onto them.
 */
import {
  abs,
  add,
  affine,
  clip,
  dotRows,
  type FloatType,
  log,
  logSoftmax,
  mul,
  neg,
  noGrad,
  persistent,
  reshape,
  softmax,
  sub,
  sum,
  type Tensor,
} from "../../../tensor/index.ts";
import type { HeadInputs, ValueHead } from "./value-head.ts";

export interface CategoricalOptions {
  /** The smallest and the largest return that has an atom. */
  readonly vMin: number;
  readonly vMax: number;
  /** K */
  readonly atoms: number;
}

/** Added before logarithms, so that atoms of probability 0 add 0 to an entropy. */
const TINY = 1e-20;

/** K logits for each action, of the probabilities of K returns that lie evenly from `vMin` to `vMax`. */
export function categoricalHead(options: CategoricalOptions, dtype: FloatType = "float32"): ValueHead {
  const { atoms } = options;
  const support = returnsOf(options, dtype);
  return {
    size: atoms,
    values: (outputs) => sum(mul(softmax(outputs), support), -1),
    losses({ chosen, next, returns, discounts }) {
      const targets = noGrad(() => project({ next: softmax(next), returns, discounts }, support, options));
      const losses = neg(dotRows(targets, logSoftmax(chosen)));
      // The cross entropy falls to the target's own entropy, the divergence to 0: that is what is left to learn.
      const errors = noGrad(() => add(losses, dotRows(targets, log(affine(targets, 1, TINY)))));
      return { losses, errors };
    },
  };
}

/** z_i = vMin + i Δz `[K]`. */
function returnsOf({ vMin, vMax, atoms }: CategoricalOptions, dtype: FloatType): Tensor {
  const spacing = (vMax - vMin) / (atoms - 1);
  return persistent([atoms], dtype).set(Array.from({ length: atoms }, (_, i) => vMin + i * spacing));
}

/**
 * Φ T̂ Z, equation 7: the returns r + γ z_i, limited to the support, each with probability p_i(s′, a′), give that to the two
 * atoms beside them, the nearer one more: atom j gets max(0, 1 − |r + γ z_i − z_j| / Δz) of it.
 * @param next `[B, K]` p
 * @param support `[K]` z
 * @returns `[B, K]`
 */
export function project(
  { next, returns, discounts }: Pick<HeadInputs, "next" | "returns" | "discounts">,
  support: Tensor,
  { vMin, vMax, atoms }: CategoricalOptions,
): Tensor {
  const [batch] = next.shape as [number];
  const column = (x: Tensor) => reshape(x, [batch, 1]);
  const moved = clip(add(column(returns), mul(column(discounts), support)), vMin, vMax);
  const distances = abs(sub(reshape(moved, [batch, atoms, 1]), support));
  const shares = clip(affine(distances, -(atoms - 1) / (vMax - vMin), 1), 0, 1);
  return sum(mul(shares, reshape(next, [batch, atoms, 1])), 1);
}
