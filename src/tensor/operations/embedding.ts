import { ShapeError } from "../../errors.ts";
import { Op } from "../../kernels/index.ts";
import { zeros } from "../create.ts";
import { emit } from "../program.ts";
import { allocate } from "../scope.ts";
import { differentiable, type Edge } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { expectDtype, expectIndex, wide } from "./checks.ts";

/** Rows of a trainable table: `table` `[V, D]` and `index` int32 `[…]`, each in 0 … V − 1, give `[…, D]`. */
export function embedding(table: Tensor, index: Tensor): Tensor {
  expectDtype("index", index, "int32");
  if (table.shape.length !== 2) {
    throw new ShapeError({ field: "embedding table", value: table.shape, allowed: "of shape [entries, features]" });
  }
  const [entries, features] = table.shape as [number, number];
  expectIndex("index", index, entries);
  const y = allocate([...index.shape, features], table.dtype);
  emit(Op.GatherRows, wide(table), table.pointer, index.pointer, y.pointer, index.size, features);
  const rule = (dy: Tensor) => {
    const gradient = zeros(table.shape, table.dtype);
    emit(Op.ScatterAddRows, wide(dy), dy.pointer, index.pointer, gradient.pointer, index.size, features);
    return gradient;
  };
  const edge: Edge = [table, rule, (moved) => embedding(moved, index), (dy) => ({ form: "lookup", index, delta: dy })];
  return differentiable(y, [edge], { rows: index });
}
