import { describe, expect, it } from "vitest";
import { ConfigError, RunError } from "../../errors.ts";
import { Key } from "../../random/index.ts";
import { Discrete } from "../../spaces/index.ts";
import { DynamicsEnv, type Json, makeBatch, makeEnv, NativeBatch, unpackArray } from "../index.ts";
import { type PongOpponent, pong, pongDifference, pongFrames, pongTwoPlayers } from "./index.ts";
import * as game from "./rules.ts";

const KEY = Key.fromSeed(42);
const VIEWS = [
  ["Pong-v0", pong],
  ["PongDifference-v0", pongDifference],
  ["PongFrames-v0", pongFrames],
] as const;

function bits(observation: unknown): string {
  return Buffer.from((observation as Float32Array).buffer).toString("latin1");
}

/** Numbers of the game that an environment plays. */
function gameOf(env: DynamicsEnv<number>): Float64Array {
  const { state: packed } = env.state() as { state: { length: number; [key: string]: Json } };
  const numbers = new Float64Array(packed.length);
  unpackArray("state", packed, numbers);
  return numbers;
}

describe("options", () => {
  it.each([
    [{ frameSkip: 0 }, "Pong-v0 option frameSkip must be a positive integer; got 0"],
    [{ frameSkip: 1.5 }, "Pong-v0 option frameSkip must be a positive integer; got 1.5"],
    [{ repeatActionProbability: 1 }, "repeatActionProbability must be at least 0 and below 1; got 1"],
    [{ repeatActionProbability: -0.1 }, "repeatActionProbability must be at least 0 and below 1; got -0.1"],
    [{ nActions: 4 }, "Pong-v0 option nActions must be 2, 3 or 6; got 4"],
  ])("%j is refused", (options, sentence) => {
    expect(() => makeEnv("Pong-v0", options)).toThrow(ConfigError);
    expect(() => makeEnv("Pong-v0", options)).toThrow(sentence);
  });

  it("frameSkip: four steps of one frame are one of four", () => {
    const [slow, fast] = [makeEnv("Pong-v0", { frameSkip: 1 }), makeEnv("Pong-v0")];
    slow.reset({ seed: 1 });
    fast.reset({ seed: 1 });
    for (let t = 0; t < 100; t++) {
      for (let frame = 0; frame < 3; frame++) slow.step(t % 3);
      expect(slow.step(t % 3).observation).toEqual(fast.step(t % 3).observation);
    }
  });

  it("nActions: Atari's six mean the same moves", () => {
    const [six, three] = [makeEnv("Pong-v0", { nActions: 6 }), makeEnv("Pong-v0")];
    expect(six.actionSpace.maskSize).toBe(6);
    six.reset({ seed: 1 });
    three.reset({ seed: 1 });
    // NOOP, FIRE, RIGHT, LEFT, RIGHTFIRE, LEFTFIRE
    for (const [t, action] of [0, 1, 2, 3, 4, 5, 2, 2, 4, 4, 3, 5, 1, 0].entries()) {
      const observed = six.step(action).observation;
      expect(observed, `step ${t}`).toEqual(three.step([0, 0, 1, 2, 1, 2][action]).observation);
    }
  });

  it.each([
    [2, [-1, 1]],
    [3, [0, -1, 1]],
  ])("nActions: of %i, they move the paddle by %j", (nActions, directions) => {
    for (const [action, direction] of directions.entries()) {
      const env = makeEnv("Pong-v0", { nActions });
      env.reset({ seed: 1 });
      expect((env.step(action).observation as Float32Array)[0] * 82).toBeCloseTo(5 * direction, 5);
    }
  });

  it("nActions: of difference frames two, 0 up and 1 down", () => {
    for (const [action, direction] of [-1, 1].entries()) {
      const env = makeEnv("PongDifference-v0");
      expect(env.actionSpace).toEqual(new Discrete(2));
      env.reset({ seed: 1 });
      const picture = env.step(action).observation as Float32Array;
      // Every second row of the paddle's column: what has come, less what has gone.
      const column = Array.from({ length: 80 }, (_, row) => picture[80 * row + 70]);
      expect(Math.sign(column.indexOf(1) - column.indexOf(-1))).toBe(direction);
      expect(column.indexOf(-1)).not.toBe(-1);
    }
  });

  it("repeatActionProbability: in each frame the last move goes on that often", () => {
    const repeats = (probability: number) => {
      const env = new DynamicsEnv("Pong", pong({ frameSkip: 1, repeatActionProbability: probability }));
      env.reset({ seed: 2 });
      const random = Key.fromSeed(3).stream();
      let [kept, turned, before] = [0, 0, 0];
      for (let t = 0; t < 8000; t++) {
        const action = random.integer(3);
        const { terminated } = env.step(action);
        const move = gameOf(env)[game.LAST_MOVE];
        if ([0, -1, 1][action] !== before) {
          turned++;
          if (move === before) kept++;
          else expect(move).toBe([0, -1, 1][action]);
        }
        before = move;
        if (terminated) {
          env.reset({});
          before = 0;
        }
      }
      return { share: kept / turned, turned };
    };
    const { share, turned } = repeats(0.25);
    expect(Math.abs(share - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / turned));
    expect(repeats(0).share).toBe(0);
  });
});

