import type { Parameters } from "../../nn/index.ts";

/**
 * Moves every parameter of a target network the fraction τ of the way to its namesake: θ̄ ← (1 − τ) θ̄ + τ θ (Polyak averaging,
 * Lillicrap et al. 2016, algorithm 1). τ = 1 copies.
 */
export function follow(target: Parameters, source: Parameters, tau: number): void {
  for (const [name, { data }] of Object.entries(target)) {
    const towards = source[name]!.data;
    for (let i = 0; i < data.length; i++) data[i] = tau === 1 ? towards[i]! : data[i]! + tau * (towards[i]! - data[i]!);
  }
}
