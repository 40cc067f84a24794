// Elementwise functions of one operand: x, out, n, constants.

import { add, div, mul, one, select, splat, wholeBytes, zero } from "./lanes";
import { expRun32 } from "./float32";
import { map } from "./map";
import { atanh, cos, exp, expm1, gelu, log, log1p, sigmoid, silu, sin, softplus, tanh } from "./mathematics";
import { real, size } from "./row";
import { tanhRun32 } from "./tanh32";

@unmanaged @final class Neg { @inline of<T>(x: v128, a: v128, b: v128): v128 { return v128.neg<T>(x); } }
@unmanaged @final class Abs { @inline of<T>(x: v128, a: v128, b: v128): v128 { return v128.abs<T>(x); } }
@unmanaged @final class Sign {
  @inline of<T>(x: v128, a: v128, b: v128): v128 {
    const unit = one<T>();
    return select(v128.gt<T>(x, zero()), unit, select(v128.lt<T>(x, zero()), v128.neg<T>(unit), x));
  }
}
@unmanaged @final class Floor { @inline of<T>(x: v128, a: v128, b: v128): v128 { return v128.floor<T>(x); } }
@unmanaged @final class Square { @inline of<T>(x: v128, a: v128, b: v128): v128 { return mul<T>(x, x); } }
@unmanaged @final class Cube { @inline of<T>(x: v128, a: v128, b: v128): v128 { return mul<T>(mul<T>(x, x), x); } }
@unmanaged @final class Sqrt { @inline of<T>(x: v128, a: v128, b: v128): v128 { return v128.sqrt<T>(x); } }
@unmanaged @final class Reciprocal { @inline of<T>(x: v128, a: v128, b: v128): v128 { return div<T>(one<T>(), x); } }
@unmanaged @final class Exp { @inline of<T>(x: v128, a: v128, b: v128): v128 { return exp<T>(x); } }
@unmanaged @final class Expm1 { @inline of<T>(x: v128, a: v128, b: v128): v128 { return expm1<T>(x); } }
@unmanaged @final class Log { @inline of<T>(x: v128, a: v128, b: v128): v128 { return log<T>(x); } }
@unmanaged @final class Log1p { @inline of<T>(x: v128, a: v128, b: v128): v128 { return log1p<T>(x); } }
@unmanaged @final class Sin { @inline of<T>(x: v128, a: v128, b: v128): v128 { return sin<T>(x); } }
@unmanaged @final class Cos { @inline of<T>(x: v128, a: v128, b: v128): v128 { return cos<T>(x); } }
@unmanaged @final class Tanh { @inline of<T>(x: v128, a: v128, b: v128): v128 { return tanh<T>(x); } }
@unmanaged @final class Atanh { @inline of<T>(x: v128, a: v128, b: v128): v128 { return atanh<T>(x); } }
@unmanaged @final class Sigmoid { @inline of<T>(x: v128, a: v128, b: v128): v128 { return sigmoid<T>(x); } }
@unmanaged @final class Softplus { @inline of<T>(x: v128, a: v128, b: v128): v128 { return softplus<T>(x); } }
/** The pseudo-maximum keeps x where the comparison is false, so NaN stays NaN. */
@unmanaged @final class Relu { @inline of<T>(x: v128, a: v128, b: v128): v128 { return v128.pmax<T>(x, zero()); } }
@unmanaged @final class Gelu { @inline of<T>(x: v128, a: v128, b: v128): v128 { return gelu<T>(x); } }
@unmanaged @final class Silu { @inline of<T>(x: v128, a: v128, b: v128): v128 { return silu<T>(x); } }
@unmanaged @final class Elu { @inline of<T>(x: v128, a: v128, b: v128): v128 { return select(v128.gt<T>(x, zero()), x, mul<T>(a, expm1<T>(x))); } }
@unmanaged @final class LeakyRelu { @inline of<T>(x: v128, a: v128, b: v128): v128 { return select(v128.gt<T>(x, zero()), x, mul<T>(a, x)); } }
@unmanaged @final class Clip { @inline of<T>(x: v128, a: v128, b: v128): v128 { return v128.pmin<T>(v128.pmax<T>(x, a), b); } }
@unmanaged @final class Affine { @inline of<T>(x: v128, a: v128, b: v128): v128 { return add<T>(mul<T>(a, x), b); } }
/** Through float64, lane by lane. */
@unmanaged @final class Pow {
  @inline of<T>(x: v128, a: v128, b: v128): v128 {
    const e = f64x2.extract_lane(b, 0);
    let y = v128.splat<T>(<T>NativeMath.pow(<f64>v128.extract_lane<T>(x, 0), e));
    y = v128.replace_lane<T>(y, 1, <T>NativeMath.pow(<f64>v128.extract_lane<T>(x, 1), e));
    if (sizeof<T>() == 4) {
      y = v128.replace_lane<T>(y, 2, <T>NativeMath.pow(<f64>v128.extract_lane<T>(x, 2), e));
      y = v128.replace_lane<T>(y, 3, <T>NativeMath.pow(<f64>v128.extract_lane<T>(x, 3), e));
    }
    return y;
  }
}

