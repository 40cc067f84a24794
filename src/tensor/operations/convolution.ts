import { ConfigError, ShapeError } from "../../errors.ts";
import { Op } from "../../kernels/index.ts";
import { zeros } from "../create.ts";
import { emit } from "../program.ts";
import { allocate } from "../scope.ts";
import { differentiable, type Edge } from "../tape.ts";
import { sameShape, type Tensor } from "../tensor.ts";
import { wide } from "./checks.ts";
import { batchedProduct } from "./gemm.ts";
import { repeat, sumTo } from "./reduce.ts";

/** How kernels move over images. */
export interface ConvolutionOptions {
  /** Step between positions, one number or [vertical, horizontal]; default 1. */
  readonly stride?: number | readonly [number, number];
  /** Zeros around the image, one number or [vertical, horizontal]; default 0. */
  readonly padding?: number | readonly [number, number];
}

/**
 * Cross-correlation of images with a set of kernels, as PyTorch's conv2d: columns of patches, then one matrix product.
 *
 * | symbol | shape | meaning |
 * |---|---|---|
 * | x | `[N, C, H, W]` | images |
 * | weight | `[O, C, kh, kw]` | kernels |
 * | bias | `[O]` | optional |
 * | result | `[N, O, OH, OW]` | OH = ⌊(H + 2·padding − kh) / stride⌋ + 1, OW likewise |
 */
export function conv2d(x: Tensor, weight: Tensor, bias?: Tensor, options: ConvolutionOptions = {}): Tensor {
  const sizes = geometry(x, weight, options);
  const [n, channels, , , kh, kw] = sizes;
  const [oh, ow] = sizes.slice(-2) as [number, number];
  const [outputs, taps, positions] = [weight.shape[0]!, channels * kh * kw, oh * ow];
  if (bias && !sameShape(bias.shape, [outputs])) {
    throw new ShapeError({ field: "bias", value: bias.shape, allowed: `of shape [${outputs}]` });
  }
  const isWide = bias ? wide(x, weight, bias) : wide(x, weight);
  const patchesOf = (images: Tensor) => {
    const columns = allocate([n, taps, positions], x.dtype);
    emit(Op.Im2Col, isWide, images.pointer, columns.pointer, ...sizes);
    return columns;
  };
  const patches = patchesOf(x);
  const kernels = weight.view([1, outputs, taps]);
  const shape = [n, outputs, oh, ow];
  const overPositions = (b: Tensor) => repeat(b.view([1, outputs, 1]), [n, outputs, positions]);
  const y = batchedProduct(kernels, patches, { into: bias && overPositions(bias) }).view(shape);

  const flat = (dy: Tensor) => dy.view([n, outputs, positions]);
  const toInput = (dy: Tensor) => {
    const columns = batchedProduct(kernels, flat(dy), { transposeA: true });
    const dx = allocate(x.shape, x.dtype);
    emit(Op.Col2Im, isWide, columns.pointer, dx.pointer, ...sizes);
    return dx;
  };
  const toWeight = (dy: Tensor) => {
    const into = zeros([1, outputs, taps], x.dtype);
    return batchedProduct(flat(dy), patches, { transposeB: true, into }).view(weight.shape);
  };
  const moveWeight = (dw: Tensor) => batchedProduct(dw.view(kernels.shape), patches, {}).view(shape);
  const perPosition = (dy: Tensor) => sumTo(flat(dy), [n, outputs, 1]).view([n, outputs]);
  const edges: Edge[] = [
    [x, toInput, (dx) => batchedProduct(kernels, patchesOf(dx), {}).view(shape)],
    [weight, toWeight, moveWeight, (dy) => ({ form: "columns", x: patches, delta: flat(dy) })],
  ];
  if (bias) {
    const toBias = (dy: Tensor) => sumTo(perPosition(dy), bias.shape);
    edges.push([
      bias,
      toBias,
      (db) => overPositions(db).view(shape),
      (dy) => ({ form: "broadcast", delta: perPosition(dy) }),
    ]);
  }
  return differentiable(y, edges, { rows: x });
}

/** n, c, h, w, kh, kw, strideH, strideW, padH, padW, oh, ow: what the kernels take. */
function geometry(x: Tensor, weight: Tensor, { stride = 1, padding = 0 }: ConvolutionOptions): number[] {
  const [outputs, channels, kh, kw] = weight.shape as number[];
  if (weight.shape.length !== 4 || outputs === 0) {
    throw new ShapeError({ field: "weight", value: weight.shape, allowed: "of shape [out, in, height, width]" });
  }
  if (x.shape.length !== 4 || x.shape[1] !== channels) {
    throw new ShapeError({
      field: "conv2d input",
      value: x.shape,
      allowed: `of shape [N, ${channels}, H, W] for a weight [${weight.shape}]`,
    });
  }
  const [n, , h, w] = x.shape as [number, number, number, number];
  const [strideH, strideW] = pairOf("stride", stride, 1);
  const [padH, padW] = pairOf("padding", padding, 0);
  const oh = Math.floor((h + 2 * padH - kh!) / strideH) + 1;
  const ow = Math.floor((w + 2 * padW - kw!) / strideW) + 1;
  if (oh < 1 || ow < 1) {
    throw new ShapeError({
      field: "conv2d input",
      value: x.shape,
      allowed: `at least as large as the kernel ${kh}×${kw} (padding ${padH}, ${padW} included)`,
    });
  }
  return [n, channels!, h, w, kh!, kw!, strideH, strideW, padH, padW, oh, ow];
}

function pairOf(field: string, value: number | readonly [number, number], least: number): readonly [number, number] {
  const pair = typeof value === "number" ? ([value, value] as const) : value;
  if (!pair.every((v) => Number.isInteger(v) && v >= least)) {
    throw new ConfigError({ field, value, allowed: `an integer of at least ${least}, or two of them` });
  }
  return pair;
}
