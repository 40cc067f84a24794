/**
 * Expected SARSA: van Seijen et al. 2009, "A theoretical and empirical analysis of Expected Sarsa"; Sutton & Barto 2018,
 * section 6.6 (equation 6.9):
 *
 *     Q(s, a) ← Q(s, a) + α (r + γ Σ_a′ π(a′ given s′) Q(s′, a′) − Q(s, a))
 *
 * The same values as SARSA without the noise of drawing a′, so that α may be larger. Deviation: N environments share one table.
 */
import { z } from "zod";
import type { Algorithm, CommonConfig, LearnerContext } from "../algorithm.ts";
import { explorationFields, stepSizeFields, tabularFields } from "./config.ts";
import { checkExploration, type Explorer } from "./explorer.ts";
import { actionValueParts } from "./parts.ts";
import { sarsaPresets } from "./presets.ts";
import { TabularLearner, type TabularStep } from "./tabular-learner.ts";
import type { ValueTable } from "./value-table.ts";

const schema = z.strictObject({ ...tabularFields, ...stepSizeFields, ...explorationFields });

export type ExpectedSarsaConfig = z.infer<typeof schema> & CommonConfig;

/** Moves Q(s, a) of each transition towards r + γ Σ_a′ π(a′ given s′) Q(s′, a′). */
export function expectedSarsaUpdate(
  q: ValueTable,
  step: TabularStep,
  explorer: Pick<Explorer, "expectedValue">,
  gamma: number,
): void {
  const { count, states, actions, rewards, nextStates, terminated } = step;
  const width = q.shape[1];
  for (let n = 0; n < count; n++) {
    const bootstrap = terminated[n] !== 0 ? 0 : explorer.expectedValue(nextStates[n]);
    q.update(states[n] * width + actions[n], rewards[n] + gamma * bootstrap);
  }
}

function create(context: LearnerContext<ExpectedSarsaConfig>): TabularLearner {
  const { q, explorer, policy } = actionValueParts(context, context.env.count);
  return new TabularLearner(context, {
    policy,
    tables: [q],
    behaviour: explorer,
    learn: (step) => expectedSarsaUpdate(q, step, explorer, context.config.gamma),
  });
}

export const expectedSarsa: Algorithm<ExpectedSarsaConfig> = {
  name: "expected-sarsa",
  summary: "Expected SARSA with a table: SARSA without the noise of the next action.",
  source: "van Seijen et al. 2009; Sutton & Barto 2018, section 6.6",
  schema,
  actionSpaces: ["discrete"],
  observationSpaces: ["discrete"],
  masks: false,
  presets: sarsaPresets,
  check: checkExploration,
  createPolicy: (context) => actionValueParts(context).policy,
  create,
};
