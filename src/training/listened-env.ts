import type { TrainingListener } from "../algorithms/listener.ts";
import type { BatchEnv } from "../envs/index.ts";
import { wrapBatch } from "../envs/wrappers/wrap-batch.ts";

/** The batch, of which a listener hears after every step and reset. Its state is that of the batch: a checkpoint does not depend on it. */
export function listenedEnv(env: BatchEnv, listener: TrainingListener): BatchEnv {
  return wrapBatch(env, {
    afterReset: () => listener.observed(env, true),
    afterStep: () => listener.observed(env, false),
  });
}
