import { Op } from "../../kernels/index.ts";
import { abs, cast, concat, maxRows, mul, reshape, type Tensor } from "../../tensor/index.ts";
import { emit } from "../../tensor/program.ts";
import { allocate } from "../../tensor/scope.ts";

/**
 * Gradients scaled down to a total norm of at most `maxNorm`, as `torch.nn.utils.clip_grad_norm_` but leaving the given
 * ones alone: each times min(1, maxNorm / (norm + 1e-6)). Optimisers do the same inside their kernels, at less cost.
 * @param norm 2, or `Infinity` for the largest absolute entry
 * @returns the norm before clipping and the coefficient, float64 `[1]`, and the scaled gradients
 */
export function clipGradNorm(
  gradients: readonly Tensor[],
  maxNorm: number,
  norm: 2 | typeof Number.POSITIVE_INFINITY = 2,
): { norm: Tensor; coefficient: Tensor; gradients: Tensor[] } {
  const squares = allocate([1], "float64");
  const measured = norm === 2 ? gradients : [largest(gradients)];
  for (const [i, g] of measured.entries()) sumSquares(g, squares, i > 0);
  const total = allocate([1], "float64");
  const coefficient = allocate([1], "float64");
  emit(Op.ClipCoefficient, true, squares.pointer, maxNorm, total.pointer, coefficient.pointer);
  return { norm: total, coefficient, gradients: gradients.map((g) => mul(g, cast(coefficient, g.dtype))) };
}

function sumSquares(x: Tensor, out: Tensor, accumulate: boolean): void {
  emit(Op.SumSquares, x.dtype === "float64", x.pointer, out.pointer, x.size, +accumulate);
}

function largest(tensors: readonly Tensor[]): Tensor {
  return maxRows(abs(concat(tensors.map((t) => reshape(t, [t.size])))));
}
