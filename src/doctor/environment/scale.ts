import type { Played } from "./play.ts";

/**
 * What first layers make of 0.01 is lost beside their own biases: a hundredth of what networks are initialised for, as the checker's 100
 * is a hundredfold of it.
 */
const SMALL = 0.01;

/** The largest entry of all observations where that is small, though not 0 everywhere. */
export function smallObservations({ steps }: Played): number | undefined {
  let largest = 0;
  for (const { observation } of steps) for (const value of observation) largest = Math.max(largest, Math.abs(value));
  return largest > 0 && largest < SMALL ? largest : undefined;
}
