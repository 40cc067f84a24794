export { add, div, equal, greater, greaterEqual, less, lessEqual, maximum, minimum, mul, sub } from "./arithmetic.ts";
export { assign, moveTowards } from "./assign.ts";
export type { Operand } from "./checks.ts";
export { type ConvolutionOptions, conv2d } from "./convolution.ts";
export { embedding } from "./embedding.ts";
export { gatherRows } from "./gather.ts";
export { crossEntropyLoss, huberLoss, l1Loss, mseLoss, type Reduction } from "./losses.ts";
export { linear, matmul, sparseLinear } from "./matmul.ts";
export { layerNorm } from "./normalisation.ts";
export { tentPool } from "./pooling.ts";
export {
  randomCategorical,
  randomIntegers,
  randomNormal,
  randomOutcomes,
  randomPermutation,
  randomStream,
  randomUniform,
} from "./random.ts";
export { gruCell, lstmCell } from "./recurrent.ts";
export { broadcastTo, mean, sum } from "./reduce.ts";
export { argMax, dotRows, logSoftmax, logSumExp, maskFill, maxRows, pick, softmax } from "./rows.ts";
export { cast, concat, reshape, slice, stack, transpose } from "./shape.ts";
export {
  abs,
  affine,
  atanh,
  clip,
  cos,
  elu,
  exp,
  expm1,
  floor,
  gelu,
  leakyRelu,
  log,
  log1p,
  neg,
  pow,
  reciprocal,
  relu,
  sigmoid,
  sign,
  silu,
  sin,
  softplus,
  sqrt,
  square,
  tanh,
} from "./unary.ts";
