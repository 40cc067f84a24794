/**
 * Double Q-learning: van Hasselt 2010, "Double Q-learning" (algorithm 1); Sutton & Barto 2018, section 6.7 (equation 6.10).
 * Two tables; a fair coin says which one learns from a transition, and the other says what its best action is worth:
 *
 *     Q₁(s, a) ← Q₁(s, a) + α (r + γ Q₂(s′, argmax_a′ Q₁(s′, a′)) − Q₁(s, a))        or with 1 and 2 exchanged
 *
 * The maximum of one table's noisy estimates is too large on average, because what chooses the action is also what rates it.
 * Here one chooses and the other, whose noise is its own, rates. The behaviour is greedy in the mean of both.
 */
import { z } from "zod";
import type { Json } from "../../envs/index.ts";
import { argmax } from "../../exploration/index.ts";
import type { Algorithm, CommonConfig, LearnerContext, PolicyContext } from "../algorithm.ts";
import { explorationFields, stepSizeFields, tabularFields } from "./config.ts";
import { Draws } from "./draws.ts";
import { checkExploration } from "./explorer.ts";
import { controlParts, sizesOf } from "./parts.ts";
import { doubleQLearningPresets } from "./presets.ts";
import { makeTable, type Table } from "./tables.ts";
import { TabularLearner, type TabularStep } from "./tabular-learner.ts";
import { ValueTable } from "./value-table.ts";

const schema = z.strictObject({ ...tabularFields, ...stepSizeFields, ...explorationFields });

export type DoubleQLearningConfig = z.infer<typeof schema> & CommonConfig;

/** Q₁, Q₂ and their mean, each `[S, A]`. */
export interface DoubleQ {
  readonly q1: ValueTable;
  readonly q2: ValueTable;
  readonly q: Table;
}

/**
 * Moves one of the two estimates of each transition.
 * @param coins `coins[from + n]` is uniform on [0, 1): below ½ the first table learns from transition n
 */
export function doubleQLearningUpdate(
  { q1, q2, q }: DoubleQ,
  step: TabularStep,
  gamma: number,
  coins: ArrayLike<number>,
  from = 0,
): void {
  const { count, states, actions, rewards, nextStates, terminated } = step;
  const width = q.shape[1];
  for (let n = 0; n < count; n++) {
    const isFirst = coins[from + n] < 0.5;
    const learns = isFirst ? q1 : q2;
    const rates = isFirst ? q2 : q1;
    const next = nextStates[n] * width;
    const bootstrap = terminated[n] !== 0 ? 0 : rates.data[next + argmax(learns.data, next, width)];
    const i = states[n] * width + actions[n];
    learns.update(i, rewards[n] + gamma * bootstrap);
    q.data[i] = (q1.data[i] + q2.data[i]) / 2;
  }
}

function makeParts(context: PolicyContext<DoubleQLearningConfig>, rows?: number) {
  const { config } = context;
  const sizes = sizesOf(context);
  const q = makeTable(sizes, config.initialValue);
  const both = { q1: new ValueTable(sizes, config), q2: new ValueTable(sizes, config) };
  return { q, ...both, ...controlParts(context, q, rows, both) };
}

function create(context: LearnerContext<DoubleQLearningConfig>): TabularLearner {
  const { policy, explorer, ...tables } = makeParts(context, context.env.count);
  const coins = new Draws(context.key.split("coins").stream(), context.env.count);
  return new TabularLearner(context, {
    policy,
    tables: [tables.q1, tables.q2],
    behaviour: explorer,
    learn: (step) => doubleQLearningUpdate(tables, step, context.config.gamma, coins.numbers, coins.next()),
    save: () => ({ json: coins.save() }),
    load: (json?: Json) => coins.load(json),
  });
}

export const doubleQLearning: Algorithm<DoubleQLearningConfig> = {
  name: "double-q-learning",
  summary: "Double Q-learning with two tables: without the overestimation of Q-learning.",
  source: "van Hasselt 2010; Sutton & Barto 2018, section 6.7",
  schema,
  actionSpaces: ["discrete"],
  observationSpaces: ["discrete"],
  masks: false,
  presets: doubleQLearningPresets,
  check: checkExploration,
  createPolicy: (context) => makeParts(context).policy,
  create,
};
