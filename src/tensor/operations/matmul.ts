/** Matrix products. */
import { ShapeError } from "../../errors.ts";
import { differentiable, type Edge } from "../tape.ts";
import { sizeOf, type Tensor } from "../tensor.ts";
import { bytesProduct, product, type Transposes } from "./gemm.ts";
import { broadcastEdge, spread } from "./reduce.ts";
import { cast } from "./shape.ts";

const LEFT: Transposes = { transposeA: true };

/** op(a)·op(b) for matrices a and b. */
export function matmul(a: Tensor, b: Tensor, options: Transposes = {}): Tensor {
  const { transposeA: ta = false, transposeB: tb = false } = options;
  if (a.shape.length !== 2 || b.shape.length !== 2 || a.shape[ta ? 0 : 1] !== b.shape[tb ? 1 : 0]) {
    throw new ShapeError(
      `matmul: [${a.shape}]${ta ? "ᵀ" : ""} · [${b.shape}]${tb ? "ᵀ" : ""} do not fit; columns of the left must equal rows of the right`,
    );
  }
  const edges: Edge[] = [
    [
      a,
      (d) => (ta ? product(b, d, { transposeA: tb, transposeB: true }) : product(d, b, { transposeB: !tb })),
      (da) => product(da, b, options),
    ],
    [
      b,
      (d) => (tb ? product(d, a, { transposeA: true, transposeB: ta }) : product(a, d, { transposeA: !ta })),
      (db) => product(a, db, options),
      (d) => (tb ? { form: "product", x: a, delta: d } : { form: "product", x: d, delta: a }),
    ],
  ];
  return differentiable(product(a, b, options), edges, ta ? { firstAxis: "mixed" } : { rows: a });
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
  return layerOf(x, weight, bias, false);
}

/**
 * y = x·W + b with W `[in, out]`: the bits of `linear`. What an entry of x adds to y, and what its gradient is, lie in one row of W,
 * so that entries that are 0 cost nothing, forward and backward, where almost all are. x may be of bytes (uint8).
 */
export function sparseLinear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  return layerOf(x.dtype === "uint8" && weight.dtype === "float64" ? cast(x, "float64") : x, weight, bias, true);
}

function layerOf(x: Tensor, weight: Tensor, bias: Tensor | undefined, byInput: boolean): Tensor {
  const [outputs, inputs] = (byInput ? weight.shape.toReversed() : weight.shape) as [number, number];
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
  const rows = sizeOf(x.shape.slice(0, -1));
  const flat = x.view([rows, inputs]);
  const shape = [...x.shape.slice(0, -1), outputs];
  const isBytes = x.dtype === "uint8";
  const forward = isBytes ? bytesProduct : product;
  const map = (from: Tensor, w: Tensor, b?: Tensor) => forward(from, w, { transposeB: !byInput }, b).view(shape);
  const delta = (dy: Tensor) => dy.view([rows, outputs]);
  const edges: Edge[] = [
    [
      x,
      (dy) => product(delta(dy), weight, { transposeB: byInput }).view(x.shape),
      (dx) => map(dx.view(flat.shape), weight),
    ],
    [
      weight,
      (dy) => (byInput ? forward(flat, delta(dy), LEFT) : product(delta(dy), flat, LEFT)),
      (dw) => map(flat, dw),
      (dy) =>
        byInput
          ? { form: "product", x: delta(dy), delta: isBytes ? cast(flat, "float32") : flat }
          : { form: "product", x: flat, delta: delta(dy) },
    ],
  ];
  if (bias) edges.push(broadcastEdge(bias, delta, (db) => spread(db, shape)));
  return differentiable(map(flat, weight, bias), edges, { rows: x });
}
