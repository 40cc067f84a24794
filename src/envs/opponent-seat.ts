/**
 * Who plays the other side of a game for two: chooses for N games at once.
 *
 * @param observations `[N, F]` what the other side observes, as if it were the agent's own: one policy can play both. Overwritten by the
 *   next call
 * @param actions `[N, A]` to be written: its actions, as the agent would encode them; 0 before the call, whatever that
 *   action is
 */
export type Opponent = (observations: Float32Array, actions: Float32Array) => void;

/** The other side of a game for two, where a policy may sit down: a learner's past self for example. */
export interface OpponentSeat {
  /** Undefined: the environment's own opponent plays. No part of the environment's state: who sits there says so anew after a resume. */
  opponent: Opponent | undefined;
}
