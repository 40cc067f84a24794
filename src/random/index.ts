/** Counter-based, splittable, named streams of random numbers; the same in every engine. */
export { Key, type KeyState, Random, type RandomState } from "./random.ts";
export { Streams } from "./streams.ts";
export { block, threefry2x32 } from "./threefry.ts";
