/**
 * SARSA: Rummery & Niranjan 1994, "On-line Q-learning using connectionist systems"; Sutton & Barto 2018, section 6.4 (equation
 * 6.7). From s, a, r, s′ and the action a′ that is really taken next:
 *
 *     Q(s, a) ← Q(s, a) + α (r + γ Q(s′, a′) − Q(s, a))
 *
 * On-policy: Q goes to the values of the policy that explores. Its optimum is the best among the ε-soft policies, which for
 * ε > 0 is not the best of all: on CliffWalking it keeps away from the edge. Deviations from the book's pseudo-code:
 *
 * - N environments share one table;
 * - where an episode was cut off no a′ is taken: its value is the policy's expectation, Σ_a′ π(a′ given s′) Q(s′, a′).
 */
import { z } from "zod";
import type { Algorithm, CommonConfig, LearnerContext } from "../algorithm.ts";
import { explorationFields, stepSizeFields, tabularFields } from "./config.ts";
import { checkExploration, type Explorer } from "./explorer.ts";
import { actionValueParts } from "./parts.ts";
import { sarsaPresets } from "./presets.ts";
import { loadTables, type Table } from "./tables.ts";
import { TabularLearner, type TabularStep } from "./tabular-learner.ts";
import type { ValueTable } from "./value-table.ts";

const schema = z.strictObject({ ...tabularFields, ...stepSizeFields, ...explorationFields });

export type SarsaConfig = z.infer<typeof schema> & CommonConfig;

/** Moves Q(s, a) of each transition towards r + γ Q(s′, a′), where `nextActions` `[N]` are those taken next. */
export function sarsaUpdate(
  q: ValueTable,
  step: TabularStep,
  nextActions: ArrayLike<number>,
  explorer: Pick<Explorer, "expectedValue">,
  gamma: number,
): void {
  const { count, states, actions, rewards, nextStates, terminated, truncated } = step;
  const { data } = q;
  const width = q.shape[1];
  for (let n = 0; n < count; n++) {
    let bootstrap = 0;
    if (truncated[n] !== 0) bootstrap = explorer.expectedValue(nextStates[n]);
    else if (terminated[n] === 0) bootstrap = data[nextStates[n] * width + nextActions[n]];
    q.update(states[n] * width + actions[n], rewards[n] + gamma * bootstrap);
  }
}

function create(context: LearnerContext<SarsaConfig>): TabularLearner {
  const { count } = context.env;
  const { q, explorer, policy } = actionValueParts(context, count);
  const nextActions = new Float32Array(count);
  /** `[1]` 1 where `nextActions` were chosen already, by what was learned before. */
  const chosen: Table = { shape: [1], data: new Float64Array(1) };
  const nextTable = () => ({ shape: [count], data: Float64Array.from(nextActions) });
  return new TabularLearner(context, {
    policy,
    tables: [q],
    behaviour: explorer,
    choose(states, actions) {
      if (chosen.data[0] === 0) explorer.choose(states, nextActions);
      actions.set(nextActions);
    },
    learn(step) {
      explorer.choose(step.observed, nextActions);
      chosen.data[0] = 1;
      sarsaUpdate(q, step, nextActions, explorer, context.config.gamma);
    },
    save: () => ({ tables: { chosen, nextActions: nextTable() } }),
    load(_json, arrays) {
      const saved = nextTable();
      loadTables({ chosen, nextActions: saved }, arrays);
      nextActions.set(saved.data);
    },
  });
}

export const sarsa: Algorithm<SarsaConfig> = {
  name: "sarsa",
  summary: "SARSA with a table: the values of the policy that explores, while it improves.",
  source: "Rummery & Niranjan 1994; Sutton & Barto 2018, section 6.4",
  schema,
  actionSpaces: ["discrete"],
  observationSpaces: ["discrete"],
  masks: false,
  presets: sarsaPresets,
  check: checkExploration,
  createPolicy: (context) => actionValueParts(context).policy,
  create,
};
