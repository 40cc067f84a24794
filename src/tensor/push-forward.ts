/** Forward-mode differentiation over the same tape (Griewank & Walther, *Evaluating Derivatives*, 2008, ch. 3.1). */
import { RunError, ShapeError } from "../errors.ts";
import { accumulate, zeros } from "./create.ts";
import { noGrad, reachable } from "./tape.ts";
import { sameShape, type Tensor } from "./tensor.ts";

/**
 * The Jacobian-vector product: how y (the result has its shape) begins to move when every tensor in `directions` moves along
 * its own direction, which has its shape and dtype. One walk over the operations that y was computed by, for any number of
 * directions at once; with `pullBack`, the product with the transpose, it gives Fisher and Gauss-Newton products without
 * second derivatives. Tensors that gradients do not flow to, and those that y does not depend on, move nothing.
 *
 * @throws RunError for operations that have no tangent rule: recurrent cells and sequences
 */
export function pushForward(y: Tensor, directions: ReadonlyMap<Tensor, Tensor>): Tensor {
  for (const [tensor, direction] of directions) {
    if (!sameShape(tensor.shape, direction.shape) || tensor.dtype !== direction.dtype) {
      const value = `[${direction.shape}] ${direction.dtype}`;
      const allowed = `of its tensor's shape and dtype, [${tensor.shape}] ${tensor.dtype}`;
      throw new ShapeError({ field: "direction", value, allowed });
    }
  }
  const tangents = new Map(directions);
  noGrad(() => {
    for (const { results, edges, joint } of reachable(y).reverse()) {
      for (const [operand, , tangent] of edges) {
        const moved = tangents.get(operand);
        if (moved === undefined) continue;
        if (tangent === undefined || joint !== undefined) {
          throw new RunError(
            `no tangent rule for the operation with result [${results[0]!.shape}]; recurrent ones have none`,
          );
        }
        const part = tangent(moved);
        const sum = tangents.get(results[0]!);
        tangents.set(results[0]!, sum === undefined ? part : accumulate(sum, part));
      }
    }
  });
  return tangents.get(y) ?? zeros(y.shape, y.dtype);
}
