import type { Parameters } from "../../nn/index.ts";
import { moveTowards, plan } from "../../tensor/index.ts";

/**
 * Makes what moves every parameter of a target network the fraction τ of the way to its namesake: θ̄ ← θ̄ + τ (θ − θ̄) (Polyak
 * averaging, Lillicrap et al. 2016, algorithm 1). τ = 1 copies.
 */
export function follower(target: Parameters, source: Parameters, tau: number): () => void {
  const recorded = plan({}, () => follow(target, source, tau));
  return () => {
    recorded.run();
  };
}

/** The same as operations, for a place in a larger plan. */
export function follow(target: Parameters, source: Parameters, tau: number): void {
  for (const [name, tensor] of Object.entries(target)) moveTowards(tensor, source[name]!, tau);
}
