import { describe, expect, it } from "vitest";
import { mirrorOf } from "../../../test/support/pong.ts";
import { Key, type Random } from "../../random/index.ts";
import * as court from "./court.ts";
import * as game from "./rules.ts";

const random = Key.fromSeed(1).stream();

const places = {
  ...{ LEFT_Y: game.LEFT_Y, RIGHT_Y: game.RIGHT_Y, BALL_X: game.BALL_X, BALL_Y: game.BALL_Y, HITS: game.HITS },
  ...{ BALL_SPEED_X: game.BALL_SPEED_X, BALL_SPEED_Y: game.BALL_SPEED_Y, AIM: game.AIM },
  ...{ LEFT_POINTS: game.LEFT_POINTS, RIGHT_POINTS: game.RIGHT_POINTS },
};

/** A game in which the ball is in play, slowly to the right through the middle; with these numbers in place of others. */
function rally(changes: Partial<typeof places> = {}): Float64Array {
  const state = new Float64Array(game.GAME_SIZE);
  game.startGame(state, 0, random);
  state[game.WAIT] = 0;
  state[game.BALL_SPEED_X] = 2;
  for (const [name, value] of Object.entries(changes)) state[places[name as keyof typeof places]] = value;
  return state;
}

/** Plays that many frames; both players stay unless they are told otherwise. */
function played(state: Float64Array, frames: number, left = 0, right = 0): Float64Array {
  game.play(state, 0, left, right, frames, random);
  return state;
}

const ballOf = (state: Float64Array) => [...state.subarray(game.BALL_X, game.BALL_SPEED_Y + 1)];

describe("the ball", () => {
  it("flies straight on", () => {
    expect(ballOf(played(rally({ BALL_X: 60, BALL_Y: 100, BALL_SPEED_Y: 1 }), 10))).toEqual([80, 110, 2, 1]);
  });

  it("bounces off the walls as off a mirror", () => {
    // Up: 38, 35, and 32 would be two rows inside the wall, which begins above row 34.
    expect(ballOf(played(rally({ BALL_X: 60, BALL_Y: 38, BALL_SPEED_Y: -3 }), 2))).toEqual([64, 36, 2, 3]);
    // Down: its four rows end at the wall, row 194, when its upper edge is at 190; 192 is two too many.
    expect(ballOf(played(rally({ BALL_X: 60, BALL_Y: 188, BALL_SPEED_Y: 4 }), 1))).toEqual([62, 188, 2, -4]);
    expect(ballOf(played(rally({ BALL_X: 60, BALL_Y: 186, BALL_SPEED_Y: 4 }), 1))).toEqual([62, 190, 2, 4]);
  });

  // The paddle is at 100 … 115, and the ball, four rows high, meets it with its upper edge at 97 … 115.
  it.each([
    [96, undefined],
    [97, -3],
    [98, -3],
    [99, -2],
    [101, -2],
    [102, -1],
    [104, -1],
    [105, 0],
    [107, 0],
    [108, 1],
    [110, 1],
    [111, 2],
    [113, 2],
    [114, 3],
    [115, 3],
    [116, undefined],
  ])("that meets a paddle at 100 with its upper edge at %d leaves it with slope %s", (ballY, slope) => {
    const state = played(rally({ BALL_X: 137, BALL_Y: ballY, RIGHT_Y: 100 }), 1);
    if (slope === undefined) expect(ballOf(state)).toEqual([139, ballY, 2, 0]);
    else expect(ballOf(state)).toEqual([138, ballY, -2, slope]);
    const other = played(rally({ BALL_X: 21, BALL_SPEED_X: -2, BALL_Y: ballY, LEFT_Y: 100 }), 1);
    if (slope === undefined) expect(ballOf(other)).toEqual([19, ballY, -2, 0]);
    else expect(ballOf(other)).toEqual([20, ballY, 2, slope]);
  });

  it("is sent back by a paddle that reaches it late, as long as it is not past it, and once", () => {
    // At 142 it is beside the paddle, which comes up from below it: 119, 118.5, 117.5.
    const late = rally({ BALL_X: 138, BALL_Y: 114.5, BALL_SPEED_X: 2, RIGHT_Y: 119 });
    expect(ballOf(played(late, 2, 0, -1))).toEqual([138, 114.5, -2, -3]);
    expect(late[game.HITS]).toBe(1);
    played(late, 1, 0, -1);
    expect(late[game.HITS]).toBe(1);
    const past = rally({ BALL_X: 142, BALL_Y: 100, RIGHT_Y: 117 });
    expect(ballOf(played(past, 4, 0, -1))).toEqual([150, 100, 2, 0]);
  });

  it("has 3 pixels per frame from the fourth hit on and 4 from the twelfth, with the same slopes", () => {
    const speeds = Array.from({ length: 14 }, (_, hits) => {
      const speed = hits < 4 ? 2 : hits < 12 ? 3 : 4;
      const state = rally({ HITS: hits, BALL_X: 139 - speed, BALL_SPEED_X: speed, BALL_Y: 97, RIGHT_Y: 100 });
      return ballOf(played(state, 1)).slice(2);
    });
    const slow = [-2, -3];
    const fast = [-3, -4.5];
    const fastest = [-4, -6];
    // Hits 1, 2, 3; 4 … 11; 12, 13, 14.
    expect(speeds).toEqual([...Array(3).fill(slow), ...Array(8).fill(fast), ...Array(3).fill(fastest)]);
  });
});

