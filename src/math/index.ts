/**
 * Elementary functions in float64 with the same bits on every engine, each within one unit in the last place of the
 * correctly rounded value. ECMAScript leaves `Math.exp` and its kin to the engine; these are made of operations it
 * defines exactly.
 */
export { atan2 } from "./atan2.ts";
export { atanh } from "./atanh.ts";
export { cos } from "./cos.ts";
export { exp } from "./exp.ts";
export { expm1 } from "./expm1.ts";
export { log } from "./log.ts";
export { log1p } from "./log1p.ts";
export { pow } from "./pow.ts";
export { sigmoid } from "./sigmoid.ts";
export { sin } from "./sin.ts";
export { softplus } from "./softplus.ts";
export { tanh } from "./tanh.ts";
