import type { FiniteMdp } from "../../envs/index.ts";
import { checkFraction } from "../transitions.ts";
import { checkEpsilon, checkTable, type PolicyTable } from "./policies.ts";

/**
 * Q from V: what an action is worth when everything after it is worth what `values` says (Sutton & Barto 2018, eq. 4.6),
 *
 *     Q(s, a) = Σ_{s′, r} p(s′, r given s, a) (r + γ V(s′))
 *
 * where V(s′) counts as 0 behind a transition that terminates, whatever `values` has there.
 * @param values `[S]`
 * @returns `out`, `[S, A]`
 * @throws ShapeError for lengths, ConfigError unless 0 <= gamma <= 1
 */
export function actionValues(
  mdp: FiniteMdp,
  values: ArrayLike<number>,
  gamma: number,
  out: Float64Array = new Float64Array(mdp.states * mdp.actions),
): Float64Array {
  checkFraction("gamma", gamma);
  checkTable("values", values, mdp, false);
  checkTable("out", out, mdp, true);
  for (let s = 0, i = 0; s < mdp.states; s++) {
    for (let a = 0; a < mdp.actions; a++, i++) {
      let sum = 0;
      for (const { probability, state, reward, terminated } of mdp.outcomes(s, a)) {
        sum += probability * (terminated ? reward : reward + gamma * values[state]);
      }
      out[i] = sum;
    }
  }
  return out;
}

/**
 * V from Q under a policy, V(s) = Σ_a π(a given s) Q(s, a).
 * @param q `[S, A]`
 * @returns `[S]`
 */
export function expectedValues(q: ArrayLike<number>, policy: PolicyTable, actions: number): Float64Array {
  return Float64Array.from({ length: q.length / actions }, (_, s) => {
    let sum = 0;
    for (let i = s * actions; i < (s + 1) * actions; i++) sum += policy[i] * q[i];
    return sum;
  });
}

/**
 * V from Q for the best policy, V(s) = max_a Q(s, a). With ε, for the best of those policies that take a uniformly random
 * action with probability ε: V(s) = (1 − ε) max_a Q(s, a) + ε mean_a Q(s, a), the optimum that SARSA with ε-greedy
 * exploration goes to (Sutton & Barto 2018, section 5.4).
 * @param q `[S, A]`
 * @returns `[S]`
 */
export function bestValues(q: ArrayLike<number>, actions: number, epsilon = 0): Float64Array {
  checkEpsilon(epsilon);
  return Float64Array.from({ length: q.length / actions }, (_, s) => {
    let best = Number.NEGATIVE_INFINITY;
    let sum = 0;
    for (let i = s * actions; i < (s + 1) * actions; i++) {
      best = Math.max(best, q[i]);
      sum += q[i];
    }
    return epsilon === 0 ? best : (1 - epsilon) * best + (epsilon * sum) / actions;
  });
}

/**
 * The mean of V over the first states of episodes.
 * @param values `[S]`; entries of states in which no episode begins are not looked at
 */
export function valueAtStart({ initial }: Pick<FiniteMdp, "initial">, values: ArrayLike<number>): number {
  let sum = 0;
  for (let s = 0; s < initial.length; s++) if (initial[s] !== 0) sum += initial[s] * values[s];
  return sum;
}

/** The largest absolute difference of two tables: between V and its backup, the Bellman residual. */
export function residual(before: ArrayLike<number>, after: ArrayLike<number>): number {
  let largest = 0;
  for (let s = 0; s < before.length; s++) largest = Math.max(largest, Math.abs(after[s] - before[s]));
  return largest;
}
