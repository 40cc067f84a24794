/** ‖g_i‖² of a sum of contributions, by the cheapest exact way that their forms allow. */

import { equal, mul } from "../operations/arithmetic.ts";
import { batchedProduct } from "../operations/gemm.ts";
import { dotRows } from "../operations/rows.ts";
import { cast, concat } from "../operations/shape.ts";
import type { Shape, Tensor } from "../tensor.ts";
import { bySample, flat, hasFewColumns, materialise, type Part, wholeOf } from "./forms.ts";
import type { Memo } from "./memo.ts";

/** ‖row‖² of every row. */
function normsOf(rows: Tensor, memo: Memo): Tensor {
  return memo.of("norms", [rows], () => dotRows(rows, rows));
}

/** ‖Σ parts‖² for each sample, `[N]`. */
export function squaredNormsOf(parts: readonly Part[], shape: Shape, batch: number, memo: Memo): Tensor {
  const products = parts.filter((part) => part.form === "product");
  if (products.length === parts.length) {
    const x = join(products.map((part) => bySample(part.x, batch)));
    const delta = join(products.map((part) => bySample(part.delta, batch)));
    const [rows, outputs, inputs] = [x.shape[1]!, delta.shape[2]!, x.shape[2]!];
    // One outer product per sample: ‖δ ⊗ x‖ = ‖δ‖·‖x‖.
    if (rows === 1) return mul(normsOf(flat(x, batch), memo), normsOf(flat(delta, batch), memo));
    if (rows * (inputs + outputs) < inputs * outputs) return gram(x, delta, batch, false, memo);
  }
  const [first] = parts as [Part];
  if (parts.length === 1 && first.form === "columns") {
    if (hasFewColumns(first, batch)) return gram(first.x, first.delta, batch, true, memo);
    return normsOf(flat(wholeOf(first, shape, batch, memo), batch), memo);
  }
  const lookups = parts.filter((part) => part.form === "lookup");
  if (lookups.length === parts.length) {
    const index = join(lookups.map((part) => part.index.view([batch, part.index.size / batch])));
    return lookupNorms(index, join(lookups.map((part) => bySample(part.delta, batch))), batch);
  }
  return normsOf(flat(materialiseAll(parts, shape, batch), batch), memo);
}

/** All g_i, `[N, …shape]`. */
export function materialiseAll([first, ...rest]: readonly Part[], shape: Shape, batch: number): Tensor {
  let sum = materialise(first!, shape, batch);
  // The first may be memory that belongs to someone else: a delta.
  if (rest.length > 0 && (first!.form === "whole" || first!.form === "broadcast")) sum = copyOf(sum);
  for (const part of rest) sum = materialise(part, shape, batch, sum);
  return sum;
}

const copyOf = (t: Tensor) => concat([t]);

function join(parts: readonly Tensor[]): Tensor {
  return parts.length === 1 ? parts[0]! : concat(parts, 1);
}

/** Σ_t Σ_s ⟨x_t, x_s⟩·⟨δ_t, δ_s⟩ = ‖Σ_t δ_t ⊗ x_t‖²: T² numbers instead of in·out. */
function gram(x: Tensor, delta: Tensor, batch: number, columns: boolean, memo: Memo): Tensor {
  const transposed = columns ? { transposeA: true } : { transposeB: true };
  const own = (t: Tensor) =>
    flat(
      memo.of(`gram ${columns}`, [t], () => batchedProduct(t, t, transposed)),
      batch,
    );
  return dotRows(own(x), own(delta));
}

/** Rows of a table: two lookups of one sample meet where their indices are equal. */
function lookupNorms(index: Tensor, delta: Tensor, batch: number): Tensor {
  const rows = index.shape[1]!;
  if (rows === 1) return dotRows(flat(delta, batch), flat(delta, batch));
  const numbers = cast(index, "float64");
  const same = cast(equal(numbers.view([batch, rows, 1]), numbers.view([batch, 1, rows])), delta.dtype);
  return dotRows(flat(same, batch), flat(batchedProduct(delta, delta, { transposeB: true }), batch));
}
