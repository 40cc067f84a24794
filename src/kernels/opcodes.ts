/**
 * Every kernel the engine has, by number. One source for both sides: TypeScript emits these numbers, AssemblyScript
 * dispatches on them. The order is part of no file format; it may change.
 *
 * An instruction is a row of float64 in linear memory: `[op · 2 + (float64 ? 1 : 0), bytes of the whole row, …arguments]`.
 * Pointers are byte offsets, sizes count elements, and `T` is float32 or float64. A strided walk over `d` dimensions
 * (outermost first) is written `d, (size, stride…)×d`, one stride, in elements, per operand named in the brackets.
 */
export enum Op {
  // Memory
  /** out, n, value */
  Fill = 0,
  /** x, out, walk(x, out): out[…] = x[…]; a stride of 0 in x broadcasts */
  Copy,
  /** x, out, walk(x, out): out[…] += x[…]; a stride of 0 in out sums (the caller fills out first) */
  AddTo,
  /** x, out, n, tau: out += tau·(x − out); tau = 1 copies */
  MoveTowards,
  /** x (int32), out, n: int32 to T */
  FromInt,
  /** x (uint8), out, n: uint8 to T */
  FromBytes,
  /** x, out, n: float32 to float64 where T is float64, float64 to float32 where T is float32 */
  Convert,

  // Elementwise, one operand: x, out, n
  Neg,
  Abs,
  Sign,
  Floor,
  Square,
  Sqrt,
  Reciprocal,
  Exp,
  Expm1,
  Log,
  Log1p,
  Sin,
  Cos,
  Tanh,
  Atanh,
  Sigmoid,
  Softplus,
  Relu,
  Gelu,
  Silu,
  /** x, out, n, alpha */
  Elu,
  /** x, out, n, slope */
  LeakyRelu,
  /** x, out, n, low, high */
  Clip,
  /** x, out, n, scale, shift: scale·x + shift */
  Affine,
  /** x, out, n, exponent */
  Pow,

  // Gradients of the above: dy, x or y, dx, n (+ the same constants). "y": the rule reads the output.
  /** reads x */
  AbsGrad,
  /** reads y */
  TanhGrad,
  /** reads y */
  SigmoidGrad,
  /** reads x */
  SoftplusGrad,
  /** reads x */
  ReluGrad,
  /** reads x */
  GeluGrad,
  /** reads x */
  SiluGrad,
  /** reads x; alpha */
  EluGrad,
  /** reads x; slope */
  LeakyReluGrad,
  /** reads x; low, high; passes the gradient where low <= x <= high (PyTorch's clamp) */
  ClipGrad,

  // Elementwise, two operands with broadcasting: a, b, out, walk(a, b); out is contiguous
  Add,
  Sub,
  Mul,
  Div,
  Max,
  Min,
  /** 1 where a > b, else 0; the other comparisons likewise */
  Greater,
  GreaterEqual,
  Less,
  LessEqual,
  Equal,

  // Rows: the last axis of a [rows, cols] matrix
  /** x, out, rows, cols: out[r] = max_c x[r, c] */
  MaxRows,
  /** x, out (int32), rows, cols: index of the first maximum */
  ArgMaxRows,
  /** x, out, rows, cols: log Σ_c exp x[r, c], out is [rows] */
  LogSumExpRows,
  /** x, out, rows, cols */
  SoftmaxRows,
  /** x, out, rows, cols */
  LogSoftmaxRows,
  /** dy, y, dx, rows, cols: y is the softmax */
  SoftmaxRowsGrad,
  /** dy, y, dx, rows, cols: y is the log-softmax */
  LogSoftmaxRowsGrad,
  /** x, mask (uint8), out, n, value: x where mask is not 0, else value */
  MaskFill,
  /** x, index (int32 [rows]), out [rows], rows, cols: out[r] = x[r, index[r]] */
  PickRows,
  /** dy [rows], index, dx [rows, cols], rows, cols: zero elsewhere */
  PickRowsGrad,
  /** table, index (int32 [n]), out [n, cols], n, cols: out[i] = table[index[i]] */
  GatherRows,
  /** table (uint8), index, out (uint8), n, cols: the same of bytes, whatever T is */
  GatherBytes,
  /** dy [n, cols], index, dtable, n, cols: dtable[index[i]] += dy[i]; the caller fills dtable first */
  ScatterAddRows,
  /** a, b, out [rows], rows, cols: out[r] = Σ_c a[r, c]·b[r, c] */
  DotRows,

