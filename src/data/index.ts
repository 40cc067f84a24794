export { type EpisodeSizes, Episodes, gather } from "./episodes.ts";
export { type Minibatch, Rollout, type RolloutSizes } from "./rollout.ts";
