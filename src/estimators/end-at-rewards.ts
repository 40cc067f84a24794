import type { FloatArray } from "./transitions.ts";

/**
 * What `terminated` would be if each reward other than 0 ended an episode: no sum of rewards then reaches past it. In games that are
 * won point by point what follows a point has nothing to do with how it came about (Karpathy 2016, "Deep reinforcement learning:
 * Pong from pixels"). For tasks where rewards are rare and each closes a chapter; elsewhere it makes the policy short-sighted.
 */
export function endAtRewards({ rewards, terminated }: { rewards: FloatArray; terminated: Uint8Array }): Uint8Array {
  return terminated.map((ended, i) => (ended || rewards[i] !== 0 ? 1 : 0));
}
