import { lambdaReturn } from "./lambda-return.ts";
import { checkFraction, type FloatArray, type Transitions } from "./transitions.ts";

/**
 * The discounted return of one sequence of rewards, Σ_k γ^k r_k + γ^T V(s_T) (Sutton & Barto 2018, eq. 3.8).
 *
 * `finalValue` is V of the observation after the last reward: leave it 0 where the episode terminated, give the
 * critic's estimate where it was truncated. ConfigError unless 0 <= gamma <= 1.
 */
export function discountedReturn(rewards: ArrayLike<number>, gamma: number, finalValue = 0): number {
  checkFraction("gamma", gamma);
  let sum = finalValue;
  for (let t = rewards.length - 1; t >= 0; t--) sum = rewards[t] + gamma * sum;
  return sum;
}

/**
 * Reward-to-go, G_t = r_t + γ G_{t+1}: all rewards from step t to the end of its episode, discounted to t (Sutton &
 * Barto 2018, eq. 3.9; Schulman et al. 2016, "High-dimensional continuous control using generalized advantage
 * estimation", eq. 1, form 2). At a truncation and after the last row, G_{t+1} is `nextValues`; fill them with zeros
 * to go without a critic, at the price of a bias there.
 *
 * Returns `out`, [T, N]. ShapeError for lengths, ConfigError unless 0 <= gamma <= 1.
 */
export function rewardToGo<A extends FloatArray = Float64Array>(
  transitions: Transitions,
  { gamma }: { readonly gamma: number },
  out?: A,
): A {
  return lambdaReturn(transitions, { gamma, lambda: 1 }, out);
}
