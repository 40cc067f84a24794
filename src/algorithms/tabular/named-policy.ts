import type { BatchEnv } from "../../envs/index.ts";
import { ConfigError } from "../../errors.ts";
import { type PolicyTable, softened, uniformPolicy, valueIteration } from "../../estimators/index.ts";

/** Policies that can be named in a configuration. */
export const policyNames = ["uniform", "optimal"] as const;

export type PolicyName = (typeof policyNames)[number];

/**
 * A policy by its name, with a share ε of uniformly random actions mixed in.
 * @param field which hyperparameter names it
 * @returns `[S, A]`
 * @throws ConfigError for "optimal" where the environment has no model to plan with
 */
export function namedPolicy(
  name: PolicyName,
  { epsilon, gamma, field = "policy" }: { epsilon: number; gamma: number; field?: string },
  { model, observationSpace, actionSpace }: Pick<BatchEnv, "model" | "observationSpace" | "actionSpace">,
): PolicyTable {
  const size = { states: observationSpace.flatSize, actions: actionSpace.maskSize };
  if (name === "uniform") return uniformPolicy(size);
  if (model === undefined) {
    const fix = "The best policy is planned with the environment's model, and this one has none.";
    throw new ConfigError({ field, value: name, allowed: '"uniform"', fix });
  }
  return softened(valueIteration(model, { gamma }).policy, size.actions, epsilon);
}
