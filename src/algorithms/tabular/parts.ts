/** What the tabular methods of one kind are put together from. */
import type { LearnerContext, PolicyContext } from "../algorithm.ts";
import { type ExplorationConfig, Explorer } from "./explorer.ts";
import { FixedBehaviour } from "./fixed-behaviour.ts";
import { namedPolicy, type PolicyName } from "./named-policy.ts";
import { makeTable, type Table, type Tables } from "./tables.ts";
import { TabularPolicy } from "./tabular-policy.ts";
import { type StepSizeOptions, ValueTable } from "./value-table.ts";

/** `[S, A]` of an environment. */
export function sizesOf({ observationSpace, actionSpace }: PolicyContext<unknown>): [states: number, actions: number] {
  return [observationSpace.flatSize, actionSpace.maskSize];
}

/**
 * A policy that explores around a table of action values.
 * @param q `[S, A]` what it acts by
 * @param rows N, how many actions it chooses at once while it learns
 * @param others what else is stored with it
 */
export function controlParts(context: PolicyContext<ExplorationConfig>, q: Table, rows = 1, others: Tables = {}) {
  const explorer = new Explorer(context.config, q, rows, context.key);
  const policy = new TabularPolicy(context, {
    tables: { q, ...others, exploration: explorer.amount },
    preferences: q,
    probabilities: (state, out) => explorer.probabilities(state, out),
  });
  return { explorer, policy };
}

/** A table of action values, as the configuration says, and a policy that explores around it; see {@link controlParts}. */
export function actionValueParts(context: PolicyContext<ExplorationConfig & StepSizeOptions>, rows?: number) {
  const q = new ValueTable(sizesOf(context), context.config);
  return { q, ...controlParts(context, q, rows) };
}

/**
 * What is learned about a policy that stays as it is.
 * @param estimates the table that is learned, and its name in a checkpoint
 */
export function predictionPolicy(context: PolicyContext<unknown>, estimates: Tables) {
  const target = makeTable(sizesOf(context));
  const { data, shape } = target;
  const policy = new TabularPolicy(context, {
    tables: { ...estimates, policy: target },
    preferences: target,
    probabilities: (state, out) => out.set(data.subarray(state * shape[1], (state + 1) * shape[1])),
  });
  return { target, policy };
}

export interface PredictionConfig extends StepSizeOptions {
  readonly policy: PolicyName;
  readonly epsilon: number;
  readonly gamma: number;
}

/** V of a policy, for a checkpoint that is loaded. */
export function valuePolicy(context: PolicyContext<PredictionConfig>) {
  const values = new ValueTable([sizesOf(context)[0]], context.config);
  return { values, ...predictionPolicy(context, { values }) };
}

/** V of a policy, and who acts by it. @throws ConfigError for a policy that cannot be made */
export function valueParts(context: LearnerContext<PredictionConfig>) {
  const parts = valuePolicy(context);
  parts.target.data.set(namedPolicy(context.config.policy, context.config, context.env));
  return { ...parts, behaviour: new FixedBehaviour(parts.target, context.env.count, context.key) };
}
