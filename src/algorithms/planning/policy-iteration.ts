/**
 * Policy iteration: Howard 1960, "Dynamic programming and Markov processes"; Sutton & Barto 2018, section 4.3. From an exact
 * model, in turns until nothing improves:
 *
 *     evaluation:   V = r_π + γ P_π V, solved as the linear system that it is
 *     improvement:  π(s) = argmax_a Σ_{s′, r} p(s′, r given s, a) (r + γ V(s′))
 *
 * Few turns are enough, each far dearer than a sweep of value iteration. Deviations from the book's pseudo-code: evaluation is
 * exact instead of swept; the first policy is the uniform random one, which has values without discount too wherever
 * episodes can end; an action that is as good as the best stays, so that ties do not go round for ever.
 */
import { z } from "zod";
import {
  actionValues,
  evaluatePolicy,
  improvePolicy,
  residual,
  uniformPolicy,
  valueAtStart,
} from "../../estimators/index.ts";
import type { Algorithm, CommonConfig, LearnerContext } from "../algorithm.ts";
import { planningFields } from "./config.ts";
import { modelOf, Planner, planParts } from "./planner.ts";

const schema = z.strictObject({ ...planningFields });

export type PolicyIterationConfig = z.infer<typeof schema> & CommonConfig;

function create(context: LearnerContext<PolicyIterationConfig>): Planner {
  const { gamma } = context.config;
  const mdp = modelOf(context.env);
  const { tables, policy } = planParts(context, null);
  tables.policy.data.set(uniformPolicy(mdp));

  return new Planner(policy, () => {
    const values = evaluatePolicy(mdp, tables.policy.data, { gamma });
    const moved = residual(tables.values.data, values);
    tables.values.data.set(values);
    actionValues(mdp, values, gamma, tables.q.data);
    const improved = improvePolicy(tables.policy.data, tables.q.data, mdp.actions);
    tables.policy.data.set(improved.policy);
    return {
      metrics: { "value/moved": moved, "policy/changes": improved.changes, "value/start": valueAtStart(mdp, values) },
      done: improved.changes === 0,
    };
  });
}

export const policyIteration: Algorithm<PolicyIterationConfig> = {
  name: "policy-iteration",
  summary: "Policy iteration: the best policy from an exact model. Steps are turns of evaluation and improvement.",
  source: "Howard 1960; Sutton & Barto 2018, section 4.3",
  schema,
  actionSpaces: ["discrete"],
  observationSpaces: ["discrete"],
  masks: false,
  needs: "model",
  presets: {},
  createPolicy: (context) => planParts(context, null).policy,
  create,
};
