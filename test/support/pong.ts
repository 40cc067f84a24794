import * as game from "../../src/envs/pong/rules.ts";

/** The numbers of a game of Pong as they would be in a mirror. */
export function mirrorOf(state: Float64Array): Float64Array {
  const seen = state.slice();
  for (const [left, right] of [
    [game.LEFT_Y, game.RIGHT_Y],
    [game.LEFT_SPEED, game.RIGHT_SPEED],
    [game.LEFT_POINTS, game.RIGHT_POINTS],
  ]) {
    [seen[left], seen[right]] = [state[right], state[left]];
  }
  seen[game.BALL_X] = 158 - state[game.BALL_X];
  seen[game.BALL_SPEED_X] = -state[game.BALL_SPEED_X];
  // It is what the agent's sticky actions go on with, and no part of the rules.
  seen[game.LAST_MOVE] = 0;
  return seen;
}
