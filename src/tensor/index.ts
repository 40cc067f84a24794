export { full, type Nested, ones, parameter, tensor, zeros } from "./create.ts";
export { assertGradients, type GradcheckOptions, type GradcheckResult, gradcheck } from "./gradcheck.ts";
export { memoryUse } from "./memory.ts";
export * from "./operations/index.ts";
export { type PerSampleGradients, type PerSampleOptions, perSample, type Unsampled } from "./per-sample/index.ts";
export { compile, type InputSpec, Plan, plan } from "./plan.ts";
export { persistent, step } from "./scope.ts";
export { backward, type Gradients, type Node, noGrad, pullBack } from "./tape.ts";
export { type DType, type FloatType, type Shape, Tensor, type TypedArray } from "./tensor.ts";
