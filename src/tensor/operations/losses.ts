/**
 * Losses. Reduction `mean` (default) averages over all elements and gives a scalar; `none` gives one loss per sample,
 * `[N]`, each the average over that sample's elements, so that their mean is the loss.
 */
import { ConfigError, ShapeError } from "../../errors.ts";
import { sameShape, type Tensor } from "../tensor.ts";
import { mul, sub } from "./arithmetic.ts";
import { mean } from "./reduce.ts";
import { logSoftmax, pick } from "./rows.ts";
import { abs, affine, clip, neg, square } from "./unary.ts";

/** `mean`: one number; `none`: one loss per sample, `[N]`. */
export type Reduction = "mean" | "none";

function reduce(losses: Tensor, reduction: Reduction): Tensor {
  if (reduction === "mean") return mean(losses);
  return losses.shape.length === 1 ? losses : mean(losses, losses.shape.map((_, i) => i).slice(1));
}

function difference(prediction: Tensor, target: Tensor): Tensor {
  if (prediction.shape.length === 0 || !sameShape(prediction.shape, target.shape)) {
    // Broadcasting [N, 1] against [N] to [N, N] is a classic silent error.
    throw new ShapeError({
      field: "target",
      value: target.shape,
      allowed: `of the prediction's shape [${prediction.shape}]`,
    });
  }
  return sub(prediction, target);
}

/** Mean squared error: (prediction − target)². */
export function mseLoss(prediction: Tensor, target: Tensor, reduction: Reduction = "mean"): Tensor {
  return reduce(square(difference(prediction, target)), reduction);
}

/** Mean absolute error: |prediction − target|; the gradient at 0 is 0. */
export function l1Loss(prediction: Tensor, target: Tensor, reduction: Reduction = "mean"): Tensor {
  return reduce(abs(difference(prediction, target)), reduction);
}

/**
 * Huber's loss (1964): d²/2 where |d| ≤ delta, else delta·(|d| − delta/2), with d = prediction − target. Written as
 * q·(d − q/2) with q = d clipped to ±delta.
 */
export function huberLoss(
  prediction: Tensor,
  target: Tensor,
  { delta = 1, reduction = "mean" }: { delta?: number; reduction?: Reduction } = {},
): Tensor {
  if (!(delta > 0)) throw new ConfigError({ field: "delta", value: delta, allowed: "a positive number" });
  const d = difference(prediction, target);
  const q = clip(d, -delta, delta);
  return reduce(mul(q, sub(d, affine(q, 0.5, 0))), reduction);
}

/** −log softmax(logits)[index]: logits `[N, …, K]`, index int32 `[N, …]` in 0 … K − 1. */
export function crossEntropyLoss(logits: Tensor, index: Tensor, reduction: Reduction = "mean"): Tensor {
  return reduce(neg(pick(logSoftmax(logits), index)), reduction);
}
