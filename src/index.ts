/**
 * What most programs need: train, evaluate and load policies; environments and spaces for one's own. The rooms below have
 * import paths of their own: `limpid/tensor`, `limpid/nn`, `limpid/random`, `limpid/node` …
 */

export type { Metrics, Policy } from "./algorithms/index.ts";
export * from "./envs/index.ts";
export * from "./errors.ts";
export { Key, Random } from "./random/index.ts";
export * from "./spaces/index.ts";
export * from "./training/index.ts";