  // Layers
  /** a, b, bias (0: none), out, m, n, k, transposeA, transposeB, accumulate, batch, strideA, strideB, strideOut.
   * out[m, n] = (accumulate ? out : bias ?? 0) + op(a)[m, k]·op(b)[k, n]; row-major; strides in elements between batches */
  Gemm,
  /** a (uint8), b, bias (0: none), out, m, n, k, transposeA: float32 (bias ?? 0) + op(a)·b, skipping what is 0 in a; no bias where transposed */
  GemmBytes,
  /** x [images, rows·side, columns·side], out [images, rows + 1, columns + 1], images, rows, columns, side, scale, adjoint (out and x
   * change roles): each pixel shared out, bilinearly, among the four points around it that are `side` apart; times scale */
  Pool,
  /** x, gain, bias, out, xhat, rstd, rows, cols, eps */
  LayerNorm,
  /** dy, xhat, rstd, gain, dx, rows, cols */
  LayerNormGrad,
  /** x [n, c, h, w], out [n, c·kh·kw, oh·ow], n, c, h, w, kh, kw, strideH, strideW, padH, padW, oh, ow */
  Im2Col,
  /** dcols, dx, (same sizes): the adjoint of Im2Col; overwrites dx */
  Col2Im,
  /** gates [n, 4h] (input, forget, cell, output; before activation), c0 [n, h], act [n, 4h], h1, c1, tanhC1, n, h */
  LstmCell,
  /** dh1 (0: none), dc1 (0: none), act, c0, tanhC1, dgates, dc0, n, h */
  LstmCellGrad,
  /** gi [n, 3h], gh [n, 3h] (reset, update, new; before activation, biases added), h0, act [n, 3h], h1, n, h */
  GruCell,
  /** dh1, act, gh, h0, dgi, dgh, dh0, n, h */
  GruCellGrad,

  // Optimisers
  /** x, out (float64 [1]), n, accumulate: Σ x² in float64 */
  SumSquares,
  /** sumSquares (float64 [1]), maxNorm, norm (float64 [1]), coefficient (float64 [1]): min(1, maxNorm / (norm + 1e-6)) */
  ClipCoefficient,
  /** param, grad, momentum (0: none), n, hyper, coefficient (0: none). hyper: float64 [lr, momentum, dampening, weightDecay, nesterov, step] */
  Sgd,
  /** param, grad, squareAverage, momentum (0: none), gradAverage (0: not centered), n, hyper, coefficient.
   * hyper: float64 [lr, alpha, eps, weightDecay, momentum, epsInsideRoot] */
  RmsProp,
  /** param, grad, m, v, vMax (0: no AMSGrad), n, hyper, coefficient.
   * hyper: float64 [lr, beta1, beta2, eps, weightDecay, decoupled, beta1^t, beta2^t] */
  Adam,
  /** hyper, index, count, then count pairs (index of a power, index of its base): hyper[index] += 1; hyper[power] *= hyper[base] */
  Tick,

  // Random numbers: stream is int32 [k0, k1, counter low, counter high], advanced by the kernel
  /** stream, out, n, low, high */
  RandomUniform,
  /** stream, out, n, mean, std */
  RandomNormal,
  /** stream, out (int32), n, bound */
  RandomIntegers,
  /** stream, out (int32), n: Fisher–Yates over 0 … n−1 */
  RandomPermutation,
  /** stream, logits [rows, cols], out (int32 [rows]), rows, cols: one draw per row by inverting the cumulative softmax */
  RandomCategorical,
  /** streams (int32 [n, 4]), first (int32 [rows + 1]), limits (float64), rows (int32 [n]), out (int32 [n]), n, rows:
   * from each stream, one of the outcomes first[row] … first[row + 1] − 1, the first whose limit is above u, or else the last; no
   * draw where there is but one */
  RandomOutcomes,

  /** keeps the count; not an instruction */
  Count,
}