it("a game is won with 21 points, and what was won and lost is the return", () => {
  const env = makeBatch("Pong-v0", 4);
  env.reset(KEY);
  const random = Key.fromSeed(1).stream();
  const returns = new Float64Array(4);
  const ended: number[] = [];
  for (let t = 0; t < 3000; t++) {
    env.step(Float32Array.from({ length: 4 }, () => random.integer(3)));
    for (let n = 0; n < 4; n++) {
      returns[n] += env.rewards[n];
      if (env.terminated[n] === 0) continue;
      expect(env.rewards[n]).toBe(returns[n] > 0 ? 1 : -1);
      ended.push(returns[n]);
      returns[n] = 0;
    }
  }
  expect(ended.length).toBeGreaterThan(12);
  // Who moves at random loses, and not every point.
  for (const total of ended) expect(total >= -21 && total < -5).toBe(true);
  expect(Math.max(...ended)).toBeGreaterThan(-21);
});

it.each(VIEWS)("%s goes on exactly from the middle of a rally, with sticky actions", (id, dynamics) => {
  const [one, other] = [0, 1].map(() => new DynamicsEnv(id, dynamics({ repeatActionProbability: 0.25, nActions: 3 })));
  const random = Key.fromSeed(1).stream();
  one.reset({ seed: 7 });
  for (let t = 0; t < 500 && gameOf(one)[game.HITS] === 0; t++) one.step(random.integer(3));
  expect(gameOf(one)[game.HITS]).toBe(1);
  other.restore(JSON.parse(JSON.stringify(one.state())));
  for (let t = 0; t < 150; t++) {
    const action = random.integer(3);
    const [expected, said] = [one, other].map((env) => env.step(action));
    expect({ ...said, observation: bits(said.observation) }).toEqual({
      ...expected,
      observation: bits(expected.observation),
    });
  }
  expect(other.state()).toEqual(one.state());
});

it.each(VIEWS)("%s can be set back while it is played: what a batch showed since is gone", (id) => {
  const env = makeBatch(id, 2, { nActions: 3 });
  const random = Key.fromSeed(1).stream();
  const actions = Array.from({ length: 80 }, () => Float32Array.of(random.integer(3), random.integer(3)));
  env.reset(KEY);
  for (let t = 0; t < 40; t++) env.step(actions[t]);
  const saved = env.state();
  const play = () =>
    actions.map((action) => {
      env.step(action);
      return bits(env.observations);
    });
  const first = play();
  env.restore(saved);
  expect(play().every((seen, t) => seen === first[t])).toBe(true);
});

