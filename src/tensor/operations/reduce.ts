/** Sums and means, over all elements or over axes. */
import { ShapeError } from "../../errors.ts";
import { Op } from "../../kernels/index.ts";
import { zeros } from "../create.ts";
import { emit } from "../program.ts";
import { allocate } from "../scope.ts";
import { differentiable, type Edge, type GradientRule, type TangentRule } from "../tape.ts";
import { type Shape, sameShape, type Tensor } from "../tensor.ts";
import { broadcastShape, broadcastStrides, contiguous, walk } from "../walk.ts";
import { axisOf, wide } from "./checks.ts";
import { affine } from "./unary.ts";

/** Sums over the axes along which `shape` was broadcast to x's shape; no gradient of its own. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const out = zeros(shape, x.dtype);
  emit(
    Op.AddTo,
    wide(x),
    x.pointer,
    out.pointer,
    ...walk(x.shape, contiguous(x.shape), broadcastStrides(shape, x.shape)),
  );
  return out;
}

/** Repeats x to `shape`; no gradient of its own. May be x itself. */
export function spread(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : repeat(x, shape);
}

/** Repeats x to `shape` in memory of its own, which may be written to. */
export function repeat(x: Tensor, shape: Shape): Tensor {
  const out = allocate(shape, x.dtype);
  emit(Op.Copy, wide(x), x.pointer, out.pointer, ...walk(shape, broadcastStrides(x.shape, shape), contiguous(shape)));
  return out;
}

/**
 * The edge of an operand that was broadcast. `whole` gives its gradient before the sums that undo the broadcasting, and so
 * both rules: summed over everything it is the gradient, summed over all axes but the samples' the per-sample gradients.
 */
export function broadcastEdge(x: Tensor, whole: GradientRule, tangent?: TangentRule): Edge {
  return [x, (dy) => sumTo(whole(dy), x.shape), tangent, (dy) => ({ form: "broadcast", delta: whole(dy) })];
}

/** x repeated to a shape it broadcasts to. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  if (!sameShape(broadcastShape(x.shape, shape), shape)) {
    throw new ShapeError({ field: "shape", value: shape, allowed: `one that [${x.shape}] broadcasts to` });
  }
  const edge = broadcastEdge(
    x,
    (dy) => dy,
    (dx) => spread(dx, shape),
  );
  return differentiable(spread(x, shape), [edge], { firstAxis: "broadcast" });
}

/** Σ over `axes` (default: all), which vanish from the shape unless `keepAxes`. */
export function sum(x: Tensor, axes?: number | readonly number[], keepAxes = false): Tensor {
  const reduced =
    axes === undefined ? x.shape.map((_, i) => i) : [axes].flat().map((a) => axisOf(a as number, x.shape.length));
  const kept = x.shape.map((d, i) => (reduced.includes(i) ? 1 : d));
  const total = (t: Tensor) => sumTo(t, kept).view(shape);
  const shape = keepAxes ? kept : x.shape.filter((_, i) => !reduced.includes(i));
  const firstAxis = reduced.includes(0) ? "mixed" : "kept";
  return differentiable(total(x), [[x, (dy) => spread(dy.view(kept), x.shape), total]], { firstAxis });
}

/** The average over `axes` (default: all). */
export function mean(x: Tensor, axes?: number | readonly number[], keepAxes = false): Tensor {
  const total = sum(x, axes, keepAxes);
  if (x.size === 0)
    throw new ShapeError({ field: "mean()", value: x.shape, allowed: "taken over at least one element" });
  return affine(total, total.size / x.size, 0);
}
