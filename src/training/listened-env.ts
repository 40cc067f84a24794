import type { TrainingListener } from "../algorithms/listener.ts";
import type { BatchEnv } from "../envs/index.ts";
import { wrapBatch } from "../envs/wrappers/wrap-batch.ts";

/** The batch, of which a listener hears after every step and reset. Its state is that of the batch alone. */
export function listenedEnv(env: BatchEnv, listener: TrainingListener): BatchEnv {
  const wrapped = wrapBatch(env, {
    afterReset: () => listener.observed(env, true),
    afterStep: () => listener.observed(env, false),
    state: () => null,
    restore: () => {},
  });
  // A checkpoint must not depend on whether somebody listened.
  return Object.defineProperties(wrapped, {
    state: { value: () => env.state() },
    restore: { value: (state: ReturnType<BatchEnv["state"]>) => env.restore(state) },
  });
}
