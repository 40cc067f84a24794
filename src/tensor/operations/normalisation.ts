import { ConfigError, ShapeError } from "../../errors.ts";
import { Op } from "../../kernels/index.ts";
import { ones } from "../create.ts";
import { emit } from "../program.ts";
import { allocate } from "../scope.ts";
import { differentiable, type Edge } from "../tape.ts";
import { sameShape, type Tensor } from "../tensor.ts";
import { mul } from "./arithmetic.ts";
import { wide } from "./checks.ts";
import { broadcastEdge, spread } from "./reduce.ts";

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
  /** J·(weights·t), where J is the Jacobian of the normalised values, which is symmetric. */
  const through = (t: Tensor, weights: Tensor) => {
    const moved = allocate(x.shape, x.dtype);
    const read = [t.pointer, normalised.pointer, scale.pointer, weights.pointer];
    emit(Op.LayerNormGrad, wide(t, weights), ...read, moved.pointer, rows, cols);
    return moved;
  };
  const edges: Edge[] = [
    [x, (dy) => through(dy, gain), (dx) => mul(through(dx, ones([cols], x.dtype)), gain)],
    broadcastEdge(
      gain,
      (dy) => mul(dy, normalised),
      (dGain) => mul(normalised, dGain),
    ),
    broadcastEdge(
      bias,
      (dy) => dy,
      (dBias) => spread(dBias, x.shape),
    ),
  ];
  return differentiable(y, edges, { rows: x });
}
