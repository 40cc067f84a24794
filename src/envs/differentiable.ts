/**
 * Dynamics that can be differentiated: the same physics as `step`, written in the engine's operations, so that gradients flow
 * from rewards back through states to actions. Everything is a function of its tensors alone, works in float32 and float64,
 * and may be recorded into plans.
 *
 * | symbol | meaning |
 * |---|---|
 * | N | environments side by side |
 * | S | `stateSize` |
 * | A | `actionSpace.actionSize` |
 * | F | `observationSpace.flatSize` |
 */

import type { Tensor } from "../tensor/index.ts";

export interface DifferentiableDynamics {
  /** S: numbers of one environment's state. */
  readonly stateSize: number;
  /** One step: `states` `[N, S]` and `actions` `[N, A]` to the next states `[N, S]` and the rewards `[N]`. */
  step(states: Tensor, actions: Tensor): { states: Tensor; rewards: Tensor };
  /** What is observed in `states`: `[N, F]`. */
  observe(states: Tensor): Tensor;
}

/** Of one environment. */
export interface DifferentiableEnv {
  readonly dynamics: DifferentiableDynamics;
  /** `[S]` the present state; a copy, or a view that is read at once. */
  state(): ArrayLike<number>;
}

/** Of N environments. */
export interface DifferentiableBatch {
  readonly dynamics: DifferentiableDynamics;
  /** `[N, S]` the present states; overwritten by the next `reset` or `step`. Where an episode ended: of the next one. */
  readonly states: Float64Array;
}
