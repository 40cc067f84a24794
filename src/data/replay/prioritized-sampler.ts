import { FormatError } from "../../errors.ts";
import { pow } from "../../math/index.ts";
import type { SafetensorsTensor } from "../../nn/index.ts";
import type { Random, RandomState } from "../../random/index.ts";
import type { ReplaySampler, SamplerState } from "./sampler.ts";
import { SumTree } from "./sum-tree.ts";

export interface PriorityOptions {
  /** α: how much errors decide; 0 draws uniformly, 1 in proportion to them. */
  readonly priorityAlpha: number;
  /** β at the start of the run: how much of the bias is taken back by importance weights; it rises to 1 at the end. */
  readonly priorityBeta: number;
  /** ε, above 0: what is added to every error, so that no transition is given up. */
  readonly priorityEps: number;
}

/**
 * Transitions in proportion to how wrong their values were when they were last learned from (Schaul et al. 2016, "Prioritized
 * experience replay", the proportional variant, algorithm 1): P(i) = p_i^α / Σ_k p_k^α with p_i = |δ_i| + ε. New ones have the
 * largest priority so far, that each is seen. A minibatch of B is stratified: one row from each of B equal parts of the sum.
 *
 * Importance weights (N P(i))^−β, divided by the largest of the minibatch, take the bias back that this has.
 */
export class PrioritizedSampler implements ReplaySampler {
  readonly #random: Random;
  readonly #options: PriorityOptions;
  /** p^α of every row, rounded to float32, and their sums. */
  readonly #tree: SumTree;
  /** Rows that have a priority. */
  #filled = 0;
  #largest = 1;
  #beta: number;
  #uniform = new Float64Array(0);

  /** @param rows how many there are in the buffer */
  constructor(random: Random, rows: number, options: PriorityOptions) {
    this.#random = random;
    this.#options = options;
    this.#beta = options.priorityBeta;
    this.#tree = new SumTree(rows);
  }

  /** β as it is now. */
  get beta(): number {
    return this.#beta;
  }

  /** P(row). */
  probability(row: number): number {
    return this.#tree.get(row) / this.#tree.total;
  }

  /** β rises in a straight line to 1 (section 3.4). */
  moveTo(progressRemaining: number): void {
    const { priorityBeta } = this.#options;
    this.#beta = priorityBeta + (1 - priorityBeta) * Math.min(1, Math.max(0, 1 - progressRemaining));
  }

  added(first: number, count: number): void {
    this.#tree.fill(first, count, this.#largest);
    this.#filled = Math.max(this.#filled, first + count);
  }

  draw(rows: Int32Array, _size: number, weights: { [i: number]: number }): void {
    const tree = this.#tree;
    const count = rows.length;
    if (this.#uniform.length !== count) this.#uniform = new Float64Array(count);
    this.#random.fillUniform(this.#uniform);
    const part = tree.total / count;
    let rarest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < count; i++) {
      const row = tree.find((i + this.#uniform[i]!) * part);
      rows[i] = row;
      rarest = Math.min(rarest, tree.get(row));
    }
    for (let i = 0; i < count; i++) weights[i] = pow(rarest / tree.get(rows[i]!), this.#beta);
  }

  found(rows: Int32Array, errors: ArrayLike<number>): void {
    const { priorityAlpha, priorityEps } = this.#options;
    for (let i = 0; i < rows.length; i++) {
      const priority = Math.fround(pow(Math.abs(errors[i]!) + priorityEps, priorityAlpha));
      if (priority > this.#largest) this.#largest = priority;
      this.#tree.set(rows[i]!, priority);
    }
  }

  save(): { json: SamplerState; arrays: Record<string, SafetensorsTensor> } {
    const data = Float32Array.from({ length: this.#filled }, (_, row) => this.#tree.get(row));
    return {
      json: { random: { ...this.#random.state() }, largest: this.#largest, beta: this.#beta },
      arrays: { priorities: { dtype: "F32", shape: [this.#filled], data } },
    };
  }

  /** @throws FormatError for more priorities than there are rows, or one that is none */
  load({ json, arrays }: { json: SamplerState; arrays: Readonly<Record<string, SafetensorsTensor>> }): void {
    const priorities = arrays.priorities?.data as Float32Array | undefined;
    if (!(priorities instanceof Float32Array && priorities.length <= this.#tree.size)) {
      throw new FormatError(`sampler/priorities are not float32 for at most ${this.#tree.size} rows`);
    }
    if (!priorities.every((priority) => priority > 0 && priority < Number.POSITIVE_INFINITY)) {
      throw new FormatError("sampler/priorities are not all finite and above 0");
    }
    this.#random.restore(json.random as RandomState);
    this.#largest = json.largest as number;
    this.#beta = json.beta as number;
    this.#filled = priorities.length;
    this.#tree.load(priorities);
  }
}
