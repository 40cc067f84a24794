import type { BatchEnv, Json } from "../env.ts";
import { readRecord } from "../packing.ts";

/** What a batch wrapper changes; everything else is the wrapped batch's. */
export interface BatchWrapperParts
  extends Partial<Pick<BatchEnv, "observationSpace" | "observations" | "finalObservations" | "rewards">> {
  /** Called after the wrapped batch was reset. */
  afterReset(): void;
  /** Called after the wrapped batch took a step. */
  afterStep(): void;
  /** State of the wrapper itself, and what takes it back; both left out where it has none. */
  state?(): Json;
  restore?(state: Json): void;
}

/**
 * A batch around another one. The arrays of a batch never change their identity, so most are simply shared.
 * The state is `{ wrapper, env }`, with `env` null where the wrapped batch cannot restore: statistics survive anyway. That of a
 * wrapper without state is the wrapped batch's.
 */
export function wrapBatch(env: BatchEnv, parts: BatchWrapperParts): BatchEnv {
  return {
    name: env.name,
    count: env.count,
    observationSpace: parts.observationSpace ?? env.observationSpace,
    actionSpace: env.actionSpace,
    // Asked for only when somebody asks: there are batches that write these rows for nobody.
    get observations() {
      return parts.observations ?? env.observations;
    },
    get finalObservations() {
      return parts.finalObservations ?? env.finalObservations;
    },
    rewards: parts.rewards ?? env.rewards,
    rawRewards: env.rawRewards,
    terminated: env.terminated,
    truncated: env.truncated,
    observationIndices: parts.observations ? undefined : env.observationIndices,
    finalObservationIndices: parts.observations ? undefined : env.finalObservationIndices,
    model: parts.observations || parts.rewards ? undefined : env.model,
    differentiable: parts.observations || parts.rewards ? undefined : env.differentiable,
    labels: env.labels,
    stackedFrames: parts.observations ? undefined : env.stackedFrames,
    goals: parts.observations || parts.rewards ? undefined : env.goals,
    opponentSeat: parts.observations || parts.rewards ? undefined : env.opponentSeat,
    finalInfos: env.finalInfos,
    actionMasks: env.actionMasks,
    canRestore: env.canRestore,
    render: env.render && ((canvas, n) => env.render?.(canvas, n)),
    reset(key) {
      env.reset(key);
      parts.afterReset();
    },
    step(actions) {
      env.step(actions);
      parts.afterStep();
    },
    state: () => (parts.state ? { wrapper: parts.state(), env: env.state() } : env.state()),
    restore(state) {
      if (!parts.restore) return env.restore(state);
      const record = readRecord(`${env.name} state`, state);
      env.restore(record.env);
      parts.restore(record.wrapper);
    },
  };
}
