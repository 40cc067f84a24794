/**
 * Elementwise operations on one operand: the forward rule and, beside it, the gradient rule. `x` is the operand, `y` the
 * result, `dy` the gradient of the result. Their Jacobians are diagonal, so that the same rule pushes a tangent forward.
 */
import { Op } from "../../kernels/index.ts";
import { emit } from "../program.ts";
import { allocate } from "../scope.ts";
import { differentiable, symmetricEdge } from "../tape.ts";
import type { Tensor } from "../tensor.ts";
import { wide } from "./checks.ts";

function map(op: Op, x: Tensor, ...constants: number[]): Tensor {
  const y = allocate(x.shape, x.dtype);
  emit(op, wide(x), x.pointer, y.pointer, x.size, ...constants);
  return y;
}

/** A kernel that takes the gradient of the result and one of x and y. */
function chain(op: Op, dy: Tensor, source: Tensor, ...constants: number[]): Tensor {
  const dx = allocate(dy.shape, dy.dtype);
  emit(op, wide(dy, source), dy.pointer, source.pointer, dx.pointer, dy.size, ...constants);
  return dx;
}

/** dy · factor, both of one shape. */
function times(dy: Tensor, factor: Tensor): Tensor {
  const dx = allocate(dy.shape, dy.dtype);
  emit(Op.Mul, wide(dy, factor), dy.pointer, factor.pointer, dx.pointer, 1, dy.size, 1, 1);
  return dx;
}

/** scale·x + shift. */
export function affine(x: Tensor, scale: number, shift: number): Tensor {
  return differentiable(map(Op.Affine, x, scale, shift), [
    symmetricEdge(x, (dy) => (scale === 1 ? dy : map(Op.Affine, dy, scale, 0))),
  ]);
}

/** −x. */
export function neg(x: Tensor): Tensor {
  return differentiable(map(Op.Neg, x), [symmetricEdge(x, (dy) => map(Op.Neg, dy))]);
}

/** |x|; the gradient at 0 is 0. */
export function abs(x: Tensor): Tensor {
  return differentiable(map(Op.Abs, x), [symmetricEdge(x, (dy) => chain(Op.AbsGrad, dy, x))]);
}

/** x². */
export function square(x: Tensor): Tensor {
  return differentiable(map(Op.Square, x), [symmetricEdge(x, (dy) => times(dy, map(Op.Affine, x, 2, 0)))]);
}

/** √x; NaN below 0, and an infinite gradient at 0. */
export function sqrt(x: Tensor): Tensor {
  const y = map(Op.Sqrt, x);
  return differentiable(y, [symmetricEdge(x, (dy) => times(dy, map(Op.Affine, map(Op.Reciprocal, y), 0.5, 0)))]);
}

/** 1 / x. */
export function reciprocal(x: Tensor): Tensor {
  const y = map(Op.Reciprocal, x);
  return differentiable(y, [symmetricEdge(x, (dy) => times(dy, map(Op.Neg, map(Op.Square, y))))]);
}

/** x^exponent for a constant exponent. */
export function pow(x: Tensor, exponent: number): Tensor {
  return differentiable(map(Op.Pow, x, exponent), [
    symmetricEdge(x, (dy) => times(dy, map(Op.Affine, map(Op.Pow, x, exponent - 1), exponent, 0))),
  ]);
}

/** e^x. */
export function exp(x: Tensor): Tensor {
  const y = map(Op.Exp, x);
  return differentiable(y, [symmetricEdge(x, (dy) => times(dy, y))]);
}

/** e^x − 1, exact for small x. */
export function expm1(x: Tensor): Tensor {
  const y = map(Op.Expm1, x);
  return differentiable(y, [symmetricEdge(x, (dy) => times(dy, map(Op.Affine, y, 1, 1)))]);
}

/** The natural logarithm: −Infinity at 0, NaN below. */
export function log(x: Tensor): Tensor {
  return differentiable(map(Op.Log, x), [symmetricEdge(x, (dy) => times(dy, map(Op.Reciprocal, x)))]);
}

