/**
 * Pong for two: both sides are actions. What the left player observes is seen in a mirror, so that one policy can play both sides;
 * rewards are those of the right player, and the left one's are their opposites.
 *
 * Who wants to learn against a policy takes `pong` and gives it an opponent.
 */

import { Box, MultiDiscrete } from "../../spaces/index.ts";
import type { DynamicsWithNumbers } from "../dynamics.ts";
import { readOptions } from "../options.ts";
import { drawPong } from "./draw-pong.ts";
import { MOVES, PONG_DEFAULTS, requireFrameSkip } from "./options.ts";
import { GAME_SIZE, isOver, play, startGame } from "./rules.ts";
import { VECTOR_SIZE, vectorView } from "./vector-view.ts";

export const PONG_TWO_PLAYERS_DEFAULTS = {
  /** Frames that one action lasts. */
  frameSkip: PONG_DEFAULTS.frameSkip,
};

export type PongTwoPlayersOptions = typeof PONG_TWO_PLAYERS_DEFAULTS;

/**
 * Observation `[2, 9]`: what the right player observes, then the left one. Actions: the right player's, then the left one's; 0 stay,
 * 1 up, 2 down.
 * @throws ConfigError for an unknown option or a value of the wrong kind or size
 */
export function pongTwoPlayers(given: Partial<PongTwoPlayersOptions> = {}): DynamicsWithNumbers<ArrayLike<number>> {
  const { frameSkip } = readOptions("PongTwoPlayers-v0", given, PONG_TWO_PLAYERS_DEFAULTS);
  requireFrameSkip("PongTwoPlayers-v0", frameSkip);
  const moves = MOVES[3]!;
  return {
    stateSize: GAME_SIZE,
    observationSpace: new Box(-1, 1, [2, VECTOR_SIZE]),
    actionSpace: new MultiDiscrete([moves.length, moves.length]),

    start: startGame,

    advance(states, actions, rewards, terminated, count, streams): void {
      for (let n = 0, s = 0; n < count; n++, s += GAME_SIZE) {
        const [right, left] = [moves[actions[2 * n]], moves[actions[2 * n + 1]]];
        rewards[n] = play(states, s, left, right, frameSkip, streams.each[n]);
        terminated[n] = isOver(states, s) ? 1 : 0;
      }
    },

    observe(states, observations, from, to): void {
      for (let n = from; n < to; n++) {
        vectorView.write(states, n * GAME_SIZE, observations, 2 * n * VECTOR_SIZE);
        vectorView.writeMirrored(states, n * GAME_SIZE, observations, (2 * n + 1) * VECTOR_SIZE);
      }
    },

    draw: drawPong,
  };
}
