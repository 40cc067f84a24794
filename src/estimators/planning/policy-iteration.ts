import type { FiniteMdp } from "../../envs/index.ts";
import { actionValues } from "./backups.ts";
import { greedyActions, type PolicyTable, uniformPolicy } from "./policies.ts";
import { evaluatePolicy } from "./policy-evaluation.ts";
import type { Plan } from "./value-iteration.ts";

/**
 * Policy iteration (Howard 1960; Sutton & Barto 2018, section 4.3): evaluate, improve, until nothing improves. It begins
 * with the uniform random policy, under which every episode that can end does: with γ = 1 an arbitrary first policy might
 * walk in circles for ever and have no value.
 * @throws ConfigError where γ is 1 and from some state no episode ever ends
 */
export function policyIteration(mdp: FiniteMdp, { gamma }: { readonly gamma: number }): Plan {
  let policy = uniformPolicy(mdp);
  for (let sweeps = 1; ; sweeps++) {
    const values = evaluatePolicy(mdp, policy, { gamma });
    const q = actionValues(mdp, values, gamma);
    const { policy: improved, changes } = improvePolicy(policy, q, mdp.actions);
    if (changes === 0) return { values, q, policy, sweeps };
    policy = improved;
  }
}

/**
 * The policy that takes a best action in every state, and in how many states it differs from the one before. Where the
 * action taken before is among the best it stays: otherwise ties, and rounding, would change the policy for ever.
 * @param q `[S, A]` of `policy`
 */
export function improvePolicy(
  policy: PolicyTable,
  q: Float64Array,
  actions: number,
): { policy: PolicyTable; changes: number } {
  const improved = new Float64Array(policy.length);
  let changes = 0;
  greedyActions(q, actions).forEach((best, state) => {
    const kept = best.find((action) => policy[state * actions + action] === 1);
    improved[state * actions + (kept ?? best[0])] = 1;
    if (kept === undefined) changes++;
  });
  return { policy: improved, changes };
}
