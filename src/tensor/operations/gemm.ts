/** The matrix-product kernel without gradients, for operations that are made of it. */
import { Op } from "../../kernels/index.ts";
import { emit } from "../program.ts";
import { allocate } from "../scope.ts";
import type { Tensor } from "../tensor.ts";
import { wide } from "./checks.ts";

export interface Transposes {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** op(a)·op(b) (+ bias per column) of two matrices. */
export function product(a: Tensor, b: Tensor, transposes: Transposes, bias?: Tensor): Tensor {
  const { transposeA: ta = false, transposeB: tb = false } = transposes;
  const isWide = bias ? wide(a, b, bias) : wide(a, b);
  const m = a.shape[ta ? 1 : 0]!;
  const k = a.shape[ta ? 0 : 1]!;
  const n = b.shape[tb ? 0 : 1]!;
  const out = allocate([m, n], a.dtype);
  emit(Op.Gemm, isWide, a.pointer, b.pointer, bias?.pointer ?? 0, out.pointer, m, n, k, +ta, +tb, 0, 1, 0, 0, 0);
  return out;
}

/** op(a)·b (+ bias per column) of a matrix of bytes and one of float32. */
export function bytesProduct(a: Tensor, b: Tensor, { transposeA = false }: Transposes, bias?: Tensor): Tensor {
  const [rows, columns] = a.shape as [number, number];
  const [m, k] = transposeA ? [columns, rows] : [rows, columns];
  const n = b.shape[1]!;
  const out = allocate([m, n], "float32");
  emit(Op.GemmBytes, false, a.pointer, b.pointer, bias?.pointer ?? 0, out.pointer, m, n, k, +transposeA);
  return out;
}

interface Batched extends Transposes {
  /** Adds to these results `[B, m, n]` (or, of shape `[1, m, n]`, all products to one result) instead of making new ones. */
  readonly into?: Tensor;
}

/** op(a_i)·op(b_i) for every i: a `[B, …]`, b `[B, …]`, either with B = 1 for one matrix that serves all, to `[B, m, n]`. */
export function batchedProduct(a: Tensor, b: Tensor, options: Batched): Tensor {
  const { transposeA: ta = false, transposeB: tb = false, into } = options;
  const batch = a.shape[0] === 1 ? b.shape[0]! : a.shape[0]!;
  const m = a.shape[ta ? 2 : 1]!;
  const k = a.shape[ta ? 1 : 2]!;
  const n = b.shape[tb ? 1 : 2]!;
  const out = into ?? allocate([batch, m, n], a.dtype);
  const stride = (t: Tensor, size: number) => (t.shape[0] === 1 ? 0 : size);
  const strides = [stride(a, m * k), stride(b, k * n), stride(out, m * n)];
  emit(Op.Gemm, wide(a, b), a.pointer, b.pointer, 0, out.pointer, m, n, k, +ta, +tb, into ? 1 : 0, batch, ...strides);
  return out;
}
