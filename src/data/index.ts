export * from "./dataset/index.ts";
export { type EpisodeSizes, Episodes, gather } from "./episodes.ts";
export * from "./replay/index.ts";
export { type Minibatch, Rollout, type RolloutSizes } from "./rollout.ts";
export { SparseRows } from "./sparse-rows.ts";
