/**
 * Reverse-mode differentiation (Griewank & Walther, *Evaluating Derivatives*, 2008, ch. 3). Each operation that has an
 * operand with a gradient leaves a node: its operands, each with the rule that turns the gradient of the result into the
 * gradient of that operand. `backward` walks the nodes once, latest first; `pushForward` walks them the other way.
 */
import { ShapeError } from "../errors.ts";
import type { PerSampleRule } from "./contribution.ts";
import { accumulate, ones } from "./create.ts";
import { sameShape, type Tensor } from "./tensor.ts";

/** From the gradient of the result (its shape) to the gradient of one operand (that operand's shape). */
export type GradientRule = (dy: Tensor) => Tensor;

/** From the tangent of one operand (its shape) to what it adds to the tangent of the result (the result's shape). */
export type TangentRule = (dx: Tensor) => Tensor;

/**
 * An operand, its two rules (each the transpose of the other), and for operands that all samples share what each sample of
 * the batch adds to the gradient.
 */
export type Edge = readonly [operand: Tensor, rule: GradientRule, tangent?: TangentRule, perSample?: PerSampleRule];

/** The edge of an operand whose Jacobian is symmetric, as that of every elementwise operation: one rule serves both ways. */
export function symmetricEdge(operand: Tensor, rule: GradientRule): Edge {
  return [operand, rule, rule];
}

/**
 * What an operation does with the first axis, along which the samples of a batch lie. Only per-sample gradients ask.
 *
 * | | row i of the result comes from |
 * |---|---|
 * | `kept` | row i of every operand (the usual case) |
 * | `broadcast` | row i of every operand of the result's rank; the others are the same for all rows |
 * | `regrouped` | the same elements in the same order under another shape |
 * | `mixed` | other rows: they are summed, moved or combined |
 */
export type FirstAxis = "kept" | "broadcast" | "regrouped" | "mixed";

export interface Trace {
  readonly firstAxis?: FirstAxis;
  /** For layers: the operand whose rows are the rows of the result, whether a gradient flows to it or not. */
  readonly rows?: Tensor;
}

export interface Node extends Trace {
  /** Creation order; operands always have smaller ones. */
  readonly order: number;
  readonly results: readonly Tensor[];
  readonly edges: readonly Edge[];
  /** See `differentiableTogether`. */
  readonly joint?: JointRule;
}

/** From the gradients of all results (undefined where none arrived) to one tensor, of which each edge's rule cuts its part. */
export type JointRule = (dys: readonly (Tensor | undefined)[]) => Tensor;

let order = 0;
let enabled = true;

/** Ties a result to its operands; a no-op when no gradient flows through any of them. */
export function differentiable(result: Tensor, edges: readonly Edge[], trace?: Trace): Tensor {
  if (!enabled) return result;
  const flowing = edges.filter(([operand]) => operand.requiresGrad);
  if (flowing.length === 0) return result;
  result.requiresGrad = true;
  result.node = { order: order++, results: [result], edges: flowing, firstAxis: trace?.firstAxis, rows: trace?.rows };
  return result;
}

/** Ties several results of one kernel to their operands: one more kernel, `joint`, gives the gradients of all operands. */
export function differentiableTogether(results: readonly Tensor[], joint: JointRule, edges: readonly Edge[]): void {
  if (!enabled) return;
  const flowing = edges.filter(([operand]) => operand.requiresGrad);
  if (flowing.length === 0) return;
  const node: Node = { order: order++, results, edges: flowing, joint };
  for (const result of results) {
    result.requiresGrad = true;
    result.node = node;
  }
}

/** Runs `fn` without leaving nodes: for acting, targets and statistics. */
export function noGrad<R>(fn: () => R): R {
  const before = enabled;
  enabled = false;
  try {
    return fn();
  } finally {
    enabled = before;
  }
}

/** The gradients of one scalar with respect to everything it was computed from. */
export class Gradients {
  readonly #of: ReadonlyMap<Tensor, Tensor>;
  /** The tensor that was pulled back. */
  readonly root: Tensor;
  /** The operations that were walked, latest first: the microscope reads activations and deltas from here. */
  readonly nodes: readonly Node[];

  constructor(of: ReadonlyMap<Tensor, Tensor>, root: Tensor, nodes: readonly Node[]) {
    this.#of = of;
    this.root = root;
    this.nodes = nodes;
  }

  /** ∂loss/∂tensor, of the tensor's shape; for hidden values this is their delta. Throws where no gradient arrived. */
  of(tensor: Tensor): Tensor {
    const gradient = this.#of.get(tensor);
    if (gradient === undefined) {
      throw new ShapeError(
        `no gradient reached this tensor of shape [${tensor.shape}]: the loss was not computed from it`,
      );
    }
    return gradient;
  }

  has(tensor: Tensor): boolean {
    return this.#of.has(tensor);
  }
}

/** Gradients of `loss` (one element) with respect to every tensor with a gradient that it was computed from. */
export function backward(loss: Tensor): Gradients {
  if (loss.size !== 1) {
    throw new ShapeError({ field: "loss", value: loss.shape, allowed: "one element; reduce it with mean() or sum()" });
  }
  return pullBack(loss, ones(loss.shape, loss.dtype));
}

/**
 * The vector-Jacobian product: gradients of Σ dy·y. `dy` has y's shape and dtype.
 * @param without tensors whose own gradients nobody wants: parameters where only deltas are looked at, which is half the work
 */
export function pullBack(y: Tensor, dy: Tensor, without?: ReadonlySet<Tensor>): Gradients {
  if (!sameShape(y.shape, dy.shape) || y.dtype !== dy.dtype) {
    const value = `[${dy.shape}] ${dy.dtype}`;
    throw new ShapeError({ field: "dy", value, allowed: `of y's shape and dtype, [${y.shape}] ${y.dtype}` });
  }
  const gradients = new Map<Tensor, Tensor>([[y, dy]]);
  const nodes = reachable(y);
  noGrad(() => {
    for (const node of nodes) pullThrough(node, gradients, without);
  });
  return new Gradients(gradients, y, nodes);
}

function pullThrough(
  { results, edges, joint }: Node,
  gradients: Map<Tensor, Tensor>,
  without: ReadonlySet<Tensor> | undefined,
): void {
  const gradient = joint ? together(joint, results, gradients) : gradients.get(results[0]!);
  if (gradient === undefined) return;
  for (const [operand, rule] of edges) {
    if (without?.has(operand)) continue;
    const part = rule(gradient);
    const sum = gradients.get(operand);
    gradients.set(operand, sum === undefined ? part : accumulate(sum, part));
  }
}

function together(joint: JointRule, results: readonly Tensor[], gradients: Map<Tensor, Tensor>): Tensor | undefined {
  const dys = results.map((result) => gradients.get(result));
  return dys.some((dy) => dy !== undefined) ? joint(dys) : undefined;
}

/** Every operation that `y` was computed by, latest first. */
export function reachable(y: Tensor): Node[] {
  const seen = new Set<Node>();
  const stack = [y];
  while (stack.length > 0) {
    const { node } = stack.pop()!;
    if (node === undefined || seen.has(node)) continue;
    seen.add(node);
    for (const [operand] of node.edges) stack.push(operand);
  }
  return [...seen].sort((a, b) => b.order - a.order);
}
