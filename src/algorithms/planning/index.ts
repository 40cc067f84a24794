import type { Algorithm } from "../algorithm.ts";
import { type PolicyEvaluationConfig, policyEvaluation } from "./policy-evaluation.ts";
import { type PolicyIterationConfig, policyIteration } from "./policy-iteration.ts";
import { type ValueIterationConfig, valueIteration } from "./value-iteration.ts";

/** The configurations of planners. */
export interface PlanningConfigs {
  "policy-evaluation": PolicyEvaluationConfig;
  "policy-iteration": PolicyIterationConfig;
  "value-iteration": ValueIterationConfig;
}

/** Planning with an exact model, by name. */
export const planningAlgorithms = {
  "policy-evaluation": policyEvaluation as unknown as Algorithm,
  "policy-iteration": policyIteration as unknown as Algorithm,
  "value-iteration": valueIteration as unknown as Algorithm,
} satisfies Record<keyof PlanningConfigs, Algorithm>;
