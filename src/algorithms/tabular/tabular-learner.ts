import type { BatchEnv, Json } from "../../envs/index.ts";
import { makeSchedule, type ScheduleSpec } from "../../nn/index.ts";
import type { CommonConfig, Learner, LearnerContext, Metrics, Policy, SavedArray, Snapshot } from "../algorithm.ts";
import { behind, prefixed } from "../snapshot.ts";
import { loadTables, saveTables, type Tables } from "./tables.ts";
import type { ValueTable } from "./value-table.ts";

/** Steps between two lines of metrics, all environments together: schedules move on as often. */
const ITERATION_STEPS = 4096;

/** What one step of N environments gave, by the numbers of states and actions. All arrays are `[N]`. */
export interface TabularStep {
  /** N */
  readonly count: number;
  /** s */
  readonly states: Int32Array;
  /** a */
  readonly actions: Float32Array;
  /** r */
  readonly rewards: Float64Array;
  /** s′: the true successor, where an episode ended its final observation. */
  readonly nextStates: Int32Array;
  /** 1 where s′ is worth 0. */
  readonly terminated: Uint8Array;
  /** 1 where the episode was cut off: s′ is worth what its estimate says. */
  readonly truncated: Uint8Array;
  /** What is observed now: s′, or where an episode ended the first state of the next. */
  readonly observed: Int32Array;
}

/** Who chooses the actions. */
export interface Behaviour {
  /** Chooses an action for each of N states. */
  choose(states: Int32Array, actions: Float32Array): void;
  /** Moves schedules on (1 at the start of the run, 0 at its end), and says where they are. */
  moveTo(progressRemaining: number): Metrics;
  save(): Json;
  load(state: Json | undefined): void;
}

/** What makes one tabular method different from another. */
export interface TabularMethod {
  readonly policy: Policy;
  /** The tables that it moves. */
  readonly tables: readonly ValueTable[];
  readonly behaviour: Behaviour;
  /** Writes the actions for N states; left out: what `behaviour` chooses. */
  choose?(states: Int32Array, actions: Float32Array): void;
  /** Learns from N transitions, in the order of their environments. */
  learn(step: TabularStep): void;
  /** Called when the tables were overwritten by saved ones. */
  loaded?(): void;
  /** What it remembers of the episodes that are running, and its other random numbers. */
  save?(): { json?: Json; tables?: Tables };
  /** @throws FormatError */
  load?(json: Json | undefined, arrays: Readonly<Record<string, SavedArray>>): void;
}

export interface TabularConfig extends CommonConfig {
  readonly nEnvs: number;
  readonly learningRate: ScheduleSpec;
}

/** Steps the environments and has a method learn from every step at once. */
export class TabularLearner implements Learner {
  readonly policy: Policy;
  step = 0;
  readonly #config: TabularConfig;
  readonly #env: BatchEnv;
  readonly #method: TabularMethod;
  readonly #learningRate: (progressRemaining: number) => number;
  readonly #transition: TabularStep;

  constructor({ config, env }: LearnerContext<TabularConfig>, method: TabularMethod) {
    this.policy = method.policy;
    this.#config = config;
    this.#env = env;
    this.#method = method;
    this.#learningRate = makeSchedule(config.learningRate);
    this.#transition = {
      count: env.count,
      states: new Int32Array(env.count),
      actions: new Float32Array(env.count),
      rewards: env.rewards,
      nextStates: new Int32Array(env.count),
      terminated: env.terminated,
      truncated: env.truncated,
      observed: env.observationIndices!,
    };
  }

  iterate(): Metrics {
    const { steps } = this.#config;
    const progressRemaining = 1 - this.step / steps;
    const explored = this.#method.behaviour.moveTo(progressRemaining);
    const learningRate = this.#learningRate(progressRemaining);
    for (const table of this.#method.tables) table.learningRate = learningRate;

    const { count } = this.#env;
    const wanted = Math.min(ITERATION_STEPS, Math.max(1, steps - this.step));
    const rows = Math.ceil(wanted / count);
    for (let row = 0; row < rows; row++) this.#advance();
    this.step += rows * count;

    return { ...this.#measure(), ...explored, "schedule/learningRate": learningRate };
  }

  /** One step of every environment. */
  #advance(): void {
    const env = this.#env;
    const method = this.#method;
    const { states, actions, nextStates, terminated, truncated } = this.#transition;
    const observed = env.observationIndices!;
    const final = env.finalObservationIndices!;
    states.set(observed);
    if (method.choose) method.choose(states, actions);
    else method.behaviour.choose(states, actions);
    env.step(actions);
    nextStates.set(observed);
    for (let n = 0; n < nextStates.length; n++) if ((terminated[n] | truncated[n]) !== 0) nextStates[n] = final[n];
    method.learn(this.#transition);
  }

  #measure(): Metrics {
    const { tables } = this.#method;
    const mean = (of: (table: ValueTable) => number) =>
      tables.reduce((sum, table) => sum + of(table), 0) / tables.length;
    return { "value/tdError": mean((table) => table.takeError()), "value/visited": mean(({ visited }) => visited) };
  }

  save(): Snapshot {
    const { behaviour, tables, save } = this.#method;
    const { json = null, tables: own = {} } = save?.() ?? {};
    const counters = tables.map((table, i) => prefixed(`table ${i}/`, saveTables(table.counters())));
    return {
      json: { step: this.step, behaviour: behaviour.save(), method: json },
      arrays: Object.assign(prefixed("method/", saveTables(own)), ...counters),
    };
  }

  load({ json, arrays }: Snapshot): void {
    const { step, behaviour, method } = json as { step: number; behaviour: Json; method: Json };
    this.#method.tables.forEach((table, i) => {
      loadTables(table.counters(), behind(`table ${i}/`, arrays));
    });
    this.#method.behaviour.load(behaviour);
    // Where the environments cannot go on, the episodes that the method remembers are over.
    if (this.#env.canRestore) this.#method.load?.(method, behind("method/", arrays));
    this.#method.loaded?.();
    this.step = step;
  }
}
