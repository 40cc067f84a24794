import type { Tensor } from "../../tensor/index.ts";

/** What happened in one step of N environments: the part of a BatchEnv that is remembered. */
export interface StepOutcome {
  readonly observations: Float32Array;
  readonly finalObservations: Float32Array;
  readonly rewards: ArrayLike<number>;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly actionMasks?: Uint8Array;
}

/** B transitions as a recorded plan finds them: which ones, and what was computed of them outside of it. */
export interface ReplayInputs {
  /** int32 `[B]`: where they begin. */
  readonly rows: Tensor;
  /** int32 `[B]`: the last transition of each window of n steps; `rows` again where n is 1. */
  readonly lastRows: Tensor;
  /** `[B]` Σ_k γ^k r_k over the window. */
  readonly returns: Tensor;
  /** `[B]` what the value of the observation after the window counts: γ^length, 0 where the last step terminated. */
  readonly discounts: Tensor;
  /** `[B]` importance weights; 1 where sampling is uniform. */
  readonly weights: Tensor;
}

/** B transitions (s, a, Σ γ^k r, s′) as a loss reads them. */
export interface TransitionBatch {
  /** `[B, F]` */
  readonly observations: Tensor;
  /** `[B, …action]` */
  readonly actions: Tensor;
  /** `[B, F]` after the window, before any reset. */
  readonly nextObservations: Tensor;
  /** uint8 `[B, M]`, 1 where an action is allowed in s and in s′; left out where all are. */
  readonly masks: Tensor | undefined;
  readonly nextMasks: Tensor | undefined;
  readonly returns: Tensor;
  readonly discounts: Tensor;
  readonly weights: Tensor;
}

/** Shapes and types of {@link ReplayInputs}, for a plan. */
export function replayInputs(batchSize: number) {
  const [whole, real] = [{ shape: [batchSize], dtype: "int32" }, { shape: [batchSize] }] as const;
  return { rows: whole, lastRows: whole, returns: real, discounts: real, weights: real };
}
