import type { FiniteMdp } from "../../envs/index.ts";
import { checkFraction } from "../transitions.ts";
import { solveLinear } from "./linear-system.ts";
import { checkTable, type PolicyTable } from "./policies.ts";

/**
 * V of a policy, exactly: the solution of the Bellman equations (Sutton & Barto 2018, eq. 4.4, solved as the linear system
 * that they are),
 *
 *     V(s) = Σ_a π(a given s) Σ_{s′, r} p(s′, r given s, a) (r + γ V(s′))        (I − γ P_π) V = r_π
 *
 * Terminating transitions are left out of P_π. The cost is S³/3 multiplications: a twentieth of a second for Taxi's 500.
 * @returns `[S]`
 * @throws ConfigError where γ is 1 and the policy never ends an episode from some state: there is no solution then
 */
export function evaluatePolicy(mdp: FiniteMdp, policy: PolicyTable, { gamma }: { readonly gamma: number }) {
  checkFraction("gamma", gamma);
  checkTable("policy", policy, mdp, true);
  const { states, actions } = mdp;
  const matrix = new Float64Array(states * states);
  const rewards = new Float64Array(states);
  for (let s = 0; s < states; s++) {
    matrix[s * states + s] += 1;
    for (let a = 0; a < actions; a++) {
      const chosen = policy[s * actions + a];
      if (chosen === 0) continue;
      for (const { probability, state, reward, terminated } of mdp.outcomes(s, a)) {
        rewards[s] += chosen * probability * reward;
        if (!terminated) matrix[s * states + state] -= gamma * chosen * probability;
      }
    }
  }
  return solveLinear(matrix, rewards, {
    field: "gamma",
    value: gamma,
    allowed: "below 1, because under this policy some episodes never end",
  });
}
