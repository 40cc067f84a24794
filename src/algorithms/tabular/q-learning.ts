/**
 * Q-learning: Watkins 1989, "Learning from delayed rewards"; Sutton & Barto 2018, section 6.5 (equation 6.8):
 *
 *     Q(s, a) ← Q(s, a) + α (r + γ max_a′ Q(s′, a′) − Q(s, a))
 *
 * Off-policy: whatever the exploration does, Q goes to Q*, the values of the best policy. The maximum over noisy estimates
 * is too large on average; double Q-learning repairs that. Deviation from the book: N environments share one table.
 */
import { z } from "zod";
import { BestActions } from "../../exploration/index.ts";
import type { Algorithm, CommonConfig, LearnerContext } from "../algorithm.ts";
import { explorationFields, stepSizeFields, tabularFields } from "./config.ts";
import { checkExploration } from "./explorer.ts";
import { actionValueParts } from "./parts.ts";
import { qLearningPresets } from "./presets.ts";
import { TabularLearner, type TabularStep } from "./tabular-learner.ts";
import type { ValueTable } from "./value-table.ts";

const schema = z.strictObject({ ...tabularFields, ...stepSizeFields, ...explorationFields });

export type QLearningConfig = z.infer<typeof schema> & CommonConfig;

/**
 * Moves Q(s, a) of each transition towards r + γ max_a′ Q(s′, a′), one after the other.
 * @param greedy the best actions by `q`, which are kept up to date
 */
export function qLearningUpdate(q: ValueTable, greedy: BestActions, step: TabularStep, gamma: number): void {
  const { count, states, actions, rewards, nextStates, terminated } = step;
  const { data } = q;
  const { best } = greedy;
  const width = q.shape[1];
  for (let n = 0; n < count; n++) {
    const state = states[n];
    // An integer from here on: floats cost as index.
    const action = actions[n] | 0;
    const next = nextStates[n];
    const bootstrap = terminated[n] !== 0 ? 0 : data[next * width + best[next]];
    q.update(state * width + action, rewards[n] + gamma * bootstrap);
    greedy.changed(state, action);
  }
}

function create(context: LearnerContext<QLearningConfig>): TabularLearner {
  const { q, explorer, policy } = actionValueParts(context, context.env.count);
  const greedy = new BestActions(q.data, q.shape[1]);
  explorer.greedy = greedy;
  return new TabularLearner(context, {
    policy,
    tables: [q],
    behaviour: explorer,
    learn: (step) => qLearningUpdate(q, greedy, step, context.config.gamma),
    loaded: () => greedy.refresh(),
  });
}

export const qLearning: Algorithm<QLearningConfig> = {
  name: "q-learning",
  summary: "Q-learning with a table: the best policy's values, learned while exploring.",
  source: "Watkins 1989; Sutton & Barto 2018, section 6.5",
  schema,
  actionSpaces: ["discrete"],
  observationSpaces: ["discrete"],
  masks: false,
  presets: qLearningPresets,
  check: checkExploration,
  createPolicy: (context) => actionValueParts(context).policy,
  create,
};
