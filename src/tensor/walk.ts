/** Broadcasting (NumPy's rules) and the strided walks that kernels take: `dims, (size, stride…)×dims`, outermost first. */
import { ShapeError } from "../errors.ts";
import { type Shape, sameShape } from "./tensor.ts";

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
 * The arguments of a walk over `shape` with one list of strides per operand. Axes of size 1 vanish and neighbouring axes
 * that every operand crosses as one are merged, so that a contiguous walk has one dimension.
 */
export function walk(shape: Shape, ...strides: readonly (readonly number[])[]): number[] {
  const dims: { size: number; strides: number[] }[] = [];
  for (let axis = 0; axis < shape.length; axis++) {
    const size = shape[axis]!;
    if (size === 1) continue;
    const own = strides.map((s) => s[axis]!);
    const last = dims.at(-1);
    if (last?.strides.every((s, i) => s === size * own[i]!)) {
      last.size *= size;
      last.strides = own;
    } else dims.push({ size, strides: own });
  }
  if (dims.length === 0) dims.push({ size: shape.includes(0) ? 0 : 1, strides: strides.map(() => 1) });
  if (shape.includes(0)) return [1, 0, ...strides.map(() => 1)];
  if (dims.length > 6)
    throw new ShapeError(`a walk over [${shape}] needs ${dims.length} axes; at most 6 are supported`);
  return [dims.length, ...dims.flatMap((d) => [d.size, ...d.strides])];
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
