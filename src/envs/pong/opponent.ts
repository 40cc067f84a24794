import { RunError } from "../../errors.ts";
import type { Opponent } from "../opponent-seat.ts";
import type { PongView } from "./view.ts";

/** Who plays on the left in the place of the built-in opponent. Its actions are those that the agent has, by option `nActions`. */
export type PongOpponent = Opponent;

/** @internal What moves the left paddles. */
export class LeftPlayers {
  readonly #view: PongView;
  readonly #moves: readonly number[];
  #observations = new Float32Array(0);
  #actions = new Float32Array(0);

  /** @param moves where the paddle goes by action */
  constructor(view: PongView, moves: readonly number[]) {
    this.#view = view;
    this.#moves = moves;
  }

  /**
   * The moves of `opponent` `[N]` in the present states.
   * @throws RunError for an action that does not exist
   */
  moves(opponent: PongOpponent, states: Float64Array, stateSize: number, count: number): Float32Array {
    const { flatSize } = this.#view.space;
    if (this.#actions.length !== count) {
      this.#actions = new Float32Array(count);
      this.#observations = new Float32Array(count * flatSize);
    }
    const [observations, actions] = [this.#observations, this.#actions];
    observations.fill(0);
    for (let n = 0; n < count; n++) this.#view.writeMirrored(states, n * stateSize, observations, n * flatSize);
    actions.fill(0);
    opponent(observations, actions);
    for (let n = 0; n < count; n++) {
      const move = this.#moves[actions[n]];
      if (move === undefined) {
        const allowed = `an index from 0 to ${this.#moves.length - 1}`;
        throw new RunError({ field: `action ${n} of the opponent in Pong`, value: actions[n], allowed });
      }
      actions[n] = move;
    }
    return actions;
  }
}