describe("an opponent of one's own", () => {
  /** Follows the ball as well as three actions can. */
  const followOf = (observation: Float32Array, at: number) => {
    const above = observation[at + 5] * 78 - observation[at] * 82;
    return above > 4 ? 2 : above < -4 ? 1 : 0;
  };
  const following: PongOpponent = (observations, actions) => {
    for (let n = 0; n < actions.length; n++) actions[n] = followOf(observations, 9 * n);
  };

  it("plays the left side of the game of two players", () => {
    const against = new NativeBatch("Pong", pong({}, following), 3, Infinity);
    const both = new NativeBatch("PongTwoPlayers", pongTwoPlayers(), 3, Infinity);
    against.reset(KEY);
    both.reset(KEY);
    const random = Key.fromSeed(1).stream();
    let points = 0;
    for (let t = 0; t < 800; t++) {
      const actions = Float32Array.from({ length: 3 }, () => random.integer(3));
      const pairs = Float32Array.from({ length: 6 }, (_, i) =>
        i % 2 === 0 ? actions[i / 2] : followOf(both.observations, 9 * i),
      );
      against.step(actions);
      both.step(pairs);
      for (let n = 0; n < 3; n++) {
        expect(against.observations.subarray(9 * n, 9 * n + 9)).toEqual(both.observations.subarray(18 * n, 18 * n + 9));
      }
      expect([...against.rewards, ...against.terminated]).toEqual([...both.rewards, ...both.terminated]);
      points += Math.abs(against.rewards[0]);
    }
    expect(points).toBeGreaterThan(20);
  });

  it.each(VIEWS)("%s is asked with what is now to be seen, not with what was", (id, dynamics) => {
    const asked: string[] = [];
    const env = new DynamicsEnv(
      id,
      dynamics({ nActions: 3 }, (observations) => void asked.push(bits(observations))),
    );
    env.reset({ seed: 1 });
    const alone = new DynamicsEnv(
      id,
      dynamics({ nActions: 3 }, (observations) => void asked.push(bits(observations))),
    );
    for (let t = 0; t < 60; t++) {
      env.step(t % 3);
      // In another environment with the same state, whose opponent was never asked before, it is asked the same.
      if (t < 20) continue;
      alone.restore(env.state());
      env.step(0);
      alone.step(0);
      expect(asked.at(-1)).toBe(asked.at(-2));
    }
    expect(new Set(asked).size).toBeGreaterThan(40);
  });

  it("is called again with the same after a restore, and continues exactly", () => {
    const make = () => new NativeBatch("Pong", pong({}, following), 2, 500);
    const [one, other] = [make(), make()];
    const random = Key.fromSeed(1).stream();
    one.reset(KEY);
    for (let t = 0; t < 130; t++) one.step(Float32Array.of(random.integer(3), random.integer(3)));
    other.restore(JSON.parse(JSON.stringify(one.state())));
    for (let t = 0; t < 600; t++) {
      const actions = Float32Array.of(random.integer(3), random.integer(3));
      one.step(actions);
      other.step(actions);
      expect(other.observations).toEqual(one.observations);
    }
    expect(other.state()).toEqual(one.state());
  });

  it("plays alone as in a batch", () => {
    const env = new DynamicsEnv("Pong", pong({}, following));
    const { observation } = env.reset({ seed: 1 });
    expect(observation).toHaveLength(9);
    for (let t = 0; t < 50; t++) env.step(0);
    expect(gameOf(env)[game.LEFT_Y]).not.toBe(106);
  });

  it("may not do what does not exist", () => {
    const env = new NativeBatch(
      "Pong",
      pong({}, (_, actions) => actions.fill(3)),
      2,
      Infinity,
    );
    env.reset(KEY);
    expect(() => env.step(new Float32Array(2))).toThrow(RunError);
    expect(() => env.step(new Float32Array(2))).toThrow(
      /action 0 of the opponent in Pong must be an index from 0 to 2; got 3/,
    );
  });
});

it("PongTwoPlayers-v0 refuses actions that one of them does not have", () => {
  const env = makeBatch("PongTwoPlayers-v0", 2);
  env.reset(KEY);
  expect(() => env.step(Float32Array.of(0, 2, 3, 0))).toThrow(
    /action 2 for PongTwoPlayers-v0 must be an index from 0 to 2; got 3/,
  );
  expect(() => makeEnv("PongTwoPlayers-v0", { frameSkip: -1 })).toThrow(/frameSkip must be a positive integer/);
});
