/** Gymnasium's toy text: finite tables that can be solved exactly. */
import { cliffWalkingSpecs } from "./cliff-walking.ts";
import { frozenLakeSpecs } from "./frozen-lake.ts";
import { taxiSpecs } from "./taxi.ts";

export const toyTextSpecs = [...frozenLakeSpecs, ...cliffWalkingSpecs, ...taxiSpecs];
export { type CliffWalkingOptions, cliffWalking } from "./cliff-walking.ts";
export { type FrozenLakeOptions, frozenLake } from "./frozen-lake.ts";
export { type TaxiOptions, taxi } from "./taxi.ts";
