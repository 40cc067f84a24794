import { ShapeError } from "../../errors.ts";
import { Op } from "../../kernels/index.ts";
import { emit } from "../program.ts";
import { sameShape, type Tensor } from "../tensor.ts";
import { wide } from "./checks.ts";

/**
 * Overwrites the elements of `target` with those of `source`, of the same shape and dtype: state that a recorded plan moves on
 * by itself. No gradient; whatever was computed from the target before keeps its values.
 */
export function assign(target: Tensor, source: Tensor): void {
  requireSameShape(target, source);
  emit(Op.Copy, wide(target, source), source.pointer, target.pointer, 1, target.size, 1, 1);
}

/**
 * Moves the elements of `target` the share `tau` of their way to those of `source`: θ̄ ← θ̄ + τ (θ − θ̄), a moving average
 * (Polyak averaging). 1 copies. No gradient.
 */
export function moveTowards(target: Tensor, source: Tensor, tau: number): void {
  requireSameShape(target, source);
  emit(Op.MoveTowards, wide(target, source), source.pointer, target.pointer, target.size, tau);
}

function requireSameShape(target: Tensor, source: Tensor): void {
  if (sameShape(target.shape, source.shape)) return;
  throw new ShapeError({ field: "source", value: source.shape, allowed: `of the target's shape [${target.shape}]` });
}
