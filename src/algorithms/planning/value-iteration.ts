/**
 * Value iteration: Bellman 1957; Sutton & Barto 2018, section 4.4 (equation 4.10). The best policy from an exact model, all
 * states at once in every sweep:
 *
 *     V(s) ← max_a Σ_{s′, r} p(s′, r given s, a) (r + γ V(s′))
 *
 * until it no longer moves; or, for a finite horizon H, by backward induction from the last step, V_t from V_{t+1} with V_H = 0
 * (Puterman 1994, section 4.5): the best action may then differ from step to step, and a sweep makes those of one step.
 */
import { z } from "zod";
import { actionValues, bestValues, greedyPolicy, residual, valueAtStart } from "../../estimators/index.ts";
import type { Algorithm, CommonConfig, LearnerContext } from "../algorithm.ts";
import { checkHorizon, planningFields, sweepFields } from "./config.ts";
import { modelOf, Planner, partOf, planParts } from "./planner.ts";

const schema = z.strictObject({ ...planningFields, ...sweepFields });

export type ValueIterationConfig = z.infer<typeof schema> & CommonConfig;

function create(context: LearnerContext<ValueIterationConfig>): Planner {
  const { gamma, tolerance, horizon } = context.config;
  const mdp = modelOf(context.env);
  const { tables, policy } = planParts(context, horizon);

  /** V, Q and the greedy policy from `values`, and how far V moved. */
  function backUp(values: Float64Array, next: { values: Float64Array; q: Float64Array; policy: Float64Array }): number {
    const best = bestValues(actionValues(mdp, values, gamma, next.q), mdp.actions);
    const distance = residual(values, best);
    next.values.set(best);
    next.policy.set(greedyPolicy(next.q, mdp.actions));
    return distance;
  }

  function sweep() {
    const { values, q, policy: greedy } = tables;
    const moved = backUp(values.data, { values: values.data, q: q.data, policy: greedy.data });
    const metrics = { "value/residual": moved, "value/start": valueAtStart(mdp, values.data) };
    return { metrics, done: moved <= tolerance };
  }

  function stepBack(step: number) {
    const t = horizon! - 1 - step;
    const after = step === 0 ? new Float64Array(mdp.states) : partOf(tables.values, t + 1);
    const values = partOf(tables.values, t);
    const moved = backUp(after, { values, q: partOf(tables.q, t), policy: partOf(tables.policy, t) });
    return { metrics: { "value/residual": moved, "value/start": valueAtStart(mdp, values) }, done: t === 0 };
  }

  return new Planner(policy, horizon === null ? sweep : stepBack);
}

export const valueIteration: Algorithm<ValueIterationConfig> = {
  name: "value-iteration",
  summary:
    "Value iteration: the best policy from an exact model, discounted or over a finite horizon. Steps are sweeps.",
  source: "Bellman 1957; Sutton & Barto 2018, section 4.4; Puterman 1994, section 4.5",
  schema,
  actionSpaces: ["discrete"],
  observationSpaces: ["discrete"],
  masks: false,
  needs: "model",
  presets: {},
  check: checkHorizon,
  createPolicy: (context) => planParts(context, context.config.horizon).policy,
  create,
};
