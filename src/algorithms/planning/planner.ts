import type { BatchEnv, FiniteMdp } from "../../envs/index.ts";
import type { Learner, Metrics, PolicyContext, Snapshot } from "../algorithm.ts";
import { sizesOf } from "../tabular/parts.ts";
import { makeTable, type Table } from "../tabular/tables.ts";
import { TabularPolicy } from "../tabular/tabular-policy.ts";

/** What a planner finds: `[S]` and `[S, A]`, or `[H, S]` and `[H, S, A]` for a finite horizon. */
export interface PlanTables {
  /** V, or V_t. */
  readonly values: Table;
  /** Q, or Q_t. */
  readonly q: Table;
  /** π(a given s), or π_t. */
  readonly policy: Table;
}

/** Empty tables, and the policy that acts by them. */
export function planParts(context: PolicyContext<unknown>, horizon: number | null) {
  const [states, actions] = sizesOf(context);
  const steps = horizon === null ? [] : [horizon];
  const [values, q, table] = [[states], [states, actions], [states, actions]].map((shape) =>
    makeTable([...steps, ...shape]),
  );
  const tables = { values, q, policy: table };
  const policy = new TabularPolicy(context, {
    tables: { ...tables },
    preferences: table,
    // Most plans are 1 for one action and 0 for the rest: without this, a mask would leave the lowest of the rest.
    otherwise: q,
    probabilities: (row, out) => out.set(table.data.subarray(row * actions, (row + 1) * actions)),
  });
  return { tables, policy };
}

/** The table of the environment; that there is one was checked (`Algorithm.needs`). */
export function modelOf(env: BatchEnv): FiniteMdp {
  return env.model!;
}

/** The part of a table `[H, …]` for step t. */
export function partOf({ shape, data }: Table, t: number): Float64Array {
  const size = data.length / shape[0];
  return data.subarray(t * size, (t + 1) * size);
}

/** What one sweep did. */
export interface Sweep {
  readonly metrics: Metrics;
  /** Whether nothing is left to plan. */
  readonly done: boolean;
}

/** Sweeps over all states, one in each iteration; a step of such a run is a sweep. */
export class Planner implements Learner {
  readonly policy: TabularPolicy;
  step = 0;
  done = false;
  readonly #sweep: (step: number) => Sweep;

  /** @param sweep plans once, in place; it is told how many sweeps there were before */
  constructor(policy: TabularPolicy, sweep: (step: number) => Sweep) {
    this.policy = policy;
    this.#sweep = sweep;
  }

  iterate(): Metrics {
    const { metrics, done } = this.#sweep(this.step);
    this.step++;
    this.done = done;
    return metrics;
  }

  /** The plan itself is in the policy's parameters. */
  save(): Snapshot {
    return { json: { step: this.step, done: this.done }, arrays: {} };
  }

  load({ json }: Snapshot): void {
    const { step, done } = json as { step: number; done: boolean };
    this.step = step;
    this.done = done;
  }
}
