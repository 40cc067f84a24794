import { ShapeError } from "../../errors.ts";
import { Op } from "../../kernels/index.ts";
import { emit } from "../program.ts";
import { allocate } from "../scope.ts";
import { differentiable } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { wide } from "./checks.ts";

/**
 * Smaller images, `[N, C·H·W]` to `[N, C·(H/side + 1)·(W/side + 1)]`: points `side` pixels apart, from corner to corner, share each pixel
 * out among the four around it, as bilinear interpolation weighs them.
 * @param size H and W, multiples of `side`; else ShapeError
 */
export function tentPool(x: Tensor, size: readonly [number, number], side: number): Tensor {
  const [rows, columns] = size.map((n) => n / side) as [number, number];
  const images = x.size / (size[0] * size[1]);
  if (x.shape.length !== 2 || ![rows, columns, images, images / x.shape[0]!].every(Number.isInteger)) {
    throw new ShapeError({
      field: "tentPool x",
      value: x.shape,
      allowed: `rows of images of ${size.join(" × ")}, sides of which are multiples of ${side}`,
    });
  }
  const points = images * (rows + 1) * (columns + 1);
  const share = (from: Tensor, shape: readonly number[], isAdjoint: boolean): Tensor => {
    const out = allocate(shape, x.dtype);
    emit(Op.Pool, wide(from), from.pointer, out.pointer, images, rows, columns, side, +isAdjoint);
    return out;
  };
  const pooled = (pixels: Tensor) => share(pixels, [x.shape[0]!, points / x.shape[0]!], false);
  return differentiable(pooled(x), [[x, (dy) => share(dy, x.shape, true), pooled]]);
}
