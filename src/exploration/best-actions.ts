/**
 * The best action of each state, the lowest among ties, kept up to date while single values change. To find it anew each time
 * costs more than anything else in a table's update: which of the values is largest cannot be predicted. That the best is
 * still worth more than all others were, can.
 */
export class BestActions {
  /** `[S]` */
  readonly best: Int32Array;
  /** `[S]` at least what the second best action is worth: the values of the others may have fallen since. */
  readonly #rivals: Float64Array;
  readonly #values: Float64Array;
  readonly #actions: number;

  /** @param values `[S, A]` */
  constructor(values: Float64Array, actions: number) {
    this.best = new Int32Array(values.length / actions);
    this.#rivals = new Float64Array(this.best.length);
    this.#values = values;
    this.#actions = actions;
    this.refresh();
  }

  /** Finds all of them, after the values were overwritten. */
  refresh(): void {
    for (let state = 0; state < this.best.length; state++) this.#find(state);
  }

  /** Takes note that the value of one action changed. */
  changed(state: number, action: number): void {
    const from = state * this.#actions;
    const now = this.#values[from + action];
    const best = this.best[state];
    if (action === best) {
      if (now <= this.#rivals[state]) this.#find(state);
    } else if (now >= this.#rivals[state]) {
      if (now < this.#values[from + best]) this.#rivals[state] = now;
      else this.#find(state);
    }
  }

  #find(state: number): void {
    const from = state * this.#actions;
    let best = 0;
    let most = Number.NEGATIVE_INFINITY;
    let rival = Number.NEGATIVE_INFINITY;
    for (let action = 0; action < this.#actions; action++) {
      const value = this.#values[from + action];
      if (value > most) {
        rival = most;
        most = value;
        best = action;
      } else if (value > rival) rival = value;
    }
    this.best[state] = best;
    this.#rivals[state] = rival;
  }
}
