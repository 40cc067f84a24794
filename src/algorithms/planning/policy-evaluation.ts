/**
 * Iterative policy evaluation: Sutton & Barto 2018, section 4.1 (equation 4.5). V of a policy, from an exact model, all
 * states at once in every sweep:
 *
 *     V(s) ← Σ_a π(a given s) Σ_{s′, r} p(s′, r given s, a) (r + γ V(s′))
 *
 * until it no longer moves; or, for a finite horizon H, backwards from the last step, V_t from V_{t+1} with V_H = 0 (Puterman
 * 1994, section 4.2): values then depend on the step, and a sweep makes those of one step.
 */
import { z } from "zod";
import { actionValues, expectedValues, residual, valueAtStart } from "../../estimators/index.ts";
import type { Algorithm, CommonConfig, LearnerContext } from "../algorithm.ts";
import { policyFields } from "../tabular/config.ts";
import { namedPolicy } from "../tabular/named-policy.ts";
import { checkHorizon, planningFields, sweepFields } from "./config.ts";
import { modelOf, Planner, partOf, planParts } from "./planner.ts";

const schema = z.strictObject({ ...planningFields, ...sweepFields, ...policyFields });

export type PolicyEvaluationConfig = z.infer<typeof schema> & CommonConfig;

function create(context: LearnerContext<PolicyEvaluationConfig>): Planner {
  const { config, env } = context;
  const { gamma, tolerance, horizon } = config;
  const mdp = modelOf(env);
  const { tables, policy } = planParts(context, horizon);
  const evaluated = namedPolicy(config.policy, config, env);
  for (let at = 0; at < tables.policy.data.length; at += evaluated.length) tables.policy.data.set(evaluated, at);

  /** V from `values`, and how far it moved. */
  function backUp(values: Float64Array, next: { values: Float64Array; q: Float64Array }): number {
    const moved = expectedValues(actionValues(mdp, values, gamma, next.q), evaluated, mdp.actions);
    const distance = residual(values, moved);
    next.values.set(moved);
    return distance;
  }

  function sweep() {
    const { values, q } = tables;
    const moved = backUp(values.data, { values: values.data, q: q.data });
    const metrics = { "value/residual": moved, "value/start": valueAtStart(mdp, values.data) };
    return { metrics, done: moved <= tolerance };
  }

  function stepBack(step: number) {
    const t = horizon! - 1 - step;
    const after = step === 0 ? new Float64Array(mdp.states) : partOf(tables.values, t + 1);
    const values = partOf(tables.values, t);
    const moved = backUp(after, { values, q: partOf(tables.q, t) });
    return { metrics: { "value/residual": moved, "value/start": valueAtStart(mdp, values) }, done: t === 0 };
  }

  return new Planner(policy, horizon === null ? sweep : stepBack);
}

export const policyEvaluation: Algorithm<PolicyEvaluationConfig> = {
  name: "policy-evaluation",
  summary:
    "Policy evaluation: the exact values of a given policy, discounted or over a finite horizon. Steps are sweeps.",
  source: "Sutton & Barto 2018, section 4.1; Puterman 1994, section 4.2",
  schema,
  actionSpaces: ["discrete"],
  observationSpaces: ["discrete"],
  masks: false,
  improves: false,
  needs: "model",
  presets: {},
  check: checkHorizon,
  createPolicy: (context) => planParts(context, context.config.horizon).policy,
  create,
};
