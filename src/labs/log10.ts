import { log } from "../math/index.ts";

export const log10 = (value: number): number => log(value) / Math.LN10;
