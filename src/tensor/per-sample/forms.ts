/** What can be asked of one `Contribution` to the gradient of a shared operand, without making it larger than needed. */
import { Op } from "../../kernels/index.ts";
import type { Contribution } from "../contribution.ts";
import { zeros } from "../create.ts";
import { batchedProduct, product } from "../operations/gemm.ts";
import { sumTo } from "../operations/reduce.ts";
import { dotRows } from "../operations/rows.ts";
import { emit } from "../program.ts";
import { allocate } from "../scope.ts";
import type { Shape, Tensor } from "../tensor.ts";
import { contiguous, walk } from "../walk.ts";
import type { Memo } from "./memo.ts";

/** A contribution that is already one gradient per sample: `values` is `[N, …shape]`. */
export interface Whole {
  readonly form: "whole";
  readonly values: Tensor;
}

export type Part = Contribution | Whole;

/** Seen as `[N, T, columns]`. */
export function bySample(t: Tensor, batch: number): Tensor {
  const columns = t.shape.at(-1)!;
  return t.view([batch, t.size / (batch * columns), columns]);
}

/** Seen as `[N, everything else]`. */
export function flat(t: Tensor, batch: number): Tensor {
  return t.view([batch, t.size / batch]);
}

/**
 * ⟨g_i, G⟩ `[N]`; `direction` is G, of the operand's shape. For a product, `bias` is the direction of what was added to each
 * row of its result, whose inner product then is among it.
 */
export function innerOf(part: Part, direction: Tensor, batch: number, memo: Memo, bias?: Tensor): Tensor {
  if (part.form === "product") {
    const { x, delta } = part;
    const rows = x.view([x.size / x.shape.at(-1)!, x.shape.at(-1)!]);
    const matrix = direction.view([delta.shape.at(-1)!, x.shape.at(-1)!]);
    const operands = bias ? [rows, matrix, bias] : [rows, matrix];
    const along = memo.of("along", operands, () => product(rows, matrix, { transposeB: true }, bias));
    return dotRows(flat(along, batch), flat(delta, batch));
  }
  if (part.form === "columns" && hasFewColumns(part, batch)) {
    const matrix = direction.view([1, part.delta.shape[1]!, part.x.shape[1]!]);
    const along = memo.of("columns along", [matrix, part.x], () => batchedProduct(matrix, part.x, {}));
    return dotRows(flat(along, batch), flat(part.delta, batch));
  }
  if (part.form === "lookup") {
    const { index, delta } = part;
    const rows = allocate(delta.shape, delta.dtype);
    const wide = delta.dtype === "float64";
    emit(Op.GatherRows, wide, direction.pointer, index.pointer, rows.pointer, index.size, delta.shape.at(-1)!);
    return dotRows(flat(rows, batch), flat(delta, batch));
  }
  const gradients = flat(wholeOf(part, direction.shape, batch, memo), batch);
  return product(gradients, direction.view([1, direction.size]), { transposeB: true }).view([batch]);
}

/** Is it cheaper to compare the columns of a convolution with one another than to make the gradients? */
export function hasFewColumns({ x, delta }: Extract<Part, { form: "columns" }>, batch: number): boolean {
  const [images, inputs, rows] = x.shape as [number, number, number];
  const outputs = delta.shape[1]!;
  return images === batch && rows * (inputs + outputs) < inputs * outputs;
}

/** All g_i of one part, which norms and inner products share where it is the columns of a convolution. */
export function wholeOf(part: Part, shape: Shape, batch: number, memo: Memo): Tensor {
  if (part.form !== "columns") return materialise(part, shape, batch);
  return memo.of("whole", [part.x, part.delta], () => materialise(part, shape, batch));
}

/** All g_i, `[N, …shape]`; added to `into` if it is given. */
export function materialise(part: Part, shape: Shape, batch: number, into?: Tensor): Tensor {
  const target = [batch, ...shape];
  if (part.form === "product") {
    const [delta, x] = [bySample(part.delta, batch), bySample(part.x, batch)];
    const matrices = into?.view([batch, delta.shape[2]!, x.shape[2]!]);
    return batchedProduct(delta, x, { transposeA: true, into: matrices }).view(target);
  }
  if (part.form === "lookup") {
    const tables = into ?? zeros(target, part.delta.dtype);
    scatter(part.index, part.delta, tables, batch);
    return tables;
  }
  const values =
    part.form === "whole"
      ? part.values
      : part.form === "columns"
        ? ofColumns(part.x, part.delta, batch)
        : sumToOperand(part.delta, shape, batch);
  return into ? addInto(into, values.view(target)) : values.view(target);
}

function ofColumns(x: Tensor, delta: Tensor, batch: number): Tensor {
  const images = batchedProduct(delta, x, { transposeB: true });
  const size = images.shape[1]! * images.shape[2]!;
  return sumTo(images.view([batch, images.shape[0]! / batch, size]), [batch, 1, size]);
}

function scatter(index: Tensor, delta: Tensor, tables: Tensor, batch: number): void {
  const rows = index.size / batch;
  const features = delta.shape.at(-1)!;
  const wide = delta.dtype === "float64";
  for (let i = 0; i < batch; i++) {
    const from = delta.view([rows, features], i * rows * features).pointer;
    const table = tables.view([tables.size / batch], (i * tables.size) / batch).pointer;
    emit(Op.ScatterAddRows, wide, from, index.view([rows], i * rows).pointer, table, rows, features);
  }
}

/** `delta` `[N·k, …]` summed to the shape that was broadcast to it, but for each sample on its own. */
function sumToOperand(delta: Tensor, shape: Shape, batch: number): Tensor {
  const padded = [...new Array<number>(delta.shape.length - shape.length).fill(1), ...shape];
  if (padded[0] !== 1) return diagonal(sumTo(delta, padded), batch);
  const [rows, ...rest] = delta.shape as [number, ...number[]];
  return sumTo(delta.view([batch, rows / batch, ...rest]), [batch, 1, ...padded.slice(1)]);
}

/** The operand has rows of the samples itself, `[N·k, …]`: sample i adds to its own rows, and 0 to the others. */
function diagonal(rows: Tensor, batch: number): Tensor {
  const all = zeros([batch, rows.size], rows.dtype);
  const own = rows.size / batch;
  const path = walk([batch, own], [own, 1], [rows.size + own, 1]);
  emit(Op.Copy, rows.dtype === "float64", rows.pointer, all.pointer, ...path);
  return all;
}

function addInto(into: Tensor, values: Tensor): Tensor {
  const strides = contiguous(into.shape);
  emit(Op.AddTo, into.dtype === "float64", values.pointer, into.pointer, ...walk(into.shape, strides, strides));
  return into;
}
