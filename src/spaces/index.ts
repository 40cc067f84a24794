/** Spaces of observations and actions. */
export { Box, type BoxDtype } from "./box.ts";
export { Dict, type DictValue } from "./dict.ts";
export { Discrete } from "./discrete.ts";
export { spaceFromJSON } from "./from-json.ts";
export { MultiBinary } from "./multi-binary.ts";
export { MultiDiscrete } from "./multi-discrete.ts";
export { describeMismatch, type Mismatch, type Space, type SpaceJson, type SpaceKind } from "./space.ts";
