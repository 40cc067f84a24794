/** The beginning of a run, trained anew under the microscope: the same configuration gives the same bits, so this is how it began. */

import type { AnyEnv } from "../../envs/index.ts";
import { EnvironmentError, RunError } from "../../errors.ts";
import { type InspectionRecord, Microscope } from "../../inspection/index.ts";
import { findAlgorithm } from "../../training/config.ts";
import { type Iteration, type ResolvedConfig, train } from "../../training/index.ts";
import { type FirstStep, FirstSteps } from "./first-steps.ts";

/**
 * Environment steps, iterations and gradient steps (where they are counted) that are enough to see how updates look and what a few hundred
 * of them come to, once learning has started; and the steps beyond which nobody waits for the last.
 */
const STEPS = 1000;
const ITERATIONS = 3;
const UPDATES = 300;
const MOST_STEPS = 25_000;
/** Iterations that are looked at. */
const LOOKS = 8;

export interface ShortRun {
  readonly iterations: readonly Iteration[];
  /** What the microscope saw; empty for algorithms that tell nothing of their gradient steps. */
  readonly records: readonly InspectionRecord[];
  /** How far the first gradient step of each kind moved; empty likewise. */
  readonly firstSteps: readonly FirstStep[];
  /** Why it could not go on, where it could not. */
  readonly failure?: RunError | EnvironmentError;
}

export function trainShortly(config: ResolvedConfig, makeEnv?: () => AnyEnv): ShortRun {
  const records: InspectionRecord[] = [];
  const iterations: Iteration[] = [];
  const starts = typeof config.learningStarts === "number" ? config.learningStarts : 0;
  const steps = Math.min(config.steps, starts + STEPS);
  const microscope = new Microscope({
    every: Math.max(1, Math.floor(steps / LOOKS)),
    record: (record) => records.push(record),
  });
  const listener = new FirstSteps(microscope);
  const tells = findAlgorithm(config.algorithm).tells === true;
  const found = { iterations, records, firstSteps: listener.found };
  try {
    const run = train(config, { makeEnv, listener: tells ? listener : undefined });
    while (!run.done && !isEnough(iterations, starts)) iterations.push(run.iterate());
    return found;
  } catch (error) {
    if (!(error instanceof RunError || error instanceof EnvironmentError)) throw error;
    return { ...found, failure: error };
  }
}

function isEnough(iterations: readonly Iteration[], starts: number): boolean {
  const last = iterations.at(-1);
  if (last === undefined || iterations.length < ITERATIONS) return false;
  const steps = last.step - starts;
  return steps >= STEPS && (steps >= MOST_STEPS || (last.metrics["update/count"] ?? UPDATES) >= UPDATES);
}
