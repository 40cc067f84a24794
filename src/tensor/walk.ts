/** Broadcasting (NumPy's rules) and the strided walks that kernels take: `dims, (size, stride…)×dims`, outermost first. */
import { ShapeError } from "../errors.ts";
import { type Shape, sameShape } from "./tensor.ts";

/** What kernels take, after merging. */
const MOST_AXES = 6;

/** The shape that all given shapes broadcast to. */
export function broadcastShape(...shapes: Shape[]): Shape {
  if (shapes.every((s) => sameShape(s, shapes[0]!))) return shapes[0]!;
  const rank = Math.max(...shapes.map((s) => s.length));
  return Array.from({ length: rank }, (_, axis) => {
    let size = 1;
    for (const shape of shapes) {
      const d = shape[axis - rank + shape.length] ?? 1;
      if (d !== size && d !== 1) {
        if (size !== 1) throw new ShapeError(`shapes ${shapes.map((s) => `[${s}]`).join(" and ")} do not broadcast`);
        size = d;
      }
    }
    return size;
  });
}

/** Row-major strides of `shape`, seen as broadcast to `target`: 0 along broadcast axes. */
export function broadcastStrides(shape: Shape, target: Shape): number[] {
  const strides = new Array<number>(target.length).fill(0);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1) strides[axis - shape.length + target.length] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/**
 * The arguments of a walk over `shape` with two operands of these strides. Axes of size 1 vanish and neighbouring axes that
 * both operands cross as one are merged, so that a contiguous walk has one dimension.
 */
export function walk(shape: Shape, a: readonly number[], b: readonly number[]): number[] {
  const path = [0];
  for (let axis = 0; axis < shape.length; axis++) {
    const size = shape[axis]!;
    const [strideA, strideB] = [a[axis]!, b[axis]!];
    if (size === 0) return [1, 0, 1, 1];
    if (size === 1) continue;
    const last = path.length - 3;
    if (last > 0 && path[last + 1] === size * strideA && path[last + 2] === size * strideB) {
      path[last]! *= size;
      path[last + 1] = strideA;
      path[last + 2] = strideB;
    } else path.push(size, strideA, strideB);
  }
  if (path.length === 1) return [1, 1, 1, 1];
  path[0] = (path.length - 1) / 3;
  if (path[0] > MOST_AXES) {
    throw new ShapeError(`a walk over [${shape}] needs ${path[0]} axes; at most ${MOST_AXES} are supported`);
  }
  return path;
}

/** Row-major strides of a contiguous tensor. */
export function contiguous(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}
