export { type EpisodeSizes, Episodes } from "./episodes.ts";
export { type Minibatch, Rollout, type RolloutSizes } from "./rollout.ts";
