export { type Minibatch, Rollout, type RolloutSizes } from "./rollout.ts";
