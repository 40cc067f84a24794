/** A worker of the pool that trains several seeds: one run after another, each as `limpid train` by itself would. */

import type { MessagePort } from "node:worker_threads";
import { describeFailure } from "./failure.ts";
import type { Failure, TrainingMessage, TrainingTask, TrainResult } from "./messages.ts";
import { trainSession } from "./train-session.ts";

export interface SeedTask extends TrainingTask {
  /** Where the run's messages go. */
  readonly port: MessagePort;
}

/** How a seed ended. */
export type SeedOutcome = { readonly result: TrainResult } | { readonly failure: Failure };

export default async function trainSeed({ port, ...task }: SeedTask): Promise<SeedOutcome> {
  try {
    return { result: await trainSession(task, (message: TrainingMessage) => port.postMessage(message)) };
  } catch (error) {
    return { failure: describeFailure(error) };
  } finally {
    port.close();
  }
}
