/** SHA-256 over the parameters that a run ends with, for determinism.test.ts to compare between engines. */

import { type RunInput, train } from "../../src/index.ts";

/** Trains to the end and gives the digest, and the step and metrics of the last iteration. */
export default function digestTraining(config: RunInput): { sha256: string; step: number; metrics: object } {
  const run = train(config);
  let last: { step: number; metrics: object } = { step: 0, metrics: {} };
  for (const iteration of run) last = iteration;
  return { sha256: run.parametersSha256(), step: last.step, metrics: last.metrics };
}
