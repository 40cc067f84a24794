import type { GoalLayout, GoalRules } from "../../envs/index.ts";
import type { Random, RandomState } from "../../random/index.ts";
import { concat, persistent, slice, type Tensor } from "../../tensor/index.ts";
import { ReplayBuffer, type ReplaySizes } from "./replay-buffer.ts";
import type { ReplayInputs, TransitionBatch } from "./transitions.ts";

/**
 * Which achieved goals of its episode a transition is told again with (Andrychowicz et al. 2017, section 4.5): one of this step
 * or later, the last, or any.
 */
export const hindsightStrategies = ["future", "final", "episode"] as const;
export type HindsightStrategy = (typeof hindsightStrategies)[number];

export interface HindsightOptions {
  readonly strategy: HindsightStrategy;
  /** k: transitions told again for each that is told as it was. */
  readonly nSampledGoal: number;
  readonly goals: GoalRules;
  readonly layout: GoalLayout;
  /** B: transitions drawn at a time. */
  readonly batchSize: number;
  readonly random: Random;
}

/**
 * A replay buffer with hindsight (Andrychowicz et al. 2017, "Hindsight experience replay", algorithm 1): of the transitions
 * that are drawn, the share k / (k + 1) is told again as if a goal that was achieved in the same episode had been the desired
 * one. As in Stable-Baselines3's HerReplayBuffer this happens when they are drawn, so nothing is stored twice. Goals of episodes
 * that still go on are those achieved so far.
 *
 * Rewards and ends follow from the new goal, along all of a window of n steps: it ends where the new goal ends the task, and
 * goes on being bootstrapped where only the old one did.
 */
export class HindsightBuffer extends ReplayBuffer {
  readonly #options: HindsightOptions;
  /** `[B, G]` the desired goals of the minibatch; the recorded plan reads them here. */
  readonly #desired: Tensor;
  readonly #uniforms: Float32Array;
  /** `[F]` the observation that was read last. */
  readonly #read: Float32Array;

  constructor(sizes: ReplaySizes, options: HindsightOptions) {
    super(sizes);
    this.#options = options;
    this.#desired = persistent([options.batchSize, options.layout.size], "float32");
    this.#uniforms = new Float32Array(options.batchSize);
    this.#read = new Float32Array(sizes.observationSize);
  }

  override window(rows: Int32Array, n: number, gamma: number, into: ReplayInputs): void {
    super.window(rows, n, gamma, into);
    const { nSampledGoal, layout, random } = this.#options;
    const share = nSampledGoal / (nSampledGoal + 1);
    random.fillUniform(this.#uniforms);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      // One random number decides whether, and where it is so, which.
      const u = this.#uniforms[i]! / share;
      const desired = this.#desired.data.subarray(i * layout.size, (i + 1) * layout.size) as Float32Array;
      if (u < 1) {
        desired.set(this.#entries("nextObservations", this.#goalRow(row, u), layout.achieved));
        this.#tellAgain(i, row, desired, n, gamma, into);
      } else desired.set(this.#entries("observations", row, layout.desired));
    }
    this.store.prepare(into);
  }

  override minibatch(inputs: ReplayInputs): TransitionBatch {
    const batch = super.minibatch(inputs);
    return {
      ...batch,
      observations: this.#withGoals(batch.observations),
      nextObservations: this.#withGoals(batch.nextObservations),
    };
  }

  /** The flat observations `[B, F]` with the chosen goals in the place of the desired ones. */
  #withGoals(observations: Tensor): Tensor {
    const { desired, size } = this.#options.layout;
    const width = this.sizes.observationSize;
    const parts = [this.#desired];
    if (desired > 0) parts.unshift(slice(observations, 1, 0, desired));
    if (desired + size < width) parts.push(slice(observations, 1, desired + size, width));
    return concat(parts, 1);
  }

  /** The goal `[G]` that begins at entry `from` of a row; overwritten by the next call. */
  #entries(which: "observations" | "nextObservations", row: number, from: number): Float32Array {
    this.store.read(which, row, this.#read);
    return this.#read.subarray(from, from + this.#options.layout.size);
  }

  /** The row of the episode around `row` whose achieved goal becomes the desired one; `u` is uniform in [0, 1). */
  #goalRow(row: number, u: number): number {
    const after = this.#stepsAfter(row);
    if (this.#options.strategy === "final") return this.#moved(row, after);
    const before = this.#options.strategy === "episode" ? this.#stepsBefore(row) : 0;
    return this.#moved(row, Math.floor(u * (before + 1 + after)) - before);
  }

  /** Steps that the same episode is known to have gone on. */
  #stepsAfter(row: number): number {
    let steps = 0;
    while (!this.#isLast(row)) {
      row = this.#moved(row, 1);
      steps++;
    }
    return steps;
  }

  /** Steps of the same episode before it that are still kept. */
  #stepsBefore(row: number): number {
    const isFull = this.size === this.steps * this.sizes.envs;
    let steps = 0;
    // Before the first row of a full ring lies the newest step, and of one that is not full, nothing yet.
    while ((isFull || row >= this.sizes.envs) && !this.#isLast(this.#moved(row, -1))) {
      row = this.#moved(row, -1);
      steps++;
    }
    return steps;
  }

  #isLast(row: number): boolean {
    const isNewest = row >= this.newest && row < this.newest + this.sizes.envs;
    return isNewest || this.terminated[row] === 1 || this.truncated[row] === 1;
  }

  /** The row of the same environment so many steps later. */
  #moved(row: number, steps: number): number {
    const rows = this.steps * this.sizes.envs;
    return (row + steps * this.sizes.envs + rows) % rows;
  }

  /** The window of transition i of the minibatch with the rewards and the end that follow from another goal. */
  #tellAgain(i: number, row: number, desired: Float32Array, n: number, gamma: number, into: ReplayInputs): void {
    const { goals, layout } = this.#options;
    let sum = 0;
    let discount = 1;
    for (let k = 1; ; k++) {
      const achieved = this.#entries("nextObservations", row, layout.achieved);
      sum += discount * goals.computeReward(achieved, desired);
      discount *= gamma;
      const isOver = goals.computeTerminated(achieved, desired);
      if (isOver) discount = 0;
      if (isOver || k === n || this.#isLast(row)) break;
      row = this.#moved(row, 1);
    }
    into.lastRows.data[i] = row;
    into.returns.data[i] = sum;
    into.discounts.data[i] = discount;
  }

  override save(): ReturnType<ReplayBuffer["save"]> {
    const { added, arrays } = super.save();
    const { k0, k1, c0, c1 } = this.#options.random.state();
    return { added, arrays: { ...arrays, random: { dtype: "U32", shape: [4], data: Uint32Array.of(k0, k1, c0, c1) } } };
  }

  override load(saved: Parameters<ReplayBuffer["load"]>[0]): void {
    super.load(saved);
    const [k0, k1, c0, c1] = Array.from(saved.arrays.random?.data ?? [], Number);
    this.#options.random.restore({ k0, k1, c0, c1 } as RandomState);
  }
}
