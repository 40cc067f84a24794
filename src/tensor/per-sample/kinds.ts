/**
 * Which tensors of a computation hold one row per sample. Nobody marks them: it follows from the operations, beginning with
 * the parameters, which all samples share, and with the layers, whose result has the rows of their input.
 */
import { ShapeError } from "../../errors.ts";
import type { Node } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { broadcastShape } from "../walk.ts";

/**
 * - `shared`: computed from parameters alone, the same for all samples;
 * - `samples`: the first axis holds the samples in order, k rows each;
 * - `lost`: depends on samples, but no axis tells them apart any more, as after a mean.
 */
export type Kind = "shared" | "samples" | "lost";

/**
 * The kinds of all results of `nodes` (latest first) for a batch of `batch` samples, more than one; `data` are tensors with
 * a gradient that hold samples themselves.
 */
export function sampleKinds(
  nodes: readonly Node[],
  batch: number,
  parameters: ReadonlySet<Tensor>,
  data: readonly Tensor[],
): (tensor: Tensor) => Kind {
  const kinds = new Map<Tensor, Kind>(data.map((tensor) => [tensor, "samples"]));
  const of = (tensor: Tensor) => kinds.get(tensor) ?? "shared";
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i]!;
    const kind = node.rows ? layerKind(node, node.rows, batch, of, parameters) : kindOf(node, batch, of);
    for (const result of node.results) kinds.set(result, kind);
  }
  return of;
}

function layerKind(
  node: Node,
  rows: Tensor,
  batch: number,
  of: (tensor: Tensor) => Kind,
  parameters: ReadonlySet<Tensor>,
): Kind {
  const [result] = node.results as [Tensor];
  const isData = rows.node === undefined && !parameters.has(rows);
  const kind = isData ? (rows.shape[0]! % batch === 0 ? "samples" : "shared") : of(rows);
  const weights = node.edges.map(([operand]) => operand).filter((operand) => operand !== rows);
  if (weights.some((weight) => of(weight) !== "shared")) throw mixing(result);
  // A single row without an axis of rows: the samples, if any, lie along the axis that the layer combines.
  if (result.shape.length < 2 && kind === "samples") return isData ? "shared" : "lost";
  return kind;
}

function kindOf({ results, edges, firstAxis = "kept" }: Node, batch: number, of: (tensor: Tensor) => Kind): Kind {
  const operands = edges.map(([operand]) => operand);
  const [result] = results as [Tensor];
  const samples = operands.filter((operand) => of(operand) === "samples");
  const isLost = operands.some((operand) => of(operand) === "lost");
  if (samples.length === 0) {
    if (isLost) return "lost";
    return firstAxis === "broadcast" && gainsRows(result, operands, batch) ? "samples" : "shared";
  }
  if (isLost) throw mixing(result);
  const rows = result.shape[0] ?? 0;
  if (firstAxis === "mixed") return "lost";
  if (firstAxis === "regrouped") return rows > 0 && rows % batch === 0 ? "samples" : "lost";
  const aligned = (operand: Tensor) => results.every((r) => r.shape[0] === operand.shape[0]);
  if (firstAxis === "kept") return samples.every(aligned) ? "samples" : "lost";
  if (samples.every((operand) => operand.shape.length === result.shape.length && aligned(operand))) return "samples";
  throw new ShapeError({
    field: "per-sample gradients",
    value: result.shape,
    allowed: "taken of computations with the samples along the first axis; this result has them along another",
  });
}

/** Do shared operands meet data, a row for each sample? The data has no gradient: the shape of the result tells. */
function gainsRows(result: Tensor, operands: readonly Tensor[], batch: number): boolean {
  const own = broadcastShape(...operands.map((operand) => operand.shape));
  const rows = result.shape[0] ?? 1;
  if (own.length === result.shape.length && own[0] === rows) return false;
  if (rows === batch) return true;
  if (rows % batch !== 0) return false;
  throw new ShapeError({
    field: "per-sample gradients",
    value: result.shape,
    allowed: `taken with one row for each of the ${batch} samples where a parameter meets data elementwise; reshape the data to [${batch}, …]`,
  });
}

function mixing(result: Tensor): ShapeError {
  return new ShapeError(
    `per-sample gradients do not exist: the operation with the result [${result.shape}] combines samples with one another`,
  );
}
