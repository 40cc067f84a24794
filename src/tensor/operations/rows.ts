/** Operations along the last axis: softmax and its kin, dot products, choosing one element of each row. */
import { ShapeError } from "../../errors.ts";
import { Op } from "../../kernels/index.ts";
import { emit } from "../program.ts";
import { allocate } from "../scope.ts";
import { differentiable, symmetricEdge } from "../tape.ts";
import { type Shape, sameShape, type Tensor } from "../tensor.ts";
import { mul, sub } from "./arithmetic.ts";
import { expectDtype, expectIndex, wide } from "./checks.ts";
import { reshape } from "./shape.ts";
import { exp } from "./unary.ts";

function matrix(x: Tensor): { rows: number; cols: number; outer: Shape } {
  const cols = x.shape.at(-1);
  if (cols === undefined || cols === 0)
    throw new ShapeError({ field: "shape", value: x.shape, allowed: "with a last axis of at least 1" });
  return { rows: x.size / cols, cols, outer: x.shape.slice(0, -1) };
}

/** A single row is its own first axis. */
const firstAxis = (x: Tensor) => (x.shape.length === 1 ? "mixed" : "kept");

/** x − log Σ exp x along the last axis. */
export function logSoftmax(x: Tensor): Tensor {
  const { rows, cols } = matrix(x);
  const y = allocate(x.shape, x.dtype);
  emit(Op.LogSoftmaxRows, wide(x), x.pointer, y.pointer, rows, cols);
  const tangent = (dx: Tensor) => sub(dx, dotRows(exp(y), dx).view([...x.shape.slice(0, -1), 1]));
  return differentiable(y, [[x, (dy) => rowChain(Op.LogSoftmaxRowsGrad, dy, y), tangent]], { firstAxis: firstAxis(x) });
}

/** exp x / Σ exp x along the last axis. */
export function softmax(x: Tensor): Tensor {
  const { rows, cols } = matrix(x);
  const y = allocate(x.shape, x.dtype);
  emit(Op.SoftmaxRows, wide(x), x.pointer, y.pointer, rows, cols);
  // Its Jacobian diag(y) − y·yᵀ is symmetric.
  const edge = symmetricEdge(x, (dy) => rowChain(Op.SoftmaxRowsGrad, dy, y));
  return differentiable(y, [edge], { firstAxis: firstAxis(x) });
}

function rowChain(op: Op, dy: Tensor, y: Tensor): Tensor {
  const { rows, cols } = matrix(y);
  const dx = allocate(y.shape, y.dtype);
  emit(op, wide(dy, y), dy.pointer, y.pointer, dx.pointer, rows, cols);
  return dx;
}

/** log Σ exp x along the last axis, which vanishes. */
export function logSumExp(x: Tensor): Tensor {
  const { rows, cols, outer } = matrix(x);
  const y = allocate(outer, x.dtype);
  emit(Op.LogSumExpRows, wide(x), x.pointer, y.pointer, rows, cols);
  return differentiable(y, [[x, (dy) => mul(softmax(x), dy.view([...outer, 1])), (dx) => dotRows(softmax(x), dx)]]);
}

/** The largest element of each row; the gradient goes to the first of them. */
export function maxRows(x: Tensor): Tensor {
  return pick(x, argMax(x));
}

/** Index (int32) of the first largest element of each row. */
export function argMax(x: Tensor): Tensor {
  const { rows, cols, outer } = matrix(x);
  const index = allocate(outer, "int32");
  emit(Op.ArgMaxRows, wide(x), x.pointer, index.pointer, rows, cols);
  return index;
}

/** x[r, index[r]] for every row r: `[…, n]` and int32 `[…]` to `[…]`. */
export function pick(x: Tensor, index: Tensor): Tensor {
  const { rows, cols, outer } = matrix(x);
  if (!sameShape(index.shape, outer))
    throw new ShapeError({ field: "index", value: index.shape, allowed: `of shape [${outer}]` });
  expectIndex("index", index, cols);
  const y = allocate(outer, x.dtype);
  emit(Op.PickRows, wide(x), x.pointer, index.pointer, y.pointer, rows, cols);
  return differentiable(y, [
    [
      x,
      (dy) => {
        const dx = allocate(x.shape, x.dtype);
        emit(Op.PickRowsGrad, wide(dy), dy.pointer, index.pointer, dx.pointer, rows, cols);
        return dx;
      },
      (dx) => pick(dx, index),
    ],
  ]);
}

/** Σ_c a[r, c]·b[r, c] for every row. */
export function dotRows(a: Tensor, b: Tensor): Tensor {
  if (!sameShape(a.shape, b.shape)) throw new ShapeError(`dotRows: shapes [${a.shape}] and [${b.shape}] differ`);
  const { rows, cols, outer } = matrix(a);
  const y = allocate(outer, a.dtype);
  emit(Op.DotRows, wide(a, b), a.pointer, b.pointer, y.pointer, rows, cols);
  return differentiable(y, [
    [a, (dy) => mul(b, reshape(dy, [...outer, 1])), (da) => dotRows(da, b)],
    [b, (dy) => mul(a, reshape(dy, [...outer, 1])), (db) => dotRows(a, db)],
  ]);
}

/** x where mask (uint8, x's shape) is not 0, else `value`; the gradient passes where x does. */
export function maskFill(x: Tensor, mask: Tensor, value: number): Tensor {
  expectDtype("mask", mask, "uint8");
  if (!sameShape(mask.shape, x.shape))
    throw new ShapeError({ field: "mask", value: mask.shape, allowed: `of shape [${x.shape}]` });
  const fill = (t: Tensor, v: number) => {
    const out = allocate(t.shape, t.dtype);
    emit(Op.MaskFill, wide(t), t.pointer, mask.pointer, out.pointer, t.size, v);
    return out;
  };
  return differentiable(fill(x, value), [symmetricEdge(x, (dy) => fill(dy, 0))]);
}
