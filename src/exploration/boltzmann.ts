import { exp } from "../math/index.ts";
import { argmax, maximum } from "./greedy.ts";

/**
 * Boltzmann exploration (Sutton & Barto 2018, section 2.8, with Q in the place of preferences): π(a) ∝ exp(Q(a)/τ). Better
 * actions are likelier by how much better they are, in units of the temperature τ: large τ is nearly uniform, small τ nearly
 * greedy. Writes the probability of each action into `out` `[count]`.
 * @param values `values[offset … offset + count)` are those of the actions
 * @param temperature τ, above 0
 * @param mask `[count]`, 1 where allowed; at least one is, and the others have probability 0
 */
export function boltzmannProbabilities(
  values: ArrayLike<number>,
  offset: number,
  count: number,
  temperature: number,
  out: Float64Array,
  mask?: ArrayLike<number>,
): void {
  // Less the largest, so that the exponential cannot overflow.
  const most = mask ? values[offset + argmax(values, offset, count, mask)] : maximum(values, offset, count);
  let total = 0;
  for (let i = 0; i < count; i++) {
    out[i] = mask === undefined || mask[i] !== 0 ? exp((values[offset + i] - most) / temperature) : 0;
    total += out[i];
  }
  for (let i = 0; i < count; i++) out[i] /= total;
}
