/** Moving single time steps in and out of sequences `[N, T, D]`; no gradients of their own. */
import { Op } from "../../kernels/index.ts";
import type { Tensor } from "../../tensor/index.ts";
import { emit } from "../../tensor/program.ts";
import { allocate } from "../../tensor/scope.ts";
import { contiguous, walk } from "../../tensor/walk.ts";

const isWide = (x: Tensor) => x.dtype === "float64";

/** x[:, t], `[N, D]`. */
export function readStep(x: Tensor, t: number): Tensor {
  const [rows, steps, width] = x.shape;
  if (steps === 1) return x.view([rows, width]);
  const out = allocate([rows, width], x.dtype);
  const path = walk(out.shape, [steps * width, 1], contiguous(out.shape));
  emit(Op.Copy, isWide(x), x.view([width], t * width).pointer, out.pointer, ...path);
  return out;
}

/** Steps `[N, D]` as one sequence, written to `out` `[N, T, D]` (default: a new tensor). */
export function joinSteps(parts: readonly Tensor[], out?: Tensor): Tensor {
  const [rows, width] = parts[0].shape;
  if (parts.length === 1 && out === undefined) return parts[0].view([rows, 1, width]);
  const joined = out ?? allocate([rows, parts.length, width], parts[0].dtype);
  for (const [t, part] of parts.entries()) {
    const path = walk(part.shape, contiguous(part.shape), [parts.length * width, 1]);
    emit(Op.Copy, isWide(part), part.pointer, joined.view([width], t * width).pointer, ...path);
  }
  return joined;
}

/** x[:, t] + y, `[N, D]`; y is `[N, D]`. */
export function addToStep(x: Tensor, t: number, y: Tensor): Tensor {
  const [, steps, width] = x.shape;
  const out = allocate(y.shape, y.dtype);
  const path = walk(y.shape, [steps * width, 1], contiguous(y.shape));
  emit(Op.Add, isWide(x), x.view([width], t * width).pointer, y.pointer, out.pointer, ...path);
  return out;
}

/** Rows of x `[N, D]` times column t of `factors` `[N, T]`, written to `out` (default: a new tensor). */
export function scaleRows(x: Tensor, factors: Tensor, t: number, out = allocate(x.shape, x.dtype)): Tensor {
  const path = walk(x.shape, contiguous(x.shape), [factors.shape[1], 0]);
  emit(Op.Mul, isWide(x), x.pointer, factors.view([1], t).pointer, out.pointer, ...path);
  return out;
}

/** out = a·b, or out += a·b, for matrices `[N, K]` and `[K, D]`. */
export function multiplyInto(a: Tensor, b: Tensor, out: Tensor, accumulate: boolean): Tensor {
  const [m, k] = a.shape;
  const operands = [a.pointer, b.pointer, 0, out.pointer];
  emit(Op.Gemm, isWide(a), ...operands, m, b.shape[1], k, 0, 0, +accumulate, 1, 0, 0, 0);
  return out;
}
