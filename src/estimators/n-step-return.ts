import { ConfigError } from "../errors.ts";
import { checkFraction, checkTransitions, type FloatArray, type Transitions } from "./transitions.ts";

/**
 * n-step return, G_t = r_t + γ r_{t+1} + … + γ^(m-1) r_{t+m-1} + γ^m V(s_{t+m}) (Sutton & Barto 2018, eq. 7.1), with
 * m = n, or fewer where the episode or the rows end before. V(s_{t+m}) is `nextValues` of the last step that was
 * summed, or 0 where that step terminated.
 *
 * Returns `out`, [T, N], which must not be one of the inputs. ShapeError for lengths, ConfigError unless 0 <= gamma
 * <= 1 and n is a positive integer.
 */
export function nStepReturn<A extends FloatArray = Float64Array>(
  transitions: Transitions,
  { gamma, n }: { readonly gamma: number; readonly n: number },
  out?: A,
): A {
  const size = checkTransitions(transitions, out);
  checkFraction("gamma", gamma);
  if (!(Number.isInteger(n) && n >= 1)) throw new ConfigError({ field: "n", value: n, allowed: "a positive integer" });
  const result = out ?? (new Float64Array(size) as A);
  const { envs, rewards, nextValues, terminated, truncated } = transitions;
  for (let i = 0; i < size; i++) {
    let last = i;
    for (let k = 1; k < n && last + envs < size && !terminated[last] && !truncated[last]; k++) last += envs;
    let sum = terminated[last] ? 0 : nextValues[last];
    for (let j = last; j >= i; j -= envs) sum = rewards[j] + gamma * sum;
    result[i] = sum;
  }
  return result;
}
