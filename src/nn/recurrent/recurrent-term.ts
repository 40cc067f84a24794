import type { Tensor } from "../../tensor/index.ts";
import { product } from "../../tensor/operations/gemm.ts";
import { broadcastEdge } from "../../tensor/operations/reduce.ts";
import { differentiable, type Edge } from "../../tensor/tape.ts";

/**
 * Puts u = h·Uᵀ + b on the tape, for all steps of a sequence at once: its values were computed step by step, but the weights'
 * gradients are one product over all N·T rows instead of T small ones. No gradient flows to h here: that is backpropagation through
 * time, which the sequence does itself.
 *
 * @param u `[N, T, G]`
 * @param h states before each step, `[N, T, H]`
 * @param weight `[G, H]`
 * @param bias `[G]`
 */
export function recurrentTerm(u: Tensor, h: Tensor, weight: Tensor, bias: Tensor): Tensor {
  const [rows, steps, gates] = u.shape;
  const flat = (du: Tensor) => du.view([rows * steps, gates]);
  const states = h.view([rows * steps, h.shape[2]]);
  const edges: Edge[] = [
    [
      weight,
      (du) => product(flat(du), states, { transposeA: true }),
      undefined,
      (du) => ({ form: "product", x: states, delta: flat(du) }),
    ],
    broadcastEdge(bias, flat),
  ];
  return differentiable(u, edges, { rows: h });
}
