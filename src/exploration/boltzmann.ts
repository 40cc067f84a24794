import { exp } from "../math/index.ts";
import { maximum } from "./greedy.ts";

/**
 * Boltzmann exploration (Sutton & Barto 2018, section 2.8, with Q in the place of preferences): π(a) ∝ exp(Q(a)/τ). Better
 * actions are likelier by how much better they are, in units of the temperature τ: large τ is nearly uniform, small τ nearly
 * greedy. Writes the probability of each action into `out` `[count]`.
 * @param values `values[offset … offset + count)` are those of the actions
 * @param temperature τ, above 0
 */
export function boltzmannProbabilities(
  values: ArrayLike<number>,
  offset: number,
  count: number,
  temperature: number,
  out: Float64Array,
): void {
  // Less the largest, so that the exponential cannot overflow.
  const most = maximum(values, offset, count);
  let total = 0;
  for (let i = 0; i < count; i++) {
    out[i] = exp((values[offset + i] - most) / temperature);
    total += out[i];
  }
  for (let i = 0; i < count; i++) out[i] /= total;
}
