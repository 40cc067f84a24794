import { checkFraction, checkTransitions, type FloatArray, type Transitions } from "./transitions.ts";

/**
 * λ-return, G_t = r_t + γ ((1 - λ) V(s_{t+1}) + λ G_{t+1}) (Sutton & Barto 2018, eq. 12.18 and exercise 12.1): the
 * average of all n-step returns with weights (1 - λ) λ^(n-1). λ = 0 is the one-step TD target, λ = 1 the
 * reward-to-go. Where step t terminated both terms behind γ are 0; where it was truncated, and in the last row,
 * G_{t+1} is V(s_{t+1}) = `nextValues`.
 *
 * Returns `out`, [T, N]. ShapeError for lengths, ConfigError unless gamma and lambda are in [0, 1].
 */
export function lambdaReturn<A extends FloatArray = Float64Array>(
  transitions: Transitions,
  { gamma, lambda }: { readonly gamma: number; readonly lambda: number },
  out?: A,
): A {
  const size = checkTransitions(transitions, out);
  checkFraction("gamma", gamma);
  checkFraction("lambda", lambda);
  const result = out ?? (new Float64Array(size) as A);
  const { envs, rewards, nextValues, terminated, truncated } = transitions;
  for (let n = 0; n < envs; n++) {
    let next = nextValues[size - envs + n];
    for (let i = size - envs + n; i >= 0; i -= envs) {
      if (terminated[i]) next = 0;
      else if (truncated[i]) next = nextValues[i];
      else next = (1 - lambda) * nextValues[i] + lambda * next;
      next = rewards[i] + gamma * next;
      result[i] = next;
    }
  }
  return result;
}
