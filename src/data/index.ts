export { gatherMasks, Rollout, type RolloutSizes } from "./rollout.ts";
