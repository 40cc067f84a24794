import type { Json } from "../../envs/index.ts";
import { ConfigError } from "../../errors.ts";
import {
  type BestActions,
  boltzmannProbabilities,
  epsilonGreedy,
  epsilonGreedyProbabilities,
  exploringAction,
  selectAction,
} from "../../exploration/index.ts";
import { highestOf, lowestOf, makeSchedule, type ScheduleSpec } from "../../nn/index.ts";
import type { Key } from "../../random/index.ts";
import type { Metrics } from "../algorithm.ts";
import { Draws } from "./draws.ts";
import { makeTable, type Table } from "./tables.ts";
import type { Behaviour } from "./tabular-learner.ts";

export interface ExplorationConfig {
  readonly exploration: "epsilon-greedy" | "boltzmann";
  readonly epsilon: ScheduleSpec;
  readonly temperature: ScheduleSpec;
}

/** Refuses values that no exploration has. @throws ConfigError */
export function checkExploration({ exploration, epsilon, temperature }: ExplorationConfig): void {
  if (exploration === "boltzmann" && !(lowestOf(temperature) > 0)) {
    const allowed = 'above 0, to its end where it is a schedule: {"schedule":"linear","from":1,"to":0.01}';
    throw new ConfigError({ field: "temperature", value: temperature, allowed });
  }
  if (exploration === "epsilon-greedy" && !(highestOf(epsilon) <= 1)) {
    throw new ConfigError({ field: "epsilon", value: epsilon, allowed: "at most 1: it is a share" });
  }
}

/** Draws actions from Q: ε-greedy or Boltzmann, with ε or the temperature on a schedule. */
export class Explorer implements Behaviour {
  /** `[1]` ε or the temperature as it is now; stored with the policy, which acts by it too. */
  readonly amount: Table = makeTable([1]);
  /** The best actions, where they are kept: found without a search. */
  greedy: BestActions | undefined;
  readonly #q: Float64Array;
  readonly #actions: number;
  readonly #isGreedy: boolean;
  readonly #schedule: (progressRemaining: number) => number;
  readonly #draws: Draws;
  readonly #row: Float64Array;

  /**
   * @param q `[S, A]`
   * @param rows N, how many actions are chosen at once
   */
  constructor(config: ExplorationConfig, q: Table, rows: number, key: Key) {
    this.#q = q.data;
    this.#actions = q.shape[1];
    this.#isGreedy = config.exploration === "epsilon-greedy";
    this.#schedule = makeSchedule(this.#isGreedy ? config.epsilon : config.temperature);
    this.#draws = new Draws(key.split("exploration").stream(), rows);
    this.#row = new Float64Array(this.#actions);
    this.moveTo(1);
  }

  moveTo(progressRemaining: number): Metrics {
    this.amount.data[0] = this.#schedule(progressRemaining);
    return { [this.#isGreedy ? "schedule/epsilon" : "schedule/temperature"]: this.amount.data[0] };
  }

  choose(states: Int32Array, actions: Float32Array): void {
    const from = this.#draws.next();
    if (this.#isGreedy && this.greedy) this.#chooseKnown(states, actions, from, this.greedy.best);
    else if (this.#isGreedy) this.#chooseGreedily(states, actions, from);
    else {
      for (let n = 0; n < actions.length; n++) {
        this.probabilities(states[n], this.#row);
        actions[n] = selectAction(this.#row, 0, this.#actions, this.#draws.numbers[from + n]);
      }
    }
  }

  #chooseGreedily(states: Int32Array, chosen: Float32Array, from: number): void {
    const q = this.#q;
    const actions = this.#actions;
    const epsilon = this.amount.data[0];
    const { numbers } = this.#draws;
    for (let n = 0; n < chosen.length; n++) {
      chosen[n] = epsilonGreedy(q, states[n] * actions, actions, epsilon, numbers[from + n]);
    }
  }

  #chooseKnown(states: Int32Array, chosen: Float32Array, from: number, best: Int32Array): void {
    const actions = this.#actions;
    const epsilon = this.amount.data[0];
    const { numbers } = this.#draws;
    for (let n = 0; n < chosen.length; n++) {
      const u = numbers[from + n];
      chosen[n] = u < epsilon ? exploringAction(actions, epsilon, u) : best[states[n]];
    }
  }

  /** Writes π(a given s) for each action into `out` `[A]`. */
  probabilities(state: number, out: Float64Array): void {
    const from = state * this.#actions;
    if (this.#isGreedy) epsilonGreedyProbabilities(this.#q, from, this.#actions, this.amount.data[0], out);
    else boltzmannProbabilities(this.#q, from, this.#actions, this.amount.data[0], out);
  }

  /** What the policy expects of a state: Σ_a π(a given s) Q(s, a). */
  expectedValue(state: number): number {
    this.probabilities(state, this.#row);
    let sum = 0;
    for (let a = 0; a < this.#actions; a++) sum += this.#row[a] * this.#q[state * this.#actions + a];
    return sum;
  }

  save(): Json {
    return this.#draws.save();
  }

  load(state: Json | undefined): void {
    this.#draws.load(state);
  }
}
