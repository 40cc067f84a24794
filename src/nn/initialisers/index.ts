export { constantInit, normalInit, uniformInit, zerosInit } from "./elementary.ts";
export { calculateGain } from "./gain.ts";
export type { Initialiser } from "./initialiser.ts";
export { orthogonal } from "./orthogonal.ts";
export {
  defaultWeightInit,
  fanInUniform,
  kaimingNormal,
  kaimingUniform,
  xavierNormal,
  xavierUniform,
} from "./scaled.ts";
