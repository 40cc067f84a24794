import type { FiniteMdp } from "../finite-mdp.ts";

/**
 * Whether random actions end every episode sooner or later: wherever one may get to, some way leads to an end. Then an episode
 * that did not end yet is only long.
 */
export function endsForCertain({ states, actions, initial, outcomes }: FiniteMdp): boolean {
  const ways = Array.from({ length: states }, (_, state) =>
    Array.from({ length: actions }, (_, action) => outcomes(state, action)).flat(),
  );
  const reached = new Set(Array.from({ length: states }, (_, state) => state).filter((state) => initial[state] > 0));
  for (const state of reached) for (const way of ways[state]) if (!way.terminated) reached.add(way.state);
  const ending = new Set<number>();
  let known = -1;
  while (known < ending.size) {
    known = ending.size;
    for (const state of reached) {
      if (ways[state].some((way) => way.terminated || ending.has(way.state))) ending.add(state);
    }
  }
  return ending.size === reached.size;
}
