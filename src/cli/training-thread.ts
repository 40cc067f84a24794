/**
 * The thread in which `limpid train` trains. The main thread stays free, so that signals are heard within an iteration too,
 * however long it is.
 */

import { parentPort, workerData } from "node:worker_threads";
import { describeFailure } from "./failure.ts";
import type { TrainingMessage, TrainingTask } from "./messages.ts";
import { trainSession } from "./train-session.ts";

const post = (message: TrainingMessage) => parentPort?.postMessage(message);
try {
  post({ kind: "result", result: await trainSession(workerData as TrainingTask, post) });
} catch (error) {
  post({ kind: "failed", failure: describeFailure(error) });
}
