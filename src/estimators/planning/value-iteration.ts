import type { FiniteMdp } from "../../envs/index.ts";
import { RunError } from "../../errors.ts";
import { actionValues, bestValues, residual } from "./backups.ts";
import { greedyPolicy, type PolicyTable } from "./policies.ts";

/** What planning finds. */
export interface Plan {
  /** `[S]` V*. */
  readonly values: Float64Array;
  /** `[S, A]` Q*. */
  readonly q: Float64Array;
  /** `[S, A]` greedy with respect to Q*, the lowest action among ties. */
  readonly policy: PolicyTable;
  /** Sweeps over all states (value iteration), or rounds of evaluation and improvement (policy iteration). */
  readonly sweeps: number;
}

export interface ValueIterationOptions {
  readonly gamma: number;
  /** Ends when no value moves by more than this; V is then within γ/(1 − γ) times as much of V*. Default 1e-12. */
  readonly tolerance?: number;
  /** The optimum among policies that take a uniformly random action with probability ε. Default 0. */
  readonly epsilon?: number;
  /** Default 1 000 000. */
  readonly maxSweeps?: number;
}

/**
 * Value iteration (Sutton & Barto 2018, section 4.4, eq. 4.10): from V = 0, all states at once,
 *
 *     V ← max_a Q(s, a)   with   Q(s, a) = Σ_{s′, r} p(s′, r given s, a) (r + γ V(s′))
 *
 * @throws RunError where it has not settled after `maxSweeps`, as for γ = 1 where rewards are collected for ever
 */
export function valueIteration(mdp: FiniteMdp, options: ValueIterationOptions): Plan {
  const { gamma, tolerance = 1e-12, epsilon = 0, maxSweeps = 1_000_000 } = options;
  let values: Float64Array = new Float64Array(mdp.states);
  const q = new Float64Array(mdp.states * mdp.actions);
  for (let sweeps = 1; sweeps <= maxSweeps; sweeps++) {
    const next = bestValues(actionValues(mdp, values, gamma, q), mdp.actions, epsilon);
    const moved = residual(values, next);
    values = next;
    if (moved > tolerance) continue;
    actionValues(mdp, values, gamma, q);
    return { values, q, policy: greedyPolicy(q, mdp.actions), sweeps };
  }
  throw new RunError(`value iteration still moves by more than ${tolerance} after ${maxSweeps} sweeps`);
}
