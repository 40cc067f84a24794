export { type AdamOptions, adam, adamW } from "./adam.ts";
export { clipGradNorm } from "./clip-grad-norm.ts";
export type { GradientSource, Optimiser, OptimiserMoment } from "./optimiser.ts";
export { type RmsPropOptions, rmsProp } from "./rms-prop.ts";
export { type SgdOptions, sgd } from "./sgd.ts";
export type { StepForm } from "./step-form.ts";
