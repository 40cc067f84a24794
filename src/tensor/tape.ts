/**
 * Reverse-mode differentiation (Griewank & Walther, *Evaluating Derivatives*, 2008, ch. 3). Each operation that has an
 * operand with a gradient leaves a node: its operands, each with the rule that turns the gradient of the result into the
 * gradient of that operand. `backward` walks the nodes once, latest first.
 */
import { ShapeError } from "../errors.ts";
import { accumulate, ones } from "./create.ts";
import type { PerSampleRule } from "./per-sample.ts";
import type { Tensor } from "./tensor.ts";

/** From the gradient of the result (its shape) to the gradient of one operand (that operand's shape). */
export type GradientRule = (dy: Tensor) => Tensor;

export interface Node {
  /** Creation order; operands always have smaller ones. */
  readonly order: number;
  readonly operands: readonly (readonly [Tensor, GradientRule])[];
  /** For operations with parameters: what each sample of the batch adds to the parameter's gradient. */
  readonly perSample: readonly PerSampleRule[];
}

let order = 0;
let enabled = true;

/** Ties a result to its operands; a no-op when no gradient flows through any of them. */
export function differentiable(
  result: Tensor,
  operands: readonly (readonly [Tensor, GradientRule])[],
  perSample: readonly PerSampleRule[] = [],
): Tensor {
  if (!enabled) return result;
  const flowing = operands.filter(([operand]) => operand.requiresGrad);
  if (flowing.length === 0) return result;
  result.requiresGrad = true;
  result.node = { order: order++, operands: flowing, perSample };
  return result;
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
  /** The nodes that were walked, latest first: the microscope reads activations and deltas from here. */
  readonly nodes: readonly Tensor[];

  constructor(of: ReadonlyMap<Tensor, Tensor>, nodes: readonly Tensor[]) {
    this.#of = of;
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

/** The vector-Jacobian product: gradients of Σ dy·y. `dy` has y's shape. */
export function pullBack(y: Tensor, dy: Tensor): Gradients {
  const gradients = new Map<Tensor, Tensor>([[y, dy]]);
  const nodes = reachable(y);
  for (const tensor of nodes) {
    const gradient = gradients.get(tensor);
    if (gradient === undefined) continue;
    for (const [operand, rule] of tensor.node!.operands) {
      const part = rule(gradient);
      const sum = gradients.get(operand);
      gradients.set(operand, sum === undefined ? part : accumulate(sum, part));
    }
  }
  return new Gradients(gradients, nodes);
}

/** Every tensor with a node below `y`, latest first. */
function reachable(y: Tensor): Tensor[] {
  const seen = new Set<Tensor>();
  const stack = [y];
  while (stack.length > 0) {
    const tensor = stack.pop()!;
    if (tensor.node === undefined || seen.has(tensor)) continue;
    seen.add(tensor);
    for (const [operand] of tensor.node.operands) stack.push(operand);
  }
  return [...seen].sort((a, b) => b.node!.order - a.node!.order);
}
