import type { FiniteMdp } from "../../envs/index.ts";
import { ConfigError } from "../../errors.ts";
import { actionValues, bestValues, expectedValues } from "./backups.ts";
import { greedyPolicy, type PolicyTable } from "./policies.ts";

export interface HorizonOptions {
  /** H: steps of an episode, unless it ends earlier. */
  readonly horizon: number;
  /** Default 1: with a last step, undiscounted sums are finite. */
  readonly gamma?: number;
  /** What is evaluated; left out, the optimum is found. */
  readonly policy?: PolicyTable;
}

/** Values that depend on how many steps are left: entry t is for step t = 0 … H − 1. */
export interface HorizonValues {
  /** H + 1 tables `[S]`: V_t. The last is V_H = 0. */
  readonly values: Float64Array[];
  /** H tables `[S, A]`: Q_t. */
  readonly q: Float64Array[];
  /** H tables `[S, A]`: the policy, greedy with respect to Q_t where none was given. */
  readonly policy: PolicyTable[];
}

/**
 * Backward induction over a finite horizon (Puterman 1994, "Markov decision processes", section 4.5): from V_H = 0 back to
 * the first step,
 *
 *     Q_t(s, a) = Σ_{s′, r} p(s′, r given s, a) (r + γ V_{t+1}(s′))
 *     V_t(s) = Σ_a π(a given s) Q_t(s, a)        or, for the optimum,        max_a Q_t(s, a)
 *
 * The best action may differ from step to step: what takes too long is no longer worth beginning near the end.
 * @throws ConfigError unless the horizon is a positive integer and 0 <= gamma <= 1
 */
export function finiteHorizon(mdp: FiniteMdp, { horizon, gamma = 1, policy }: HorizonOptions): HorizonValues {
  if (!(Number.isSafeInteger(horizon) && horizon > 0)) {
    throw new ConfigError({ field: "horizon", value: horizon, allowed: "a positive integer" });
  }
  const values: Float64Array[] = [new Float64Array(mdp.states)];
  const q: Float64Array[] = [];
  for (let t = horizon - 1; t >= 0; t--) {
    q.unshift(actionValues(mdp, values[0], gamma));
    values.unshift(policy ? expectedValues(q[0], policy, mdp.actions) : bestValues(q[0], mdp.actions));
  }
  return { values, q, policy: q.map((table) => policy ?? greedyPolicy(table, mdp.actions)) };
}
