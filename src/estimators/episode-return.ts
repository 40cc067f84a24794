import { rewardToGo } from "./returns.ts";
import type { FloatArray, Transitions } from "./transitions.ts";

/**
 * The discounted return of the whole episode at each of its steps, G_0 (Williams 1992, "Simple statistical
 * gradient-following algorithms for connectionist reinforcement learning"; Sutton & Barto 2018, eq. 3.8). It
 * gives the same expected policy gradient as the reward-to-go (undiscounted) and more variance, since it credits actions
 * with rewards that came before them.
 *
 * The first row counts as the start of an episode. At a truncation and after the last row the return goes on with
 * `nextValues`, as in `rewardToGo`.
 *
 * Returns `out`, [T, N]. ShapeError for lengths, ConfigError unless 0 <= gamma <= 1.
 */
export function episodeReturn<A extends FloatArray = Float64Array>(
  transitions: Transitions,
  { gamma }: { readonly gamma: number },
  out?: A,
): A {
  const result = rewardToGo(transitions, { gamma }, out);
  const { envs, terminated, truncated } = transitions;
  for (let i = envs; i < result.length; i++) {
    const isFirst = terminated[i - envs] || truncated[i - envs];
    if (!isFirst) result[i] = result[i - envs];
  }
  return result;
}
