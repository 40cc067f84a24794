export { Rollout, type RolloutSizes } from "./rollout.ts";
