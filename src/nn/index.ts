/** Layers, initialisers, optimisers, schedules, and how their tensors are saved. */
export { Activation, type ActivationName, activationFunction, activationNames } from "./activation.ts";
export * from "./initialisers/index.ts";
export { joinParameters, type Layer, type Parameters } from "./layer.ts";
export { Linear, type LinearOptions } from "./layers/linear.ts";
export { type MlpOptions, mlp } from "./mlp.ts";
export * from "./optimisers/index.ts";
export {
  readSafetensors,
  type SafetensorsData,
  type SafetensorsDtype,
  type SafetensorsFile,
  type SafetensorsTensor,
  writeSafetensors,
} from "./safetensors.ts";
export { makeSchedule, type Schedule, type ScheduleSpec, scheduleSchema } from "./schedules.ts";
export { Sequential, sequential } from "./sequential.ts";
export { loadStateDict, type StateOwner, stateDict } from "./state-dict.ts";
