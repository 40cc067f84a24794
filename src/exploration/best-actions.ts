import { argmax } from "./greedy.ts";

/**
 * The best action of each state, the lowest among ties, kept up to date while single values change. To find it anew each time
 * costs more than anything else in a table's update: which of the values is largest cannot be predicted.
 */
export class BestActions {
  /** `[S]` */
  readonly best: Int32Array;
  readonly #values: Float64Array;
  readonly #actions: number;

  /** @param values `[S, A]` */
  constructor(values: Float64Array, actions: number) {
    this.best = new Int32Array(values.length / actions);
    this.#values = values;
    this.#actions = actions;
    this.refresh();
  }

  /** Finds all of them, after the values were overwritten. */
  refresh(): void {
    for (let s = 0; s < this.best.length; s++) this.best[s] = argmax(this.#values, s * this.#actions, this.#actions);
  }

  /** Takes note that the value of one action changed from `before`. */
  changed(state: number, action: number, before: number): void {
    const values = this.#values;
    const from = state * this.#actions;
    const now = values[from + action];
    const best = this.best[state];
    if (action !== best) {
      const most = values[from + best];
      if (now > most || (now === most && action < best)) this.best[state] = action;
    } else if (now < before) this.best[state] = this.#beaten(from, best);
  }

  /** The best action where it probably is `best` still. */
  #beaten(from: number, best: number): number {
    const values = this.#values;
    let most = values[from + best];
    for (let a = 0; a < this.#actions; a++) {
      const value = values[from + a];
      if (value > most || (value === most && a < best)) {
        most = value;
        best = a;
      }
    }
    return best;
  }
}
