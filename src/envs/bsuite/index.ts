/** Tasks that each test one ability: exploration, credit over time, memory. */
import { catchSpec } from "./catch.ts";
import { deepSeaSpecs } from "./deep-sea.ts";
import { discountingChainSpec } from "./discounting-chain.ts";
import { tMazeSpec } from "./t-maze.ts";
import { umbrellaSpec } from "./umbrella.ts";

export const bsuiteSpecs = [...deepSeaSpecs, umbrellaSpec, discountingChainSpec, catchSpec, tMazeSpec];
export { catchBall } from "./catch.ts";
export { type DeepSeaOptions, deepSea } from "./deep-sea.ts";
export { type DiscountingChainOptions, discountingChain } from "./discounting-chain.ts";
export { type TMazeOptions, tMaze } from "./t-maze.ts";
export { type UmbrellaOptions, umbrella } from "./umbrella.ts";
