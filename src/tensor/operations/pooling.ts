import { ShapeError } from "../../errors.ts";
import { Op } from "../../kernels/index.ts";
import { emit } from "../program.ts";
import { allocate } from "../scope.ts";
import { differentiable } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { wide } from "./checks.ts";
import { broadcastTo } from "./reduce.ts";
import { reshape } from "./shape.ts";
import { affine } from "./unary.ts";

/**
 * Sums of squares of pixels, times `scale`: `[…, H, W]`, given as rows of whole images in any shape, to as many numbers as there are
 * squares of `side` × `side`, in one axis.
 * @param width W, a multiple of `side`, as H is; else ShapeError
 */
export function sumPool(x: Tensor, side: number, width: number, scale = 1): Tensor {
  const bands = x.size / (side * width);
  if (!(Number.isInteger(bands) && width % side === 0)) {
    throw new ShapeError({ field: "sumPool x", value: x.shape, allowed: `squares of ${side} in rows of ${width}` });
  }
  const pooled = (images: Tensor): Tensor => {
    const out = allocate([x.size / (side * side)], x.dtype);
    emit(Op.Pool, wide(images), images.pointer, out.pointer, bands, side, width, scale);
    return out;
  };
  const spread = (dy: Tensor): Tensor => {
    const squares = reshape(affine(dy, scale, 0), [bands, 1, width / side, 1]);
    return reshape(broadcastTo(squares, [bands, side, width / side, side]), x.shape);
  };
  return differentiable(pooled(x), [[x, spread, pooled]]);
}
