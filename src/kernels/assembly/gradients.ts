// Gradients of the elementwise functions: dy, x or y, dx, n, constants.

import { mul, one, select, splat, sub, zero } from "./lanes";
import { zip } from "./map";
import { exp, geluSlope, sigmoid, siluSlope } from "./mathematics";
import { real, size } from "./row";

@unmanaged @final class AbsGrad {
  @inline of<T>(dy: v128, x: v128, a: v128, b: v128): v128 {
    return v128.or(v128.and(v128.gt<T>(x, zero()), dy), v128.and(v128.lt<T>(x, zero()), v128.neg<T>(dy)));
  }
}
@unmanaged @final class TanhGrad { @inline of<T>(dy: v128, y: v128, a: v128, b: v128): v128 { return mul<T>(dy, sub<T>(one<T>(), mul<T>(y, y))); } }
@unmanaged @final class SigmoidGrad { @inline of<T>(dy: v128, y: v128, a: v128, b: v128): v128 { return mul<T>(dy, mul<T>(y, sub<T>(one<T>(), y))); } }
@unmanaged @final class SoftplusGrad { @inline of<T>(dy: v128, x: v128, a: v128, b: v128): v128 { return mul<T>(dy, sigmoid<T>(x)); } }
@unmanaged @final class ReluGrad { @inline of<T>(dy: v128, x: v128, a: v128, b: v128): v128 { return v128.and(v128.gt<T>(x, zero()), dy); } }
@unmanaged @final class GeluGrad { @inline of<T>(dy: v128, x: v128, a: v128, b: v128): v128 { return mul<T>(dy, geluSlope<T>(x)); } }
@unmanaged @final class SiluGrad { @inline of<T>(dy: v128, x: v128, a: v128, b: v128): v128 { return mul<T>(dy, siluSlope<T>(x)); } }
@unmanaged @final class EluGrad {
  @inline of<T>(dy: v128, x: v128, a: v128, b: v128): v128 { return select(v128.gt<T>(x, zero()), dy, mul<T>(dy, mul<T>(a, exp<T>(x)))); }
}
@unmanaged @final class LeakyReluGrad {
  @inline of<T>(dy: v128, x: v128, a: v128, b: v128): v128 { return select(v128.gt<T>(x, zero()), dy, mul<T>(dy, a)); }
}
@unmanaged @final class ClipGrad {
  @inline of<T>(dy: v128, x: v128, a: v128, b: v128): v128 { return v128.and(v128.and(v128.ge<T>(x, a), v128.le<T>(x, b)), dy); }
}

// @ts-ignore: decorator
@inline
function plain<T, F>(p: usize): void { zip<T, F>(size(p, 0), size(p, 1), size(p, 2), size(p, 3), zero(), zero()); }
// @ts-ignore: decorator
@inline
function withOne<T, F>(p: usize): void { zip<T, F>(size(p, 0), size(p, 1), size(p, 2), size(p, 3), splat<T>(real(p, 4)), zero()); }
// @ts-ignore: decorator
@inline
function withTwo<T, F>(p: usize): void { zip<T, F>(size(p, 0), size(p, 1), size(p, 2), size(p, 3), splat<T>(real(p, 4)), splat<T>(real(p, 5))); }

export function absGrad<T>(p: usize): void { plain<T, AbsGrad>(p); }
export function tanhGrad<T>(p: usize): void { plain<T, TanhGrad>(p); }
export function sigmoidGrad<T>(p: usize): void { plain<T, SigmoidGrad>(p); }
export function softplusGrad<T>(p: usize): void { plain<T, SoftplusGrad>(p); }
export function reluGrad<T>(p: usize): void { plain<T, ReluGrad>(p); }
export function geluGrad<T>(p: usize): void { plain<T, GeluGrad>(p); }
export function siluGrad<T>(p: usize): void { plain<T, SiluGrad>(p); }
export function eluGrad<T>(p: usize): void { withOne<T, EluGrad>(p); }
export function leakyReluGrad<T>(p: usize): void { withOne<T, LeakyReluGrad>(p); }
export function clipGrad<T>(p: usize): void { withTwo<T, ClipGrad>(p); }
