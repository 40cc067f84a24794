/** Layers, initialisers, optimisers, schedules, and how their tensors are saved. */
export { Activation, type ActivationName, activationFunction, activationNames } from "./activation.ts";
export * from "./initialisers/index.ts";
export { joinParameters, type Layer, type Parameters } from "./layer.ts";
export { Conv2d, type Conv2dOptions } from "./layers/conv2d.ts";
export { Embedding, type EmbeddingOptions } from "./layers/embedding.ts";
export { Flatten } from "./layers/flatten.ts";
export { LayerNorm, type LayerNormOptions } from "./layers/layer-norm.ts";
export { Linear, type LinearOptions } from "./layers/linear.ts";
export { NoisyLinear, type NoisyLinearOptions } from "./layers/noisy-linear.ts";
export { Pooling } from "./layers/pooling.ts";
export { SparseLinear } from "./layers/sparse-linear.ts";
export { type MlpOptions, mlp } from "./mlp.ts";
export * from "./optimisers/index.ts";
export { Gru, type GruState } from "./recurrent/gru.ts";
export { Lstm, type LstmState } from "./recurrent/lstm.ts";
export type {
  RecurrentLayer,
  RecurrentOptions,
  RecurrentState,
  SequenceOptions,
} from "./recurrent/recurrent-layer.ts";
export {
  readSafetensors,
  type SafetensorsData,
  type SafetensorsDtype,
  type SafetensorsFile,
  type SafetensorsTensor,
  writeSafetensors,
} from "./safetensors.ts";
export { highestOf, lowestOf, makeSchedule, type Schedule, type ScheduleSpec, scheduleSchema } from "./schedules.ts";
export { Sequential, sequential } from "./sequential.ts";
export { loadStateDict, type StateOwner, stateDict } from "./state-dict.ts";
