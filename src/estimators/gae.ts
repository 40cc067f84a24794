import { checkFraction, checkValuedTransitions, type FloatArray, type ValuedTransitions } from "./transitions.ts";

/**
 * Generalised advantage estimation (Schulman et al. 2016, "High-dimensional continuous control using generalized
 * advantage estimation", eq. 16):
 *
 *     δ_t = r_t + γ V(s_{t+1}) - V(s_t)        Â_t = Σ_l (γλ)^l δ_{t+l} = δ_t + γλ Â_{t+1}
 *
 * | symbol | argument | shape |
 * |---|---|---|
 * | r_t | `rewards` | [T, N] |
 * | V(s_t) | `values` | [T, N] |
 * | V(s_{t+1}) | `nextValues`, 0 where `terminated` | [T, N] |
 * | Â_t | result | [T, N] |
 *
 * The sum stops after a step that terminated or was truncated, and after the last row. λ = 0 is the one-step TD
 * error, λ = 1 the reward-to-go less V(s_t). The value targets ("returns" in Stable-Baselines3) are Â_t + V(s_t).
 *
 * Returns `out`, which may be one of the inputs. ShapeError for lengths, ConfigError unless gamma and lambda are in
 * [0, 1].
 */
export function gae<A extends FloatArray = Float64Array>(
  transitions: ValuedTransitions,
  { gamma, lambda }: { readonly gamma: number; readonly lambda: number },
  out?: A,
): A {
  const size = checkValuedTransitions(transitions, out);
  checkFraction("gamma", gamma);
  checkFraction("lambda", lambda);
  const result = out ?? (new Float64Array(size) as A);
  const { envs, rewards, values, nextValues, terminated, truncated } = transitions;
  const decay = gamma * lambda;
  for (let n = 0; n < envs; n++) {
    let advantage = 0;
    for (let i = size - envs + n; i >= 0; i -= envs) {
      const bootstrap = terminated[i] ? 0 : nextValues[i];
      const delta = rewards[i] + gamma * bootstrap - values[i];
      advantage = terminated[i] || truncated[i] ? delta : delta + decay * advantage;
      result[i] = advantage;
    }
  }
  return result;
}
