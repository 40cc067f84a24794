/**
 * What a teacher would say: the right action for what is observed. Nothing that learns from rewards looks at it; learning from
 * it instead of from rewards is supervised learning. Actions are Discrete, and labels count from 0.
 */

/** Observations with their labels. */
export interface LabelledExamples {
  /** `[M, F]`, as the environment itself (not a wrapper) would show them. */
  readonly observations: Float32Array;
  /** `[M]` */
  readonly labels: Int32Array;
}

/** Of one environment. */
export interface EnvLabels {
  /** The right action for the present observation, 0 … n − 1. */
  current(): number;
  /** Examples that the environment never shows, to test on; left out where there are none. */
  readonly heldOut?: LabelledExamples;
}

/** Of N environments. */
export interface BatchLabels {
  /** `[N]` the right actions for the present observations; overwritten by the next `reset` or `step`. */
  readonly current: Int32Array;
  readonly heldOut?: LabelledExamples;
}

/** Of a built-in environment's dynamics. */
export interface DynamicsLabels {
  /** Writes the right actions in the states `[N, S]` of environments `from` … `to − 1` into `labels` `[N]`. */
  write(states: Float64Array, labels: Int32Array, from: number, to: number): void;
  readonly heldOut?: LabelledExamples;
}
