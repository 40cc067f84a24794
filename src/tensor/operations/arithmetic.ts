/** Elementwise operations on two operands, with broadcasting. */
import { Op } from "../../kernels/index.ts";
import { full } from "../create.ts";
import { emit } from "../program.ts";
import { allocate } from "../scope.ts";
import { differentiable, type GradientRule } from "../tape.ts";
import { sameShape, Tensor } from "../tensor.ts";
import { broadcastShape, broadcastStrides, walk } from "../walk.ts";
import { floatType, type Operand, wide } from "./checks.ts";
import { broadcastEdge, spread } from "./reduce.ts";
import { affine } from "./unary.ts";

/** The kernel alone: out = a ∘ b, broadcast. */
function binary(op: Op, a: Tensor, b: Tensor): Tensor {
  const isWide = wide(a, b);
  const shape = broadcastShape(a.shape, b.shape);
  const out = allocate(shape, a.dtype);
  const path = sameShape(a.shape, b.shape)
    ? [1, out.size, 1, 1]
    : walk(shape, broadcastStrides(a.shape, shape), broadcastStrides(b.shape, shape));
  emit(op, isWide, a.pointer, b.pointer, out.pointer, ...path);
  return out;
}

/** Numbers become tensors of one element, of the other operand's dtype. */
function pair(a: Operand, b: Operand): [Tensor, Tensor] {
  if (a instanceof Tensor) return [a, b instanceof Tensor ? b : full([], b, floatType(a))];
  if (b instanceof Tensor) return [full([], a, floatType(b)), b];
  return [full([], a), full([], b)];
}

/** a ∘ b with its gradient: `dx` and `dy` give the gradients of the operands as if they had been of the result's shape. */
function elementwise(op: Op, x: Tensor, y: Tensor, dx: GradientRule, dy: GradientRule): Tensor {
  const result = binary(op, x, y);
  const edge = (operand: Tensor, rule: GradientRule) =>
    broadcastEdge(operand, rule, (moved) => rule(spread(moved, result.shape)));
  return differentiable(result, [edge(x, dx), edge(y, dy)], { firstAxis: "broadcast" });
}

/** a + b. */
export function add(a: Operand, b: Operand): Tensor {
  if (typeof b === "number" && a instanceof Tensor) return affine(a, 1, b);
  if (typeof a === "number" && b instanceof Tensor) return affine(b, 1, a);
  const [x, y] = pair(a, b);
  const pass = (d: Tensor) => d;
  return elementwise(Op.Add, x, y, pass, pass);
}

/** a − b. */
export function sub(a: Operand, b: Operand): Tensor {
  if (typeof b === "number" && a instanceof Tensor) return affine(a, 1, -b);
  if (typeof a === "number" && b instanceof Tensor) return affine(b, -1, a);
  const [x, y] = pair(a, b);
  return elementwise(
    Op.Sub,
    x,
    y,
    (d) => d,
    (d) => affine(d, -1, 0),
  );
}

/** a · b, elementwise. */
export function mul(a: Operand, b: Operand): Tensor {
  if (typeof b === "number" && a instanceof Tensor) return affine(a, b, 0);
  if (typeof a === "number" && b instanceof Tensor) return affine(b, a, 0);
  const [x, y] = pair(a, b);
  return elementwise(
    Op.Mul,
    x,
    y,
    (d) => binary(Op.Mul, d, y),
    (d) => binary(Op.Mul, d, x),
  );
}

/** a / b, elementwise. */
export function div(a: Operand, b: Operand): Tensor {
  const [x, y] = pair(a, b);
  return elementwise(
    Op.Div,
    x,
    y,
    (d) => binary(Op.Div, d, y),
    // Not −x/y²: the square of a small y is 0, and of a large one infinite.
    (d) => binary(Op.Mul, d, affine(binary(Op.Div, binary(Op.Div, x, y), y), -1, 0)),
  );
}

/** The smaller of a and b, elementwise; where they are equal the gradient goes to a. */
export function minimum(a: Operand, b: Operand): Tensor {
  const [x, y] = pair(a, b);
  return elementwise(
    Op.Min,
    x,
    y,
    (d) => binary(Op.Mul, d, binary(Op.LessEqual, x, y)),
    (d) => binary(Op.Mul, d, binary(Op.Less, y, x)),
  );
}

/** The larger of a and b, elementwise; where they are equal the gradient goes to a. */
export function maximum(a: Operand, b: Operand): Tensor {
  const [x, y] = pair(a, b);
  return elementwise(
    Op.Max,
    x,
    y,
    (d) => binary(Op.Mul, d, binary(Op.GreaterEqual, x, y)),
    (d) => binary(Op.Mul, d, binary(Op.Greater, y, x)),
  );
}

/** 1 where a > b, else 0; no gradient. */
export const greater = (a: Operand, b: Operand) => binary(Op.Greater, ...pair(a, b));
/** 1 where a ≥ b, else 0; no gradient. */
export const greaterEqual = (a: Operand, b: Operand) => binary(Op.GreaterEqual, ...pair(a, b));
/** 1 where a < b, else 0; no gradient. */
export const less = (a: Operand, b: Operand) => binary(Op.Less, ...pair(a, b));
/** 1 where a ≤ b, else 0; no gradient. */
export const lessEqual = (a: Operand, b: Operand) => binary(Op.LessEqual, ...pair(a, b));
/** 1 where a = b, else 0; no gradient. */
export const equal = (a: Operand, b: Operand) => binary(Op.Equal, ...pair(a, b));