describe("a paddle", () => {
  it("gains half a pixel per frame up to 4, and stands still when it is not moved", () => {
    const state = rally({ RIGHT_Y: 40 });
    const moved = Array.from({ length: 10 }, () => played(state, 1, 0, 1)[game.RIGHT_Y]);
    expect(moved).toEqual([40.5, 41.5, 43, 45, 47.5, 50.5, 54, 58, 62, 66]);
    expect(state[game.RIGHT_SPEED]).toBe(4);
    expect([...played(state, 3).subarray(game.RIGHT_Y, game.RIGHT_SPEED + 1)]).toEqual([66, 0]);
  });

  it("begins anew when it turns", () => {
    const state = played(rally({ LEFT_Y: 100 }), 4, 1, 0);
    expect([...state.subarray(game.LEFT_Y, game.LEFT_SPEED + 1)]).toEqual([105, 2]);
    played(state, 4, -1, 0);
    expect([...state.subarray(game.LEFT_Y, game.LEFT_SPEED + 1)]).toEqual([100, -2]);
  });

  it("stops where ten of its rows are behind a wall", () => {
    const state = played(rally(), 60, -1, 1);
    expect([state[game.LEFT_Y], state[game.LEFT_SPEED]]).toEqual([24, 0]);
    expect([state[game.RIGHT_Y], state[game.RIGHT_SPEED]]).toEqual([188, 0]);
  });
});

describe("a point", () => {
  it("is won when the ball is off the screen, and the loser gets the serve after 20 frames", () => {
    const state = rally({ BALL_X: 150, BALL_Y: 50, HITS: 5 });
    expect(game.play(state, 0, 0, 0, 4, random)).toBe(0);
    expect(game.play(state, 0, 0, 0, 1, random)).toBe(-1);
    expect([state[game.LEFT_POINTS], state[game.RIGHT_POINTS]]).toEqual([1, 0]);
    expect(ballOf(state)).toEqual([79, 112, 2, 0]);
    expect([state[game.HITS], state[game.WAIT]]).toEqual([0, 20]);
    played(state, 19);
    expect([...ballOf(state), state[game.WAIT]]).toEqual([79, 112, 2, 0, 1]);
    played(state, 1);
    const [x, y, speedX, speedY] = ballOf(state);
    expect([x, speedX, state[game.WAIT]]).toEqual([79, 2, 0]);
    played(state, 1);
    expect(ballOf(state)).toEqual([81, y + speedY, 2, speedY]);
  });

  it("of the right player is rewarded, and the left one is served", () => {
    const state = rally({ BALL_X: 4, BALL_Y: 50, BALL_SPEED_X: -3 });
    expect(game.play(state, 0, 0, 0, 1, random)).toBe(0);
    expect(game.play(state, 0, 0, 0, 1, random)).toBe(1);
    expect([state[game.LEFT_POINTS], state[game.RIGHT_POINTS]]).toEqual([0, 1]);
    expect(ballOf(state)).toEqual([79, 112, -2, 0]);
  });

  it("ends the game where it is the twenty-first", () => {
    const state = rally({ BALL_X: 158, BALL_Y: 50, LEFT_POINTS: 20, RIGHT_POINTS: 20 });
    expect(game.isOver(state, 0)).toBe(false);
    expect(game.play(state, 0, 0, 0, 4, random)).toBe(-1);
    expect(game.isOver(state, 0)).toBe(true);
    expect(state[game.LEFT_POINTS]).toBe(21);
    // The frames that were left are not played.
    expect(state[game.WAIT]).toBe(20);
  });
});

it("serves from 77 rows around the middle with five slopes, each as likely as the others", () => {
  const rows = new Float64Array(77);
  const slopes = new Float64Array(5);
  const state = rally();
  for (let i = 0; i < 7700; i++) {
    state[game.WAIT] = 1;
    played(state, 1);
    rows[state[game.BALL_Y] - 74]++;
    slopes[state[game.BALL_SPEED_Y] + 2]++;
  }
  const chiSquare = (counts: Float64Array) => {
    const expected = 7700 / counts.length;
    return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  };
  // Quantiles 0.999 of χ² with 76 and 4 degrees of freedom.
  expect(chiSquare(rows)).toBeLessThan(119.9);
  expect(chiSquare(slopes)).toBeLessThan(18.5);
});

