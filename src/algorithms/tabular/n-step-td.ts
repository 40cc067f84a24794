/**
 * n-step TD: Sutton & Barto 2018, section 7.1 (equations 7.1 and 7.2). V of a policy that stays as it is, from n rewards and
 * the estimate behind them:
 *
 *     V(s_t) ← V(s_t) + α (r_t + γ r_{t+1} + … + γ^(n−1) r_{t+n−1} + γ^n V(s_{t+n}) − V(s_t))
 *
 * n = 1 is TD(0), n beyond the length of episodes is Monte Carlo. Where an episode ends, all steps that still wait for n
 * rewards are learned from with those that there are. Deviation from the book: N environments share one table.
 */
import { z } from "zod";
import { FormatError } from "../../errors.ts";
import type { Algorithm, CommonConfig, LearnerContext } from "../algorithm.ts";
import * as field from "../config.ts";
import { policyFields, stepSizeFields, tabularFields } from "./config.ts";
import { valueParts, valuePolicy } from "./parts.ts";
import { loadTables, makeTable, type Table } from "./tables.ts";
import { TabularLearner, type TabularStep } from "./tabular-learner.ts";
import type { ValueTable } from "./value-table.ts";

const schema = z.strictObject({
  ...tabularFields,
  ...stepSizeFields,
  ...policyFields,
  n: field.count(4, "Rewards before the estimate takes over: more are less biased and noisier. Usual: 2 to 16."),
});

export type NStepTdConfig = z.infer<typeof schema> & CommonConfig;

/** The steps of each environment that wait for their n rewards, in rings. */
export interface Waiting {
  /** `[N, n]` */
  readonly states: Table;
  /** `[N, n]` */
  readonly rewards: Table;
  /** `[N]` how many wait. */
  readonly lengths: Table;
  /** `[N]` place of the oldest in its ring. */
  readonly oldest: Table;
}

export function makeWaiting(count: number, n: number): Waiting {
  const [states, rewards] = [makeTable([count, n]), makeTable([count, n])];
  return { states, rewards, lengths: makeTable([count]), oldest: makeTable([count]) };
}

/** Takes note of each transition, and moves V of the states that have their n rewards, or whose episode ended. */
export function nStepTdUpdate(values: ValueTable, waiting: Waiting, step: TabularStep, gamma: number): void {
  const { count, states, rewards, nextStates, terminated, truncated } = step;
  const [lengths, oldest] = [waiting.lengths.data, waiting.oldest.data];
  const size = waiting.states.shape[1];
  for (let e = 0; e < count; e++) {
    const place = e * size + ((oldest[e] + lengths[e]++) % size);
    waiting.states.data[place] = states[e];
    waiting.rewards.data[place] = rewards[e];
    const isOver = terminated[e] !== 0 || truncated[e] !== 0;
    const keep = isOver ? 0 : size - 1;
    while (lengths[e] > keep) {
      let target = terminated[e] !== 0 ? 0 : values.data[nextStates[e]];
      for (let k = lengths[e] - 1; k >= 0; k--) {
        target = waiting.rewards.data[e * size + ((oldest[e] + k) % size)] + gamma * target;
      }
      values.update(waiting.states.data[e * size + oldest[e]], target);
      oldest[e] = (oldest[e] + 1) % size;
      lengths[e]--;
    }
  }
}

/** A length or place that no ring has would go round for ever. @throws FormatError */
function requireBelow(n: number, name: string, { data }: Table): void {
  const wrong = data.find((value) => !(Number.isInteger(value) && value >= 0 && value < n));
  if (wrong === undefined) return;
  throw new FormatError({ field: `saved ${name}`, value: wrong, allowed: `integers from 0 to ${n - 1}` });
}

function create(context: LearnerContext<NStepTdConfig>): TabularLearner {
  const { gamma, n } = context.config;
  const { values, policy, behaviour } = valueParts(context);
  const waiting = makeWaiting(context.env.count, n);
  return new TabularLearner(context, {
    policy,
    tables: [values],
    behaviour,
    learn: (step) => nStepTdUpdate(values, waiting, step, gamma),
    save: () => ({ tables: { ...waiting } }),
    load(_json, arrays) {
      loadTables({ ...waiting }, arrays);
      for (const name of ["lengths", "oldest"] as const) requireBelow(n, name, waiting[name]);
    },
  });
}

export const nStepTd: Algorithm<NStepTdConfig> = {
  name: "n-step-td",
  summary: "n-step TD: the values of a given policy, from n rewards and the estimate behind them.",
  source: "Sutton & Barto 2018, section 7.1",
  schema,
  actionSpaces: ["discrete"],
  observationSpaces: ["discrete"],
  masks: false,
  improves: false,
  presets: {},
  createPolicy: (context) => valuePolicy(context).policy,
  create,
};
