/** Pieces that losses are made of. */
import {
  add,
  clip,
  div,
  maximum,
  mean,
  minimum,
  mul,
  type Operand,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
} from "../tensor/index.ts";

/** x limited to center ± range; `range` may be a tensor of one element. */
export function clipAround(center: number, x: Tensor, range: Operand): Tensor {
  if (typeof range === "number") return clip(x, center - range, center + range);
  return maximum(minimum(x, add(range, center)), sub(center, range));
}

/** (x − mean) / (deviation + 1e-8), with the unbiased deviation as Stable-Baselines3; one number alone stays as it is. */
export function standardize(x: Tensor): Tensor {
  if (x.size < 2) return x;
  const centered = sub(x, mean(x));
  const deviation = sqrt(mul(sum(square(centered)), 1 / (x.size - 1)));
  return div(centered, add(deviation, 1e-8));
}
