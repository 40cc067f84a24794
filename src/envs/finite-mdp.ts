/**
 * A finite Markov decision process, written out: Sutton & Barto 2018, section 3.1, with p(s′, r given s, a) as a list for each
 * state and action. What is exact in limpid (dynamic programming, true values in tests and labs) is computed from it.
 */

/** One way in which a step may go. */
export interface Outcome {
  /** Above 0; those of one state and action sum to 1. */
  readonly probability: number;
  /** s′ */
  readonly state: number;
  readonly reward: number;
  /** Whether the episode ends there: the value of s′ then does not count. */
  readonly terminated: boolean;
}

export interface FiniteMdp {
  /** S: states are 0 … S − 1. */
  readonly states: number;
  /** A: actions are 0 … A − 1, the same in every state. */
  readonly actions: number;
  /** `[S]` probability of each state as the first of an episode. */
  readonly initial: ArrayLike<number>;
  /** All ways in which `action` in `state` may go. */
  outcomes(state: number, action: number): readonly Outcome[];
}

/** The outcomes of a step that can go but one way. */
export function certain(state: number, reward: number, terminated = false): readonly Outcome[] {
  return [{ probability: 1, state, reward, terminated }];
}

/** `[states]` the same probability for each of `among`, 0 for all others. */
export function uniformOver(states: number, among: readonly number[]): Float64Array {
  const probabilities = new Float64Array(states);
  for (const state of among) probabilities[state] = 1 / among.length;
  return probabilities;
}
