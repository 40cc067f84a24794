import { EnvironmentError } from "../../errors.ts";
import { argmax, selectAction } from "../../exploration/index.ts";
import type { Key, Random } from "../../random/index.ts";
import { type Discrete, describeMismatch, type Space } from "../../spaces/index.ts";
import { checkActionMask } from "../action-mask.ts";
import type { Policy, PolicyContext, SavedArray } from "../algorithm.ts";
import { loadTables, saveTables, type Table, type Tables } from "./tables.ts";

export interface TabularPolicyParts {
  /** Everything that is stored with the policy, by name. */
  readonly tables: Tables;
  /**
   * `[S, A]`, or `[H, S, A]` where the policy depends on the step of the episode (beyond the last it stays there). The
   * deterministic action is the one with the largest entry, the lowest among ties.
   */
  readonly preferences: Table;
  /** Of the same shape: what the best of the rest is chosen by where a mask forbids the preferred action; else `preferences`. */
  readonly otherwise?: Table;
  /** Writes the probabilities of sampled actions in a row of `preferences` into `out` `[A]`. */
  probabilities(row: number, out: Float64Array): void;
}

/** Acts by a table, where observations and actions are Discrete. */
export class TabularPolicy implements Policy {
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown>;
  readonly #parts: TabularPolicyParts;
  readonly #states: number;
  readonly #actions: number;
  readonly #probabilities: Float64Array;
  #random: Random;
  /** Steps of this episode. */
  #steps = 0;

  constructor({ observationSpace, actionSpace, key }: PolicyContext<unknown>, parts: TabularPolicyParts) {
    this.observationSpace = observationSpace;
    this.actionSpace = actionSpace;
    this.#parts = parts;
    [this.#states, this.#actions] = parts.preferences.shape.slice(-2);
    this.#probabilities = new Float64Array(this.#actions);
    this.#random = key.split("policy act").stream();
  }

  act(
    observation: unknown,
    { deterministic = false, mask }: { deterministic?: boolean; mask?: Uint8Array } = {},
  ): number {
    const problem = describeMismatch(this.observationSpace, observation);
    if (problem !== undefined) throw new EnvironmentError(problem);
    if (mask) checkActionMask(mask, this.actionSpace);
    const state = (observation as number) - (this.observationSpace as Discrete).start;
    const row = this.#table() * this.#states + state;
    const action = deterministic ? this.#best(row, mask) : this.#sampled(row, mask);
    this.#steps++;
    return action + (this.actionSpace as Discrete).start;
  }

  /** Which of the tables `[S, A]` holds for this step. */
  #table(): number {
    const { shape } = this.#parts.preferences;
    return shape.length === 2 ? 0 : Math.min(this.#steps, shape[0] - 1);
  }

  #best(row: number, mask: Uint8Array | undefined): number {
    const { preferences, otherwise = preferences } = this.#parts;
    const best = argmax(preferences.data, row * this.#actions, this.#actions);
    return mask?.[best] === 0 ? argmax(otherwise.data, row * this.#actions, this.#actions, mask) : best;
  }

  #sampled(row: number, mask: Uint8Array | undefined): number {
    const probabilities = this.#probabilities;
    this.#parts.probabilities(row, probabilities);
    if (mask) {
      const allowed = probabilities.map((probability, action) => probability * mask[action]);
      const total = allowed.reduce((sum, probability) => sum + probability, 0);
      if (total === 0) return this.#best(row, mask);
      for (let a = 0; a < allowed.length; a++) probabilities[a] = allowed[a] / total;
    }
    return selectAction(probabilities, 0, this.#actions, this.#random.uniform());
  }

  reset(): void {
    this.#steps = 0;
  }

  reseed(key: Key): void {
    this.#random = key.stream();
  }

  parameters(): Record<string, SavedArray> {
    return saveTables(this.#parts.tables);
  }

  load(parameters: Readonly<Record<string, SavedArray>>): void {
    loadTables(this.#parts.tables, parameters);
  }
}