/** log(1 + x), exact for small x. */
export function log1p(x: Tensor): Tensor {
  return differentiable(map(Op.Log1p, x), [
    symmetricEdge(x, (dy) => times(dy, map(Op.Reciprocal, map(Op.Affine, x, 1, 1)))),
  ]);
}

/** sin x, in radians. */
export function sin(x: Tensor): Tensor {
  return differentiable(map(Op.Sin, x), [symmetricEdge(x, (dy) => times(dy, map(Op.Cos, x)))]);
}

/** cos x, in radians. */
export function cos(x: Tensor): Tensor {
  return differentiable(map(Op.Cos, x), [symmetricEdge(x, (dy) => times(dy, map(Op.Neg, map(Op.Sin, x))))]);
}

/** The hyperbolic tangent. */
export function tanh(x: Tensor): Tensor {
  const y = map(Op.Tanh, x);
  return differentiable(y, [symmetricEdge(x, (dy) => chain(Op.TanhGrad, dy, y))]);
}

/** The inverse of tanh, for |x| < 1. */
export function atanh(x: Tensor): Tensor {
  return differentiable(map(Op.Atanh, x), [
    symmetricEdge(x, (dy) => times(dy, map(Op.Reciprocal, map(Op.Affine, map(Op.Square, x), -1, 1)))),
  ]);
}

/** 1 / (1 + e^−x). */
export function sigmoid(x: Tensor): Tensor {
  const y = map(Op.Sigmoid, x);
  return differentiable(y, [symmetricEdge(x, (dy) => chain(Op.SigmoidGrad, dy, y))]);
}

/** log(1 + e^x). */
export function softplus(x: Tensor): Tensor {
  return differentiable(map(Op.Softplus, x), [symmetricEdge(x, (dy) => chain(Op.SoftplusGrad, dy, x))]);
}

/** max(x, 0); the gradient at 0 is 0. */
export function relu(x: Tensor): Tensor {
  return differentiable(map(Op.Relu, x), [symmetricEdge(x, (dy) => chain(Op.ReluGrad, dy, x))]);
}

/** x where x > 0, else slope·x (Maas et al. 2013). */
export function leakyRelu(x: Tensor, slope = 0.01): Tensor {
  return differentiable(map(Op.LeakyRelu, x, slope), [symmetricEdge(x, (dy) => chain(Op.LeakyReluGrad, dy, x, slope))]);
}

/** x where x > 0, else alpha·(e^x − 1) (Clevert et al. 2016). */
export function elu(x: Tensor, alpha = 1): Tensor {
  return differentiable(map(Op.Elu, x, alpha), [symmetricEdge(x, (dy) => chain(Op.EluGrad, dy, x, alpha))]);
}

/** x·Φ(x) with the exact normal distribution function Φ (Hendrycks & Gimpel 2016). */
export function gelu(x: Tensor): Tensor {
  return differentiable(map(Op.Gelu, x), [symmetricEdge(x, (dy) => chain(Op.GeluGrad, dy, x))]);
}

/** x·sigmoid(x) (Elfwing et al. 2018). */
export function silu(x: Tensor): Tensor {
  return differentiable(map(Op.Silu, x), [symmetricEdge(x, (dy) => chain(Op.SiluGrad, dy, x))]);
}

/** x limited to [low, high]; the gradient passes inside, bounds included, as in PyTorch. */
export function clip(x: Tensor, low: number, high: number): Tensor {
  return differentiable(map(Op.Clip, x, low, high), [symmetricEdge(x, (dy) => chain(Op.ClipGrad, dy, x, low, high))]);
}

/** −1, 0 or 1; no gradient. */
export function sign(x: Tensor): Tensor {
  return map(Op.Sign, x);
}

/** The largest integer that is not above x; no gradient. */
export function floor(x: Tensor): Tensor {
  return map(Op.Floor, x);
}
