/**
 * Off-policy evaluation of Q: the values of one policy, π, from the steps of another, μ, that need not resemble it. Sutton &
 * Barto 2018, section 6.6 (Expected SARSA with a target policy apart) and section 7.5:
 *
 *     Q(s, a) ← Q(s, a) + α (r + γ Σ_a′ π(a′ given s′) Q(s′, a′) − Q(s, a))        with a drawn from μ
 *
 * No importance weights are needed: a is given, s′ and r do not depend on who chose it, and over a′ the target takes the
 * expectation of π. (V alone could not be learned so: its first step would need the weight π/μ.) μ must take every action
 * that π takes, or its value is never seen. Deviation from the book: N environments share one table.
 */
import { z } from "zod";
import type { Algorithm, CommonConfig, LearnerContext, PolicyContext } from "../algorithm.ts";
import * as field from "../config.ts";
import { policyFields, stepSizeFields, tabularFields } from "./config.ts";
import { FixedBehaviour } from "./fixed-behaviour.ts";
import { namedPolicy, policyNames } from "./named-policy.ts";
import { predictionPolicy, sizesOf } from "./parts.ts";
import type { Table } from "./tables.ts";
import { TabularLearner, type TabularStep } from "./tabular-learner.ts";
import { ValueTable } from "./value-table.ts";

const schema = z.strictObject({
  ...tabularFields,
  ...stepSizeFields,
  ...policyFields,
  policy: field.oneOf(policyNames, "optimal", "π, which is evaluated: all actions alike, or the model's best one."),
  behaviour: field.oneOf(policyNames, "uniform", "μ, which acts: all actions alike, or the model's best one."),
  behaviourEpsilon: field.fraction(
    0.1,
    "Share of uniformly random actions in μ, where it is optimal. Usual: 0.1 to 1.",
  ),
});

export type OffPolicyEvaluationConfig = z.infer<typeof schema> & CommonConfig;

/** Moves Q(s, a) of each transition towards r + γ Σ_a′ π(a′ given s′) Q(s′, a′), with π as a table `[S, A]`. */
export function offPolicyEvaluationUpdate(q: ValueTable, target: Table, step: TabularStep, gamma: number): void {
  const { count, states, actions, rewards, nextStates, terminated } = step;
  const width = q.shape[1];
  for (let n = 0; n < count; n++) {
    let bootstrap = 0;
    if (terminated[n] === 0) {
      const from = nextStates[n] * width;
      for (let i = from; i < from + width; i++) bootstrap += target.data[i] * q.data[i];
    }
    q.update(states[n] * width + actions[n], rewards[n] + gamma * bootstrap);
  }
}

function makeParts(context: PolicyContext<OffPolicyEvaluationConfig>) {
  const q = new ValueTable(sizesOf(context), context.config);
  return { q, ...predictionPolicy(context, { q }) };
}

function create(context: LearnerContext<OffPolicyEvaluationConfig>): TabularLearner {
  const { config, env, key } = context;
  const { q, target, policy } = makeParts(context);
  target.data.set(namedPolicy(config.policy, config, env));
  const mixed = { gamma: config.gamma, epsilon: config.behaviourEpsilon, field: "behaviour" };
  const acting = { shape: target.shape, data: namedPolicy(config.behaviour, mixed, env) };
  return new TabularLearner(context, {
    policy,
    tables: [q],
    behaviour: new FixedBehaviour(acting, env.count, key),
    learn: (step) => offPolicyEvaluationUpdate(q, target, step, config.gamma),
  });
}

export const offPolicyEvaluation: Algorithm<OffPolicyEvaluationConfig> = {
  name: "off-policy-evaluation",
  summary: "Off-policy evaluation: the action values of one policy, from the steps of another.",
  source: "Sutton & Barto 2018, sections 6.6 and 7.5",
  schema,
  actionSpaces: ["discrete"],
  observationSpaces: ["discrete"],
  masks: false,
  improves: false,
  presets: {},
  createPolicy: (context) => makeParts(context).policy,
  create,
};
