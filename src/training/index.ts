/** The run: configuration → iterations → metrics, checkpoints and evaluation. */
export { parseConfig, presetFor, type ResolvedConfig, type RunInput } from "./config.ts";
export { describeFields } from "./config-error.ts";
export { arraysSha256 } from "./digest.ts";
export { type EvaluateOptions, type Evaluation, type EvaluationMoment, evaluate } from "./evaluate.ts";
export { type LoadedPolicy, type LoadPolicyOptions, loadPolicy, openPolicy } from "./load-policy.ts";
export { type MetricDefinition, metricDefinition, metrics } from "./metrics.ts";
export { type RecordOptions, recordDataset } from "./record.ts";
export { type Iteration, Run } from "./run.ts";
export { type ResumeOptions, resumeRun, type TrainOptions, train } from "./train.ts";
export type { MakeEnv } from "./training-env.ts";
