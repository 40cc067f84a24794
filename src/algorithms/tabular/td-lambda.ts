/**
 * TD(λ) with eligibility traces: Sutton 1988, "Learning to predict by the methods of temporal differences"; Singh & Sutton 1996,
 * "Reinforcement learning with replacing eligibility traces"; Sutton & Barto 2018, section 12.2 (equations 12.5 to 12.7). Each
 * TD error is shared by all states that led to it, the more the later they were visited:
 *
 *     e(s) ← γ λ e(s) for all s;      e(s_t) ← e(s_t) + 1 (accumulating)  or  1 (replacing)
 *     δ = r + γ V(s′) − V(s_t);       V(s) ← V(s) + α δ e(s) for all s
 *
 * λ = 0 is TD(0), λ = 1 an online Monte Carlo. Deviations from the book: N environments share one table, each with traces
 * of its own; where α falls with visits, it is that of the state which is moved.
 */
import { z } from "zod";
import type { Algorithm, CommonConfig, LearnerContext } from "../algorithm.ts";
import * as field from "../config.ts";
import { policyFields, stepSizeFields, tabularFields } from "./config.ts";
import { valueParts, valuePolicy } from "./parts.ts";
import { loadTables, makeTable, type Table } from "./tables.ts";
import { TabularLearner, type TabularStep } from "./tabular-learner.ts";
import type { ValueTable } from "./value-table.ts";

/** A trace below this moves nothing that could be seen; kept up, it would only cost time, and sink into denormal numbers. */
const FORGOTTEN = 1e-12;

const schema = z.strictObject({
  ...tabularFields,
  ...stepSizeFields,
  ...policyFields,
  lambda: field.fraction(0.9, "λ: how far a TD error reaches back, about 1/(1 − γλ) steps. Usual: 0.8 to 0.99."),
  traces: field.oneOf(
    ["accumulating", "replacing"],
    "accumulating",
    "What a state's trace does when it is seen again.",
  ),
});

export type TdLambdaConfig = z.infer<typeof schema> & CommonConfig;
type TraceOptions = Pick<TdLambdaConfig, "gamma" | "lambda" | "traces">;

/**
 * Moves V of all states with a trace by the TD error of each transition.
 * @param eligibility `[N, S]` the traces, which fade and are renewed here
 */
export function tdLambdaUpdate(
  values: ValueTable,
  eligibility: Table,
  step: TabularStep,
  { gamma, lambda, traces }: TraceOptions,
): void {
  const { count, states, rewards, nextStates, terminated, truncated } = step;
  const size = values.data.length;
  for (let n = 0; n < count; n++) {
    const state = states[n];
    const e = eligibility.data.subarray(n * size, (n + 1) * size);
    const bootstrap = terminated[n] !== 0 ? 0 : values.data[nextStates[n]];
    const delta = rewards[n] + gamma * bootstrap - values.data[state];
    values.measure(delta);
    values.visit(state);
    for (let s = 0; s < size; s++) e[s] = e[s] < FORGOTTEN ? 0 : e[s] * gamma * lambda;
    e[state] = traces === "replacing" ? 1 : e[state] + 1;
    for (let s = 0; s < size; s++) if (e[s] !== 0) values.data[s] += values.stepSize(s) * delta * e[s];
    if (terminated[n] !== 0 || truncated[n] !== 0) e.fill(0);
  }
}

function create(context: LearnerContext<TdLambdaConfig>): TabularLearner {
  const { values, policy, behaviour } = valueParts(context);
  const eligibility = makeTable([context.env.count, values.data.length]);
  return new TabularLearner(context, {
    policy,
    tables: [values],
    behaviour,
    learn: (step) => tdLambdaUpdate(values, eligibility, step, context.config),
    save: () => ({ tables: { eligibility } }),
    load: (_json, arrays) => loadTables({ eligibility }, arrays),
  });
}

export const tdLambda: Algorithm<TdLambdaConfig> = {
  name: "td-lambda",
  summary: "TD(λ): the values of a given policy, with eligibility traces.",
  source: "Sutton 1988; Singh & Sutton 1996; Sutton & Barto 2018, section 12.2",
  schema,
  actionSpaces: ["discrete"],
  observationSpaces: ["discrete"],
  masks: false,
  improves: false,
  presets: {},
  createPolicy: (context) => valuePolicy(context).policy,
  create,
};
