import type { FiniteMdp } from "../../envs/index.ts";
import { ConfigError, ShapeError } from "../../errors.ts";

/**
 * A policy as a table: `[S, A]`, entry `s · A + a` is π(a given s), the probability of action a in state s. Rows sum to 1.
 */
export type PolicyTable = Float64Array;

/** Every action with the same probability. */
export function uniformPolicy({ states, actions }: Pick<FiniteMdp, "states" | "actions">): PolicyTable {
  return new Float64Array(states * actions).fill(1 / actions);
}

/**
 * All actions of each state whose value lies within `tolerance` of the best, lowest first.
 * @param q `[S, A]`
 * @param actions A
 */
export function greedyActions(q: ArrayLike<number>, actions: number, tolerance = 1e-9): number[][] {
  return Array.from({ length: q.length / actions }, (_, state) => {
    const row = Array.from({ length: actions }, (_, action) => q[state * actions + action]);
    const best = row.reduce((most, value) => Math.max(most, value));
    return [...row.keys()].filter((action) => row[action] >= best - tolerance);
  });
}

/** The policy that always takes the best action, the lowest among ties: see {@link greedyActions}. */
export function greedyPolicy(q: ArrayLike<number>, actions: number, tolerance = 1e-9): PolicyTable {
  const policy = new Float64Array(q.length);
  greedyActions(q, actions, tolerance).forEach(([action], state) => {
    policy[state * actions + action] = 1;
  });
  return policy;
}

/**
 * The policy that takes a uniformly random action with probability ε and follows `policy` otherwise: ε-soft (Sutton & Barto
 * 2018, section 5.4).
 * @throws ConfigError unless ε is from 0 to 1
 */
export function softened(policy: PolicyTable, actions: number, epsilon: number): PolicyTable {
  checkEpsilon(epsilon);
  return policy.map((probability) => (1 - epsilon) * probability + epsilon / actions);
}

/** @internal */
export function checkEpsilon(epsilon: number): void {
  if (!(epsilon >= 0 && epsilon <= 1)) {
    throw new ConfigError({ field: "epsilon", value: epsilon, allowed: "a number from 0 to 1" });
  }
}

/** @internal Throws ShapeError unless `table` has an entry for each state, or for each state and action. */
export function checkTable(field: string, table: ArrayLike<number>, mdp: FiniteMdp, perAction: boolean): void {
  const size = mdp.states * (perAction ? mdp.actions : 1);
  if (table.length === size) return;
  const allowed = `${size} numbers long, one for each state${perAction ? " and action" : ""}`;
  throw new ShapeError({ field, value: table.length, allowed });
}
