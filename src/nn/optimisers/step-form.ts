/**
 * Every optimiser here moves an element of a parameter by Δθ = gain·g + memory + decay: linear in the gradient g, once the
 * denominators are known that RMSprop and Adam divide by. So the part of a step that is due to some samples is gain times
 * their part of the gradient, exactly.
 */

/** One step of one parameter, element by element. */
export interface StepForm {
  /** What an element of the gradient, before clipping, is multiplied by. */
  readonly gain: Float64Array;
  /** What momentum adds from the gradients before this one. */
  readonly memory: Float64Array;
  /** What weight decay adds. */
  readonly decay: Float64Array;
}

/** What a step was made from. Slots are in the order of the optimiser's rule, undefined where it has none. */
export interface StepFacts {
  /** The rule's block of hyperparameters, before the step. */
  readonly hyper: ArrayLike<number>;
  /** What the gradient was multiplied by, 1 without clipping. */
  readonly coefficient: number;
  /** The parameter before the step. */
  readonly parameter: ArrayLike<number>;
  readonly before: readonly (ArrayLike<number> | undefined)[];
  readonly after: readonly (ArrayLike<number> | undefined)[];
}

/** Writes the form of a step into `out`. */
export type FormRule = (facts: StepFacts, out: StepForm) => void;

export function emptyForm(size: number): StepForm {
  return { gain: new Float64Array(size), memory: new Float64Array(size), decay: new Float64Array(size) };
}
