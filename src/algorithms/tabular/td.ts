/**
 * TD(0): Sutton 1988, "Learning to predict by the methods of temporal differences"; Sutton & Barto 2018, section 6.1 (equation
 * 6.2). V of a policy that stays as it is, from single steps:
 *
 *     V(s) ← V(s) + α (r + γ V(s′) − V(s))
 *
 * The estimate moves *towards* its target r + γ V(s′). Course notes sometimes print the bracket the other way round,
 * V(s) − (r + γ V(s′)): with that sign it moves away, and explodes. Deviation from the book: N environments share one table.
 */
import { z } from "zod";
import type { Algorithm, CommonConfig, LearnerContext } from "../algorithm.ts";
import { policyFields, stepSizeFields, tabularFields } from "./config.ts";
import { valueParts, valuePolicy } from "./parts.ts";
import { TabularLearner, type TabularStep } from "./tabular-learner.ts";
import type { ValueTable } from "./value-table.ts";

const schema = z.strictObject({ ...tabularFields, ...stepSizeFields, ...policyFields });

export type TdConfig = z.infer<typeof schema> & CommonConfig;

/** Moves V(s) of each transition towards r + γ V(s′). */
export function tdUpdate(values: ValueTable, step: TabularStep, gamma: number): void {
  const { count, states, rewards, nextStates, terminated } = step;
  for (let n = 0; n < count; n++) {
    const bootstrap = terminated[n] !== 0 ? 0 : values.data[nextStates[n]];
    values.update(states[n], rewards[n] + gamma * bootstrap);
  }
}

function create(context: LearnerContext<TdConfig>): TabularLearner {
  const { values, policy, behaviour } = valueParts(context);
  return new TabularLearner(context, {
    policy,
    tables: [values],
    behaviour,
    learn: (step) => tdUpdate(values, step, context.config.gamma),
  });
}

export const td: Algorithm<TdConfig> = {
  name: "td",
  summary: "TD(0): the values of a given policy, from single steps.",
  source: "Sutton 1988; Sutton & Barto 2018, section 6.1",
  schema,
  actionSpaces: ["discrete"],
  observationSpaces: ["discrete"],
  masks: false,
  improves: false,
  presets: {},
  createPolicy: (context) => valuePolicy(context).policy,
  create,
};
