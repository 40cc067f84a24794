/** Follows the gradients of a batch back to the operands that all samples share, keeping the samples apart. */
import { ShapeError } from "../../errors.ts";
import { Op } from "../../kernels/index.ts";
import { accumulate } from "../create.ts";
import { emit } from "../program.ts";
import { allocate } from "../scope.ts";
import type { Gradients, Node } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import type { Part } from "./forms.ts";
import { type Kind, sampleKinds } from "./kinds.ts";
import { materialiseAll } from "./norms.ts";

/** What the samples add to the gradient of one shared tensor. */
export interface Share {
  readonly parts: Part[];
  /** What belongs to no sample, of the tensor's shape: each sample has one N-th of it. */
  common: Tensor | undefined;
}

/** What to do with terms of a loss that depend on no sample, such as a penalty on the weights. */
export type Unsampled = "refuse" | "divide";

export function traceSamples(
  gradients: Gradients,
  parameters: readonly Tensor[],
  batch: number,
  unsampled: Unsampled,
  data: readonly Tensor[],
): ReadonlyMap<Tensor, Share> {
  const { nodes, root } = gradients;
  const kindOf = sampleKinds(nodes, batch, new Set(parameters), data);
  const wanted = leadingTo(parameters, nodes, kindOf);
  const shares = new Map<Tensor, Share>();
  for (const tensor of wanted) shares.set(tensor, { parts: [], common: undefined });
  const addCommon = (operand: Tensor, gradient: Tensor) => {
    if (unsampled === "refuse") throw withoutSamples(operand, nodes, batch, new Set(parameters));
    const share = shares.get(operand)!;
    share.common = plus(share.common, gradient);
  };
  if (wanted.has(root)) addCommon(root, gradients.of(root));

  for (const node of nodes) {
    const edges = node.edges.filter(([operand]) => wanted.has(operand));
    const [result] = node.results as [Tensor];
    if (edges.length === 0 || !node.results.some((r) => gradients.has(r))) continue;
    const kind = kindOf(result);
    if (kind === "shared") passOn(node, shares, batch);
    else if (kind === "lost") {
      for (const [operand, rule] of edges) {
        if (result.size !== 1 || operand.size !== 1) throw noRule(operand, result, "does not keep samples apart");
        addCommon(operand, rule(gradients.of(result)));
      }
    } else {
      for (const [operand, , , perSample] of edges) {
        if (perSample === undefined) throw noRule(operand, result, "has no rule for it");
        shares.get(operand)!.parts.push(perSample(gradients.of(result)));
      }
    }
  }
  return shares;
}

/** The shared tensors from which a parameter can be reached. */
function leadingTo(parameters: readonly Tensor[], nodes: readonly Node[], kindOf: (t: Tensor) => Kind): Set<Tensor> {
  const wanted = new Set(parameters);
  for (let i = nodes.length - 1; i >= 0; i--) {
    const { results, edges } = nodes[i]!;
    if (kindOf(results[0]!) !== "shared" || !edges.some(([operand]) => wanted.has(operand))) continue;
    for (const result of results) wanted.add(result);
  }
  return wanted;
}

/** Through an operation on shared tensors: its rule, sample by sample; it is linear in the gradient. */
function passOn(node: Node, shares: ReadonlyMap<Tensor, Share>, batch: number): void {
  const pull = (dys: readonly (Tensor | undefined)[]) => (node.joint ? node.joint(dys) : dys[0]!);
  const common = node.results.map((result) => shares.get(result)!.common);
  if (common.some((c) => c !== undefined)) {
    const dy = pull(common);
    for (const [operand, rule] of node.edges) {
      const share = shares.get(operand);
      if (share) share.common = plus(share.common, rule(dy));
    }
  }
  const own = node.results.map((result) => {
    const { parts } = shares.get(result)!;
    return parts.length > 0 ? materialiseAll(parts, result.shape, batch) : undefined;
  });
  if (own.every((gradient) => gradient === undefined)) return;
  const edges = node.edges.filter(([operand]) => shares.has(operand));
  const targets = edges.map(([operand]) => allocate([batch, ...operand.shape], operand.dtype));
  for (let i = 0; i < batch; i++) {
    const dy = pull(own.map((all, r) => all?.view(node.results[r]!.shape, i * node.results[r]!.size)));
    edges.forEach(([operand, rule], e) => {
      const to = targets[e]!.view(operand.shape, i * operand.size);
      emit(Op.Copy, to.dtype === "float64", rule(dy).pointer, to.pointer, 1, to.size, 1, 1);
    });
  }
  edges.forEach(([operand], e) => {
    shares.get(operand)!.parts.push({ form: "whole", values: targets[e]! });
  });
}

/** A term that belongs to no sample: most often because the data has not `batch` rows, or a multiple. */
function withoutSamples(
  operand: Tensor,
  nodes: readonly Node[],
  batch: number,
  parameters: ReadonlySet<Tensor>,
): ShapeError {
  const uneven = nodes.find(({ rows, results }) => {
    if (rows === undefined || rows.node !== undefined || parameters.has(rows)) return false;
    return results[0]!.shape.length >= 2 && rows.shape[0]! % batch !== 0;
  })?.rows;
  if (uneven) {
    const allowed = `a number of samples that the ${uneven.shape[0]} rows of the data [${uneven.shape}] can be shared out among`;
    return new ShapeError({ field: "batch", value: batch, allowed });
  }
  return new ShapeError({
    field: "per-sample gradients",
    value: operand.shape,
    allowed:
      "taken of a loss of which every term depends on the samples; a parameter enters through a term of this shape that belongs to none",
    fix: 'Keep such terms out of the loss, or share them out equally with unsampled: "divide"',
  });
}

const plus = (a: Tensor | undefined, b: Tensor) => (a === undefined ? b : accumulate(a, b));

function noRule(operand: Tensor, result: Tensor, reason: string): ShapeError {
  return new ShapeError(
    `per-sample gradients of a tensor of shape [${operand.shape}] cannot be told: the operation that it enters, with the result [${result.shape}], ${reason}`,
  );
}
