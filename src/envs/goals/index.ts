/** Tasks whose goal is part of what is observed. */
import { bitFlippingSpecs } from "./bit-flipping.ts";
import { pointReachSpec } from "./point-reach.ts";

export const goalSpecs = [...bitFlippingSpecs, pointReachSpec];
export { type BitFlippingOptions, bitFlipping } from "./bit-flipping.ts";
export { type GoalLayout, type GoalObservation, type GoalRules, type GoalSpace, goalLayout } from "./goal-rules.ts";
export { type PointReachOptions, pointReach } from "./point-reach.ts";
