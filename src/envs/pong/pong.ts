/**
 * Pong: get the ball past the other player. +1 for a point, −1 for one of the opponent's; the first to have 21 wins, and the game
 * is over. The agent plays on the right.
 *
 * Actions: 0 stay, 1 up, 2 down, for four frames each; options may change that. Rules: `rules.ts`; what is observed: `vector-view.ts`,
 * `difference-view.ts`, `frames-view.ts`.
 */

import type { Streams } from "../../random/index.ts";
import { Discrete } from "../../spaces/index.ts";
import type { DynamicsWithNumbers } from "../dynamics.ts";
import { differenceView } from "./difference-view.ts";
import { drawPong } from "./draw-pong.ts";
import { framesView } from "./frames-view.ts";
import { LeftPlayers, type PongOpponent } from "./opponent.ts";
import { MOVES, PONG_DEFAULTS, type PongOptions, pongOptions } from "./options.ts";
import { memorySize, remember, rememberStart } from "./picture.ts";
import { FOLLOW, GAME_SIZE, isOver, LAST_MOVE, play, startGame } from "./rules.ts";
import { vectorView } from "./vector-view.ts";
import type { PongView } from "./view.ts";

/**
 * Pong as nine numbers.
 * @param opponent plays on the left; left out, the built-in opponent does
 * @throws ConfigError for an unknown option or a value of the wrong kind or size
 */
export function pong(given: Partial<PongOptions> = {}, opponent?: PongOpponent): DynamicsWithNumbers<number> {
  return pongDynamics("Pong-v0", vectorView, given, opponent);
}

/**
 * Pong as the difference of two pictures, 80 × 80, with two actions, 0 up and 1 down, as Karpathy (2016) had it: in a difference a
 * paddle that stays where it is cannot be seen. Otherwise as `pong`.
 */
export function pongDifference(given: Partial<PongOptions> = {}, opponent?: PongOpponent): DynamicsWithNumbers<number> {
  return pongDynamics("PongDifference-v0", differenceView, given, opponent, { ...PONG_DEFAULTS, nActions: 2 });
}

/** Pong as the last four pictures, 84 × 84 each; otherwise as `pong`. */
export function pongFrames(given: Partial<PongOptions> = {}, opponent?: PongOpponent): DynamicsWithNumbers<number> {
  return pongDynamics("PongFrames-v0", framesView, given, opponent);
}

function pongDynamics(
  id: string,
  view: PongView,
  given: Partial<PongOptions>,
  opponent: PongOpponent | undefined,
  defaults = PONG_DEFAULTS,
): DynamicsWithNumbers<number> {
  const { frameSkip, repeatActionProbability, nActions } = pongOptions(id, given, defaults);
  const moves = MOVES[nActions]!;
  const leftPlayers = new LeftPlayers(view, moves);
  const opponentSeat = { opponent };
  const { pictures } = view;
  const { flatSize } = view.space;
  const stateSize = GAME_SIZE + memorySize(pictures);

  /** A step with sticky actions: in every frame anew, the last move may go on. */
  function playSticky(
    states: Float64Array,
    s: number,
    left: number,
    right: number,
    streams: Streams,
    n: number,
  ): number {
    const random = streams.each[n];
    let reward = 0;
    for (let frame = 0; frame < frameSkip && !isOver(states, s); frame++) {
      const move = random.uniform() < repeatActionProbability ? states[s + LAST_MOVE] : right;
      reward += play(states, s, left, move, 1, random);
    }
    return reward;
  }

  return {
    stateSize,
    observationSpace: view.space,
    actionSpace: new Discrete(moves.length),
    opponentSeat,
    ...(view.isStack && { stackedFrames: pictures }),

    start(states, offset, random): void {
      startGame(states, offset, random);
      if (pictures > 0) rememberStart(states, offset, pictures);
    },

    advance(states, actions, rewards, terminated, count, streams): void {
      const { opponent } = opponentSeat;
      const lefts = opponent && leftPlayers.moves(opponent, states, stateSize, count);
      for (let n = 0, s = 0; n < count; n++, s += stateSize) {
        const left = lefts ? lefts[n] : FOLLOW;
        const right = moves[actions[n]];
        rewards[n] =
          repeatActionProbability === 0
            ? play(states, s, left, right, frameSkip, streams.each[n])
            : playSticky(states, s, left, right, streams, n);
        terminated[n] = isOver(states, s) ? 1 : 0;
        if (pictures > 0) remember(states, s, pictures);
      }
    },

    observe(states, observations, from, to): void {
      for (let n = from; n < to; n++) view.write(states, n * stateSize, observations, n * flatSize);
    },

    draw: drawPong,
  };
}
