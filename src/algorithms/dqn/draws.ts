/** Rows of which nobody knows: those that were collected before anyone listened. */
const UNKNOWN = 2;

/** For each row of a replay buffer, whether its action was drawn at random rather than chosen by its value; kept for who listens. */
export class Draws {
  readonly #rows: Uint8Array;
  readonly #present: Uint8Array;

  constructor(rows: number, envs: number) {
    this.#rows = new Uint8Array(rows).fill(UNKNOWN);
    this.#present = new Uint8Array(envs);
  }

  /** Notes the action that environment n is about to take. */
  note(n: number, isDrawn: boolean): void {
    this.#present[n] = +isDrawn;
  }

  /** Moves what was noted to where the buffer keeps the step, from row `newest` on. */
  recorded(newest: number): void {
    this.#rows.set(this.#present, newest);
  }

  /** Of some rows, undefined where unknown. */
  of(rows: Int32Array): (boolean | undefined)[] {
    return Array.from(rows, (row) => (this.#rows[row] === UNKNOWN ? undefined : this.#rows[row] === 1));
  }
}