// @ts-ignore: decorator
@inline
function plain<T, F>(p: usize): void { map<T, F>(size(p, 0), size(p, 1), size(p, 2), zero(), zero()); }
// @ts-ignore: decorator
@inline
function withOne<T, F>(p: usize): void { map<T, F>(size(p, 0), size(p, 1), size(p, 2), splat<T>(real(p, 3)), zero()); }
// @ts-ignore: decorator
@inline
function withTwo<T, F>(p: usize): void { map<T, F>(size(p, 0), size(p, 1), size(p, 2), splat<T>(real(p, 3)), splat<T>(real(p, 4))); }

export function negKernel<T>(p: usize): void { plain<T, Neg>(p); }
export function absKernel<T>(p: usize): void { plain<T, Abs>(p); }
export function signKernel<T>(p: usize): void { plain<T, Sign>(p); }
export function floorKernel<T>(p: usize): void { plain<T, Floor>(p); }
export function squareKernel<T>(p: usize): void { plain<T, Square>(p); }
export function sqrtKernel<T>(p: usize): void { plain<T, Sqrt>(p); }
export function reciprocalKernel<T>(p: usize): void { plain<T, Reciprocal>(p); }
export function expKernel<T>(p: usize): void {
  const x = size(p, 0), out = size(p, 1), n = size(p, 2), whole = sizeof<T>() == 4 ? wholeBytes<T>(n) : 0;
  if (sizeof<T>() == 4) expRun32(x, out, whole);
  map<T, Exp>(x + whole, out + whole, n - whole / sizeof<T>(), zero(), zero());
}
export function expm1Kernel<T>(p: usize): void { plain<T, Expm1>(p); }
export function logKernel<T>(p: usize): void { plain<T, Log>(p); }
export function log1pKernel<T>(p: usize): void { plain<T, Log1p>(p); }
export function sinKernel<T>(p: usize): void { plain<T, Sin>(p); }
export function cosKernel<T>(p: usize): void { plain<T, Cos>(p); }
export function tanhKernel<T>(p: usize): void {
  const x = size(p, 0), out = size(p, 1), n = size(p, 2), whole = sizeof<T>() == 4 ? wholeBytes<T>(n) : 0;
  if (sizeof<T>() == 4) tanhRun32(x, out, whole);
  map<T, Tanh>(x + whole, out + whole, n - whole / sizeof<T>(), zero(), zero());
}
export function atanhKernel<T>(p: usize): void { plain<T, Atanh>(p); }
export function sigmoidKernel<T>(p: usize): void { plain<T, Sigmoid>(p); }
export function softplusKernel<T>(p: usize): void { plain<T, Softplus>(p); }
export function reluKernel<T>(p: usize): void { plain<T, Relu>(p); }
export function geluKernel<T>(p: usize): void { plain<T, Gelu>(p); }
export function siluKernel<T>(p: usize): void { plain<T, Silu>(p); }
export function eluKernel<T>(p: usize): void { withOne<T, Elu>(p); }
export function leakyReluKernel<T>(p: usize): void { withOne<T, LeakyRelu>(p); }
export function clipKernel<T>(p: usize): void { withTwo<T, Clip>(p); }
export function affineKernel<T>(p: usize): void { withTwo<T, Affine>(p); }

/** The exponents that occur in practice need no power function. */
export function powKernel<T>(p: usize): void {
  const e = real(p, 3);
  if (e == 2) return plain<T, Square>(p);
  if (e == 3) return plain<T, Cube>(p);
  if (e == -1) return plain<T, Reciprocal>(p);
  map<T, Pow>(size(p, 0), size(p, 1), size(p, 2), zero(), f64x2.splat(e));
}
