import type { SavedArray } from "../algorithm.ts";
import { loadTables, makeTable, type Table, type Tables } from "./tables.ts";
import type { ValueTable } from "./value-table.ts";

/** What the running episodes of N environments have seen so far: entries of a table, and the rewards that followed. */
export class RunningEpisodes {
  /** `[N]` steps so far. */
  readonly lengths: Table;
  /** Of each environment, the entry of each step: its state, or its state and action. */
  readonly #entries: Int32Array[];
  readonly #rewards: Float64Array[];
  /** How often each entry occurs in the steps that are not learned from yet. */
  readonly #occurrences: Int32Array;

  /** @param size entries of the table */
  constructor(count: number, size: number) {
    this.lengths = makeTable([count]);
    this.#entries = Array.from({ length: count }, () => new Int32Array(64));
    this.#rewards = Array.from({ length: count }, () => new Float64Array(64));
    this.#occurrences = new Int32Array(size);
  }

  /** Adds one step of environment n and returns how many there are. */
  add(n: number, entry: number, reward: number): number {
    const t = this.lengths.data[n]++;
    if (t === this.#entries[n].length) {
      this.#entries[n] = grown(this.#entries[n], new Int32Array(2 * t));
      this.#rewards[n] = grown(this.#rewards[n], new Float64Array(2 * t));
    }
    this.#entries[n][t] = entry;
    this.#rewards[n][t] = reward;
    return t + 1;
  }

  /**
   * Ends the episode of environment n and moves the estimates towards its returns, from the last step to the first:
   * G_t = r_t + γ G_{t+1}, with `finalValue` behind the last step.
   * @param firstVisit only where an entry occurs for the first time, else everywhere
   */
  learn(n: number, values: ValueTable, finalValue: number, gamma: number, firstVisit: boolean): void {
    const entries = this.#entries[n];
    const rewards = this.#rewards[n];
    const occurrences = this.#occurrences;
    const length = this.lengths.data[n];
    for (let t = 0; t < length; t++) occurrences[entries[t]]++;
    let g = finalValue;
    for (let t = length - 1; t >= 0; t--) {
      g = rewards[t] + gamma * g;
      const earlier = --occurrences[entries[t]];
      if (!firstVisit || earlier === 0) values.update(entries[t], g);
    }
    this.lengths.data[n] = 0;
  }

  save(): Tables {
    const joined = (arrays: readonly ArrayLike<number>[]): Table => {
      const data = arrays.flatMap((array, n) => Array.from({ length: this.lengths.data[n] }, (_, t) => array[t]));
      return { shape: [data.length], data: Float64Array.from(data) };
    };
    return { lengths: this.lengths, entries: joined(this.#entries), rewards: joined(this.#rewards) };
  }

  /** @throws FormatError where `arrays` are not what `save` gave */
  load(arrays: Readonly<Record<string, SavedArray>>): void {
    const size = Math.max(0, arrays.entries?.data.length ?? 0);
    const [entries, rewards, lengths] = [makeTable([size]), makeTable([size]), makeTable(this.lengths.shape)];
    loadTables({ lengths, entries, rewards }, arrays);
    this.lengths.data.fill(0);
    let i = 0;
    lengths.data.forEach((length, n) => {
      for (let t = 0; t < length && i < size; t++, i++) this.add(n, entries.data[i], rewards.data[i]);
    });
  }
}

function grown<A extends Int32Array | Float64Array>(array: A, larger: A): A {
  larger.set(array);
  return larger;
}
