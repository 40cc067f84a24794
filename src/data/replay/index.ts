export { type ObservationForm, type ObservationStore, observationForm } from "./observation-store.ts";
export { PrioritizedSampler, type PriorityOptions } from "./prioritized-sampler.ts";
export { ReplayBuffer, type ReplaySizes } from "./replay-buffer.ts";
export { type ReplaySampler, type SamplerState, UniformSampler } from "./sampler.ts";
export { type ReplayInputs, replayInputs, type StepOutcome, type TransitionBatch } from "./transitions.ts";
