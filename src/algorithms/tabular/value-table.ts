import { makeTable, type Table, type Tables } from "./tables.ts";

export interface StepSizeOptions {
  /** k of α k / (k + n − 1); null: α whatever n is. */
  readonly visitsToHalve: number | null;
  readonly initialValue: number;
}

/**
 * A table of estimates, and the one way in which every method here changes it: *towards* a target,
 *
 *     V ← V + α (target − V),        for TD(0):  V ← V + α (r + γ V′ − V)
 *
 * Some course notes print the bracket the other way round, V − (r + γ V′): with that sign every step leads away from the
 * target and the estimates explode.
 *
 * α is the learning rate, or falls with the visits n of the entry as α k / (k + n − 1). This meets the conditions of Robbins
 * & Monro (1951), Σ α = ∞ and Σ α² < ∞, under which estimates come to the exact values; k = 1 is the plain average, and
 * k ≈ 1/(1 − γ) suits targets that move while they are learned (Wainwright 2019, "Stochastic approximation with
 * cone-contractive operators", the rescaled linear step size).
 */
export class ValueTable implements Table {
  readonly shape: readonly number[];
  readonly data: Float64Array;
  /** Updates of each entry so far, counted whether or not α depends on them: `visited` looks at them too. */
  readonly #visits: Float64Array;
  readonly #visitsToHalve: number;
  /** Sum of |target − V| and number of updates since the last `takeError`. */
  readonly #errors = new Float64Array(2);
  #learningRate = 0;

  constructor(shape: readonly number[], { visitsToHalve, initialValue }: StepSizeOptions) {
    const { data } = makeTable(shape, initialValue);
    this.shape = shape;
    this.data = data;
    this.#visits = new Float64Array(data.length);
    this.#visitsToHalve = visitsToHalve ?? Number.POSITIVE_INFINITY;
  }

  set learningRate(value: number) {
    this.#learningRate = value;
  }

  /** Moves entry i towards `target`. */
  update(i: number, target: number): void {
    const { data } = this;
    const before = data[i];
    const error = target - before;
    data[i] = before + this.visit(i) * error;
    this.measure(error);
  }

  /** Counts a visit of entry i and returns α for it. */
  visit(i: number): number {
    this.#visits[i]++;
    return this.stepSize(i);
  }

  /** α for the visits of entry i so far, at least 1. */
  stepSize(i: number): number {
    const k = this.#visitsToHalve;
    return k === Number.POSITIVE_INFINITY ? this.#learningRate : (this.#learningRate * k) / (k + this.#visits[i] - 1);
  }

  /** Adds one difference between a target and its estimate to what `takeError` reports. */
  measure(error: number): void {
    this.#errors[0] += Math.abs(error);
    this.#errors[1]++;
  }

  /** Mean |target − V| since the last call; NaN where nothing was updated. */
  takeError(): number {
    const [sum, count] = this.#errors;
    this.#errors.fill(0);
    return sum / count;
  }

  /** Share of the entries that were updated at least once. */
  get visited(): number {
    return this.#visits.reduce((count, visits) => count + Math.min(1, visits), 0) / this.#visits.length;
  }

  /** What a resumed run needs besides the estimates. */
  counters(): Tables {
    return { visits: { shape: this.shape, data: this.#visits } };
  }
}
