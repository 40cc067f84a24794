import { ShapeError } from "../../errors.ts";
import type { Random } from "../../random/index.ts";
import type { Shape } from "../../tensor/index.ts";

/**
 * First values of a parameter of `shape`, row-major. They are computed in float64, so that one seed gives one network in
 * either precision, up to rounding.
 */
export type Initialiser = (shape: Shape, random: Random) => Float64Array;

/**
 * How many numbers one output sums over (`in`), and how many outputs one input reaches (`out`), for a weight
 * `[out, in, …kernel]`.
 * @throws ShapeError for fewer than two axes
 */
export function fans(shape: Shape): { in: number; out: number } {
  if (shape.length < 2) {
    throw new ShapeError({
      field: "weight",
      value: shape,
      allowed: "of at least two axes, [out, in, …], for this initialiser",
    });
  }
  const field = sizeOf(shape.slice(2));
  return { in: shape[1] * field, out: shape[0] * field };
}

export function sizeOf(shape: Shape): number {
  return shape.reduce((size, n) => size * n, 1);
}
