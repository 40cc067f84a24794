import { Op } from "../../kernels/index.ts";
import { emit } from "../program.ts";
import { allocate } from "../scope.ts";
import type { Tensor } from "../tensor.ts";
import { expectIndex } from "./checks.ts";

/**
 * Rows of stored data, no gradient: `x` `[M, …]` of any type and `index` int32 `[n]` (each below M) give
 * `[n, …]`. How a minibatch is read from a buffer without leaving the engine's memory.
 */
export function gatherRows(x: Tensor, index: Tensor): Tensor {
  expectIndex("index", index, x.shape[0] ?? 0);
  const rest = x.shape.slice(1);
  const columns = rest.reduce((product, d) => product * d, 1);
  const rows = allocate([index.size, ...rest], x.dtype);
  const op = x.dtype === "uint8" ? Op.GatherBytes : Op.GatherRows;
  emit(op, x.dtype === "float64", x.pointer, index.pointer, rows.pointer, index.size, columns);
  return rows;
}
