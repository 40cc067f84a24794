/** Matrix products. */
import { ShapeError } from "../../errors.ts";
import { Op } from "../../kernels/index.ts";
import { zeros } from "../create.ts";
import { linearPerSample } from "../per-sample.ts";
import { emit } from "../program.ts";
import { allocate } from "../scope.ts";
import { differentiable } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { wide } from "./checks.ts";
import { sumTo } from "./reduce.ts";

interface Transposes {
  transposeA?: boolean;
  transposeB?: boolean;
}

/** The kernel alone: op(a)·op(b) (+ bias per column). */
export function product(
  a: Tensor,
  b: Tensor,
  { transposeA = false, transposeB = false }: Transposes,
  bias?: Tensor,
): Tensor {
  const isWide = bias ? wide(a, b, bias) : wide(a, b);
  const [m, k] = transposeA ? [a.shape[1]!, a.shape[0]!] : [a.shape[0]!, a.shape[1]!];
  const n = transposeB ? b.shape[0]! : b.shape[1]!;
  const out = allocate([m, n], a.dtype);
  emit(
    Op.Gemm,
    isWide,
    a.pointer,
    b.pointer,
    bias?.pointer ?? 0,
    out.pointer,
    m,
    n,
    k,
    +transposeA,
    +transposeB,
    0,
    1,
    0,
    0,
    0,
  );
  return out;
}

/** op(a)·op(b) for matrices a and b. */
export function matmul(a: Tensor, b: Tensor, options: Transposes = {}): Tensor {
  const { transposeA: ta = false, transposeB: tb = false } = options;
  if (a.shape.length !== 2 || b.shape.length !== 2 || a.shape[ta ? 0 : 1] !== b.shape[tb ? 1 : 0]) {
    throw new ShapeError(
      `matmul: [${a.shape}]${ta ? "ᵀ" : ""} · [${b.shape}]${tb ? "ᵀ" : ""} do not fit; columns of the left must equal rows of the right`,
    );
  }
  return differentiable(product(a, b, options), [
    [a, (d) => (ta ? product(b, d, { transposeA: tb, transposeB: true }) : product(d, b, { transposeB: !tb }))],
    [b, (d) => (tb ? product(d, a, { transposeA: true, transposeB: ta }) : product(a, d, { transposeA: !ta }))],
  ]);
}

/**
 * y = x·Wᵀ + b.
 *
 * | symbol | shape | meaning |
 * |---|---|---|
 * | x | `[…, in]` | all leading axes are rows; the first is the batch |
 * | W | `[out, in]` | weight |
 * | b | `[out]` | bias, optional |
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const [outputs, inputs] = weight.shape as [number, number];
  if (x.shape.at(-1) !== inputs || weight.shape.length !== 2) {
    throw new ShapeError({
      field: "linear input",
      value: x.shape,
      allowed: `of shape […, ${inputs}] for a weight [${weight.shape}]`,
    });
  }
  if (bias && (bias.shape.length !== 1 || bias.shape[0] !== outputs)) {
    throw new ShapeError({ field: "bias", value: bias.shape, allowed: `of shape [${outputs}]` });
  }
  const rows = inputs === 0 ? 0 : x.size / inputs;
  const flat = x.view([rows, inputs]);
  const y = product(flat, weight, { transposeB: true }, bias).view([...x.shape.slice(0, -1), outputs]);
  const delta = (dy: Tensor) => dy.view([rows, outputs]);
  return differentiable(
    y,
    [
      [x, (dy) => product(delta(dy), weight, {}).view(x.shape)],
      [weight, (dy) => product(delta(dy), flat, { transposeA: true })],
      ...(bias ? [[bias, (dy: Tensor) => sumTo(delta(dy), bias.shape)] as const] : []),
    ],
    linearPerSample(x, weight, bias),
  );
}

/** a[B, m, k] · b[B, k, n] (each optionally transposed in its last two axes), no gradient: for per-sample work. */
export function batchedProduct(a: Tensor, b: Tensor, { transposeA = false, transposeB = false }: Transposes): Tensor {
  const [batch, a1, a2] = a.shape as [number, number, number];
  const [m, k] = transposeA ? [a2, a1] : [a1, a2];
  const n = transposeB ? b.shape[1]! : b.shape[2]!;
  const out = k === 0 ? zeros([batch, m, n], a.dtype) : allocate([batch, m, n], a.dtype);
  emit(
    Op.Gemm,
    wide(a, b),
    a.pointer,
    b.pointer,
    0,
    out.pointer,
    m,
    n,
    k,
    +transposeA,
    +transposeB,
    0,
    batch,
    m * k,
    b.shape[0] === 1 ? 0 : k * n,
    m * n,
  );
  return out;
}
