/** Rearranging elements without arithmetic: reshape, transpose, slice, concatenate. */
import { ShapeError } from "../../errors.ts";
import { Op } from "../../kernels/index.ts";
import { zeros } from "../create.ts";
import { emit } from "../program.ts";
import { allocate } from "../scope.ts";
import { differentiable, type Edge } from "../tape.ts";
import { type DType, type Shape, sizeOf, type Tensor } from "../tensor.ts";
import { contiguous, walk } from "../walk.ts";
import { axisOf, wide } from "./checks.ts";

/** Moves elements bit by bit; integers travel as float32 words. */
function move(
  x: Tensor,
  from: number,
  out: Tensor,
  to: number,
  shape: Shape,
  stridesX: number[],
  stridesOut: number[],
): void {
  if (x.dtype === "uint8")
    throw new ShapeError({ field: "dtype", value: x.dtype, allowed: "float32, float64 or int32 here" });
  const isWide = x.dtype === "float64";
  const bytes = isWide ? 8 : 4;
  emit(Op.Copy, isWide, x.pointer + from * bytes, out.pointer + to * bytes, ...walk(shape, stridesX, stridesOut));
}

/** The same elements under another shape; one dimension may be −1. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const known = shape.reduce((product, d) => (d === -1 ? product : product * d), 1);
  const target = shape.map((d) => (d === -1 ? x.size / known : d));
  const open = shape.filter((d) => d === -1).length;
  if (open > 1 || sizeOf(target) !== x.size || !target.every((d) => Number.isInteger(d) && d >= 0)) {
    throw new ShapeError({ field: "shape", value: shape, allowed: `one of ${x.size} elements, as [${x.shape}] has` });
  }
  const edge: Edge = [x, (dy) => dy.view(x.shape), (dx) => dx.view(target)];
  return differentiable(x.view(target), [edge], { firstAxis: "regrouped" });
}

/** Axes in another order: result axis i is operand axis `order[i]`. Default: the last two change places. */
export function transpose(x: Tensor, order?: readonly number[]): Tensor {
  const rank = x.shape.length;
  const axes =
    order ?? (rank < 2 ? x.shape.map((_, i) => i) : [...x.shape.keys()].slice(0, -2).concat(rank - 1, rank - 2));
  if (axes.length !== rank || x.shape.some((_, axis) => !axes.includes(axis))) {
    throw new ShapeError({ field: "order", value: order, allowed: `a permutation of 0 … ${rank - 1}` });
  }
  const shape = axes.map((a) => x.shape[a]!);
  const strides = contiguous(x.shape);
  const out = allocate(shape, x.dtype);
  move(
    x,
    0,
    out,
    0,
    shape,
    axes.map((a) => strides[a]!),
    contiguous(shape),
  );
  const inverse = axes.map((_, i) => axes.indexOf(i));
  const edge: Edge = [x, (dy) => transpose(dy, inverse), (dx) => transpose(dx, axes)];
  return differentiable(out, [edge], { firstAxis: axes[0] ? "mixed" : "kept" });
}

/** Elements start … end − 1 along one axis. */
export function slice(x: Tensor, axis: number, start: number, end: number): Tensor {
  const a = axisOf(axis, x.shape.length);
  const length = x.shape[a]!;
  if (!(Number.isInteger(start) && Number.isInteger(end) && 0 <= start && start <= end && end <= length)) {
    throw new ShapeError({
      field: "slice",
      value: [start, end],
      allowed: `0 <= start <= end <= ${length} along axis ${axis}`,
    });
  }
  const shape = x.shape.with(a, end - start);
  const strides = contiguous(x.shape);
  const out = allocate(shape, x.dtype);
  move(x, start * strides[a]!, out, 0, shape, strides, contiguous(shape));
  const rule = (dy: Tensor) => {
    const dx = zeros(x.shape, x.dtype);
    move(dy, 0, dx, start * strides[a]!, shape, contiguous(shape), strides);
    return dx;
  };
  const edge: Edge = [x, rule, (dx) => slice(dx, a, start, end)];
  return differentiable(out, [edge], { firstAxis: a === 0 ? "mixed" : "kept" });
}

/** Tensors one after the other along an axis; their other axes agree. */
export function concat(parts: readonly Tensor[], axis = 0): Tensor {
  const first = parts[0];
  if (first === undefined) throw new ShapeError({ field: "parts", value: [], allowed: "at least one tensor" });
  const a = axisOf(axis, first.shape.length);
  for (const part of parts) {
    if (
      part.dtype !== first.dtype ||
      part.shape.length !== first.shape.length ||
      part.shape.some((d, i) => i !== a && d !== first.shape[i])
    ) {
      throw new ShapeError(
        `cannot join shapes ${parts.map((p) => `[${p.shape}] ${p.dtype}`).join(", ")} along axis ${axis}`,
      );
    }
  }
  const shape = first.shape.with(
    a,
    parts.reduce((total, p) => total + p.shape[a]!, 0),
  );
  const strides = contiguous(shape);
  const out = allocate(shape, first.dtype);
  let at = 0;
  const edges = parts.map((part): Edge => {
    const start = at;
    at += part.shape[a]!;
    const place = (t: Tensor, into: Tensor) => {
      move(t, 0, into, start * strides[a]!, part.shape, contiguous(part.shape), strides);
      return into;
    };
    place(part, out);
    return [part, (dy) => slice(dy, a, start, start + part.shape[a]!), (dx) => place(dx, zeros(shape, first.dtype))];
  });
  return differentiable(out, edges, { firstAxis: a === 0 ? "mixed" : "kept" });
}

/** Tensors of one shape along a new axis, by default the first. */
export function stack(parts: readonly Tensor[], axis = 0): Tensor {
  const rank = (parts[0]?.shape.length ?? 0) + 1;
  const a = axisOf(axis, rank);
  return concat(
    parts.map((part) => reshape(part, part.shape.toSpliced(a, 0, 1))),
    a,
  );
}

/** The values under another dtype: float32 ↔ float64 (with gradient), int32 or uint8 → float. */
export function cast(x: Tensor, dtype: DType): Tensor {
  if (x.dtype === dtype) return x;
  const out = allocate(x.shape, dtype);
  const isWhole = x.dtype === "int32" || x.dtype === "uint8";
  if (isWhole && (dtype === "float32" || dtype === "float64")) {
    emit(x.dtype === "int32" ? Op.FromInt : Op.FromBytes, dtype === "float64", x.pointer, out.pointer, x.size);
    return out;
  }
  if (dtype !== "float32" && dtype !== "float64") {
    throw new ShapeError({ field: "cast", value: `${x.dtype} to ${dtype}`, allowed: "to float32 or float64" });
  }
  wide(x);
  emit(Op.Convert, dtype === "float64", x.pointer, out.pointer, x.size);
  return differentiable(out, [[x, (dy) => cast(dy, x.dtype), (dx) => cast(dx, dtype)]]);
}
