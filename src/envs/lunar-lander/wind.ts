import { sin, tanh } from "../../math/index.ts";
import type { Random } from "../../random/index.ts";

/** Where in their course the gusts and the turbulence of an episode begin. */
export function drawWindStart(random: Random): number {
  return random.integer(2 * 9999) - 9999;
}

/** Strength at a step, −1 … 1, which never repeats itself: tanh(sin(2kt) + sin(πkt)), k = 0.01. */
export function windAt(t: number): number {
  return tanh(sin(0.02 * t) + sin(Math.PI * 0.01 * t));
}
