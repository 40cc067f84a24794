import { ConfigError, ShapeError } from "../../errors.ts";
import { Op } from "../../kernels/index.ts";
import { emit } from "../program.ts";
import { allocate } from "../scope.ts";
import { differentiable } from "../tape.ts";
import { sameShape, type Tensor } from "../tensor.ts";
import { mul } from "./arithmetic.ts";
import { wide } from "./checks.ts";
import { broadcastEdge } from "./reduce.ts";

/**
 * Layer normalisation (Ba, Kiros & Hinton 2016, eq. 4): gain·(x − mean)/√(variance + eps) + bias over the last axis, with
 * the biased variance. `x` `[…, n]`, `gain` and `bias` `[n]`.
 */
export function layerNorm(x: Tensor, gain: Tensor, bias: Tensor, eps = 1e-5): Tensor {
  const cols = x.shape.at(-1) ?? 0;
  if (cols === 0) throw new ShapeError({ field: "x", value: x.shape, allowed: "with a last axis of at least 1" });
  for (const [field, t] of [["gain", gain] as const, ["bias", bias] as const]) {
    if (!sameShape(t.shape, [cols])) throw new ShapeError({ field, value: t.shape, allowed: `of shape [${cols}]` });
  }
  if (!(eps > 0)) throw new ConfigError({ field: "eps", value: eps, allowed: "a positive number" });
  const rows = x.size / cols;
  const y = allocate(x.shape, x.dtype);
  const normalised = allocate(x.shape, x.dtype);
  const scale = allocate([rows], x.dtype);
  const operands = [x.pointer, gain.pointer, bias.pointer];
  const results = [y.pointer, normalised.pointer, scale.pointer];
  emit(Op.LayerNorm, wide(x, gain, bias), ...operands, ...results, rows, cols, eps);
  const rule = (dy: Tensor) => {
    const dx = allocate(x.shape, x.dtype);
    const read = [dy.pointer, normalised.pointer, scale.pointer, gain.pointer];
    emit(Op.LayerNormGrad, wide(dy, gain), ...read, dx.pointer, rows, cols);
    return dx;
  };
  const edges = [[x, rule] as const, broadcastEdge(gain, (dy) => mul(dy, normalised)), broadcastEdge(bias, (dy) => dy)];
  return differentiable(y, edges, { rows: x });
}