describe("the built-in opponent", () => {
  it("moves 2 pixels per frame towards the ball, not at all in every eighth, and no farther than it wants", () => {
    // It wants to be 2 rows above the ball's upper edge: in row 6 of its reach, which begins 4 above its own.
    const state = rally({ LEFT_Y: 100, BALL_Y: 130, BALL_X: 60, AIM: 6 });
    const moved = Array.from({ length: 18 }, () => played(state, 1, game.FOLLOW)[game.LEFT_Y]);
    expect(moved).toEqual([
      100,
      ...[102, 104, 106, 108, 110, 112, 114],
      114,
      ...[116, 118, 120, 122, 124, 126, 128],
      128,
      128,
    ]);
    expect(state[game.LEFT_SPEED]).toBe(0);
  });

  it("is too slow for a steep ball, and no obstacle to it", () => {
    const state = rally({ LEFT_Y: 40, BALL_X: 130, BALL_Y: 44, BALL_SPEED_X: -4, BALL_SPEED_Y: 4, AIM: 6 });
    expect(game.play(state, 0, game.FOLLOW, 0, 40, random)).toBe(1);
    const slow = rally({ LEFT_Y: 40, BALL_X: 130, BALL_Y: 44, BALL_SPEED_X: -2, BALL_SPEED_Y: 1, AIM: 6 });
    expect(game.play(slow, 0, game.FOLLOW, 0, 60, random)).toBe(0);
    expect(slow[game.HITS]).toBe(1);
  });

  it("takes aim anew whenever the ball is sent to it, at one of 12 rows; in the first it misses", () => {
    const aims = new Set<number>();
    let missed = 0;
    for (let i = 0; i < 600; i++) {
      const state = rally({ BALL_X: 137, BALL_Y: 106, RIGHT_Y: 100, LEFT_Y: 106 });
      played(state, 1, game.FOLLOW);
      aims.add(state[game.AIM]);
      const isMissed = game.play(state, 0, game.FOLLOW, 0, 70, random) === 1;
      expect(isMissed).toBe(state[game.AIM] === 0);
      if (isMissed) missed++;
    }
    expect([...aims].sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i));
    // One in twelve: 50 of 600, with a standard deviation of 6.8.
    expect(Math.abs(missed - 50)).toBeLessThan(21);
  });
});

describe("both players", () => {
  /** Plays one game and, with the same serves, the one in the mirror; throws where they differ. */
  function playBoth(step: typeof game.play): number {
    const [here, there] = [0, 1].map(() => Key.fromSeed(3).stream()) as [Random, Random];
    const state = rally();
    const other = mirrorOf(state);
    const moves = Key.fromSeed(4).stream();
    let points = 0;
    for (let t = 0; t < 3000 && !game.isOver(state, 0); t++) {
      // Who looks where the ball is meets it often enough to have rallies.
      const towards = (y: number) =>
        moves.integer(3) === 0 ? moves.integer(3) - 1 : Math.sign(state[game.BALL_Y] - y - 6);
      const [left, right] = [towards(state[game.LEFT_Y]), towards(state[game.RIGHT_Y])];
      const reward = step(state, 0, left, right, 4, here);
      points += Math.abs(reward);
      expect(step(other, 0, right, left, 4, there)).toBe(reward === 0 ? 0 : -reward);
      other[game.LAST_MOVE] = 0;
      expect([...other]).toEqual([...mirrorOf(state)]);
    }
    return points;
  }

  it("have the same game: in a mirror, with moves exchanged, everything is mirrored and rewards are opposite", () => {
    expect(playBoth(game.play)).toBeGreaterThan(20);
  });

  it("(negative control) would not, if one paddle were a little faster", () => {
    const unfair: typeof game.play = (state, s, left, right, frames, draws) => {
      const reward = game.play(state, s, left, right, frames, draws);
      state[s + game.RIGHT_Y] = Math.min(state[s + game.RIGHT_Y] + 0.5 * Math.max(right, 0), court.PADDLE_MAX);
      return reward;
    };
    expect(() => playBoth(unfair)).toThrow(/expected/);
  });
});

it("does not depend on how its frames are cut", () => {
  const [whole, single] = [rally({ HITS: 3 }), rally({ HITS: 3 })];
  const [one, other] = [Key.fromSeed(8).stream(), Key.fromSeed(8).stream()];
  const moves = Key.fromSeed(9).stream();
  for (let t = 0; t < 500 && !game.isOver(whole, 0); t++) {
    const move = moves.integer(3) - 1;
    const reward = game.play(whole, 0, game.FOLLOW, move, 4, one);
    let sum = 0;
    for (let frame = 0; frame < 4; frame++) sum += game.play(single, 0, game.FOLLOW, move, 1, other);
    expect(sum).toBe(reward);
    if (!game.isOver(whole, 0)) expect([...single]).toEqual([...whole]);
  }
});
