export {
  HindsightBuffer,
  type HindsightOptions,
  type HindsightStrategy,
  hindsightStrategies,
} from "./hindsight-buffer.ts";
export {
  ReplayBuffer,
  type ReplayInputs,
  type ReplaySizes,
  replayInputs,
  type StepOutcome,
  type TransitionBatch,
} from "./replay-buffer.ts";
export { type ReplaySampler, type SamplerState, UniformSampler } from "./sampler.ts";
