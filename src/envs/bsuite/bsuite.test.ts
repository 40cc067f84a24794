import { describe, expect, it } from "vitest";
import { play } from "../../../test/support/play.ts";
import { Key } from "../../random/index.ts";
import { makeEnv } from "../index.ts";

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const rows = (observations: readonly unknown[]) => observations.map((row) => Array.from(row as ArrayLike<number>));

describe("deep sea", () => {
  const size = 12;
  const { outcomes, states } = makeEnv("DeepSea12-v0").model!;
  /** The action that goes right, found by looking for the one that costs something. */
  const rightIn = (state: number) => [0, 1].findIndex((action) => outcomes(state, action)[0]!.reward !== 0);

  it("gives 0.99 to the one way that always goes right, in as many steps as it is deep", () => {
    const { rewards, observations, terminated } = play("DeepSea12-v0", (_t, state) => rightIn(state as number));
    expect(rewards).toHaveLength(size);
    expect(rewards.slice(0, -1)).toEqual(new Array(size - 1).fill(-0.01 / size));
    expect(rewards.at(-1)).toBe(1 - 0.01 / size);
    expect(sum(rewards)).toBeCloseTo(0.99, 14);
    expect(observations.slice(0, 4)).toEqual([0, 13, 26, 39]);
    expect(observations.at(-1)).toBe(states - 1);
    expect(terminated).toBe(true);
  });

  it("gives no treasure for one step to the left, whenever it is taken", () => {
    for (let wrong = 0; wrong < size; wrong++) {
      const { rewards } = play("DeepSea12-v0", (t, state) =>
        t === wrong ? 1 - rightIn(state as number) : rightIn(state as number),
      );
      expect(sum(rewards)).toBeCloseTo((-0.01 * (size - 1)) / size, 14);
    }
  });

  it("is hardly ever found by chance: about 1 episode in 2¹²", () => {
    const env = makeEnv("DeepSea12-v0");
    const random = Key.fromSeed(1).stream();
    let found = 0;
    for (let episode = 0; episode < 2000; episode++) {
      found += +(sum(play(env, () => random.integer(2)).rewards) > 0.5);
    }
    expect(found).toBeLessThanOrEqual(4);
  });

  it("goes right by other actions in other cells and for other seeds", () => {
    const mapping = (mappingSeed: number) => {
      const { outcomes: of } = makeEnv("DeepSea12-v0", { mappingSeed }).model!;
      return Array.from({ length: size * size }, (_, state) => +(of(state, 1)[0]!.reward !== 0));
    };
    const first = mapping(0);
    expect(sum(first)).toBeGreaterThan(50);
    expect(sum(first)).toBeLessThan(94);
    expect(mapping(0)).toEqual(first);
    expect(mapping(1)).not.toEqual(first);
  });

  it.each([
    [{ size: 1 }, /option size must be an integer from 2 to 200; got 1/],
    [{ mappingSeed: -1 }, /option mappingSeed must be an integer of at least 0; got -1/],
  ])("refuses %j", (options, message) => {
    expect(() => makeEnv("DeepSea10-v0", options)).toThrow(message);
  });
});

describe("umbrella", () => {
  it("pays at the end for what was taken at the start, and by chance in between", () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      for (const taken of [0, 1]) {
        // Every later action says the opposite, and must not count.
        const { observations, rewards, terminated } = play("Umbrella-v0", (t) => (t === 0 ? taken : 1 - taken), seed);
        const seen = rows(observations);
        const [needed] = seen[0]!;
        expect(rewards).toHaveLength(20);
        expect(terminated).toBe(true);
        expect(rewards.at(-1)).toBe(needed === taken ? 1 : -1);
        expect(new Set(rewards.slice(0, -1))).toEqual(new Set([-1, 1]));
        expect(seen.slice(1).map((row) => row.slice(0, 2))).toEqual(new Array(20).fill([needed, taken]));
        expect(seen.map((row) => row[2])).toEqual(seen.map((_, t) => Math.fround(1 - t / 20)));
      }
    }
  });

  it("has distracting bits that are fair coins, anew in every step", () => {
    const { observations } = play(makeEnv("Umbrella-v0", { chainLength: 500 }), () => 0);
    const bits = rows(observations).flatMap((row) => row.slice(3));
    expect(bits).toHaveLength(501 * 20);
    expect(new Set(bits)).toEqual(new Set([0, 1]));
    expect(Math.abs(sum(bits) / bits.length - 0.5)).toBeLessThan(0.02);
  });

  it("takes other lengths and numbers of bits, within reason", () => {
    const env = makeEnv("Umbrella-v0", { chainLength: 3, distractors: 0 });
    expect(env.observationSpace.flatSize).toBe(3);
    expect(play(env, () => 0).rewards).toHaveLength(3);
    expect(() => makeEnv("Umbrella-v0", { chainLength: 0 })).toThrow(/chainLength must be an integer from 1 to 10000/);
    expect(() => makeEnv("Umbrella-v0", { distractors: 0.5 })).toThrow(
      /distractors must be an integer from 0 to 10000/,
    );
  });
});

describe("discounting chain", () => {
  it.each([1, 3, 10, 30, 100].map((wait, choice) => [choice, wait]))(
    "choice %d pays once, in step %d",
    (choice, wait) => {
      const { rewards, observations, terminated } = play("DiscountingChain-v0", (t) =>
        t === 0 ? choice : (t + choice) % 5,
      );
      expect(rewards).toHaveLength(100);
      expect(terminated).toBe(true);
      expect(rewards.flatMap((reward, t) => (reward === 0 ? [] : [[t + 1, reward]]))).toEqual([
        [wait, choice === 4 ? 1.1 : 1],
      ]);
      expect(rows(observations)[0]).toEqual([-1, 0]);
      expect(rows(observations)[50]).toEqual([choice, 0.5]);
    },
  );

  it("pays more where it is said to", () => {
    expect(sum(play(makeEnv("DiscountingChain-v0", { best: 1 }), () => 1).rewards)).toBe(1.1);
    expect(sum(play(makeEnv("DiscountingChain-v0", { best: 1 }), () => 4).rewards)).toBe(1);
    expect(() => makeEnv("DiscountingChain-v0", { best: 5 })).toThrow(
      /option best must be an integer from 0 to 4; got 5/,
    );
  });
});

describe("catch", () => {
  const cell = (board: number[], row: number) => board.slice(5 * row, 5 * row + 5).indexOf(1);

  it("rewards being under the ball after nine steps, and nothing before", () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const chase = (t: number, observation: unknown) => {
        const board = Array.from(observation as ArrayLike<number>);
        return 1 + Math.sign(cell(board, t) - cell(board, 9));
      };
      const flee = (t: number, observation: unknown) =>
        cell(Array.from(observation as ArrayLike<number>), t) < 2 ? 2 : 0;
      expect(play("Catch-v0", chase, seed).rewards).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1]);
      expect(play("Catch-v0", flee, seed).rewards).toEqual([0, 0, 0, 0, 0, 0, 0, 0, -1]);
    }
  });

  it("shows ball and paddle on the board, and keeps the paddle inside", () => {
    const { observations } = play("Catch-v0", new Array(8).fill(0), 1);
    const boards = rows(observations);
    expect(boards.map((board, t) => cell(board, t))).toEqual(new Array(9).fill(cell(boards[0]!, 0)));
    expect(boards.map((board) => cell(board, 9))).toEqual([2, 1, 0, 0, 0, 0, 0, 0, 0]);
    expect(boards.map(sum)).toEqual(new Array(9).fill(2));
    expect(makeEnv("Catch-v0").observationSpace.shape).toEqual([10, 5]);
  });

  it("drops the ball in every column", () => {
    const env = makeEnv("Catch-v0");
    const columns = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      columns.add(Array.from(env.reset({ seed }).observation as ArrayLike<number>).indexOf(1));
    }
    expect([...columns].sort()).toEqual([0, 1, 2, 3, 4]);
  });
});

describe("the T-maze", () => {
  const [UP, RIGHT, DOWN, LEFT] = [0, 1, 2, 3];
  const signOf = (seed: number) => Array.from(makeEnv("TMaze-v0").reset({ seed }).observation as ArrayLike<number>);
  const [seedUp, seedDown] = [1, 0].map((bit) => [1, 2, 3, 4, 5, 6].find((seed) => signOf(seed)[2] === bit)!);
  const walk = new Array(10).fill(RIGHT);

  it.each([
    ["up", seedUp, UP, 4],
    ["up", seedUp, DOWN, -0.1],
    ["down", seedDown, DOWN, 4],
    ["down", seedDown, UP, -0.1],
  ])("sign %s (seed %d), turn %d: reward %d", (sign, seed, turn, reward) => {
    const { observations, rewards, terminated } = play("TMaze-v0", [...walk, turn], seed);
    const corridor = new Array(9).fill([1, 0, 1]);
    const shown = sign === "up" ? [0, 1, 1] : [1, 1, 0];
    expect(rows(observations).slice(0, 11)).toEqual([shown, ...corridor, [0, 1, 0]]);
    expect(rewards).toEqual([...new Array(10).fill(0), reward]);
    expect(terminated).toBe(true);
  });

  it("costs a tenth to walk into a wall, and shows the sign again to who comes back", () => {
    const actions = [LEFT, UP, DOWN, RIGHT, UP, LEFT, ...walk, RIGHT, LEFT];
    const { observations, rewards, terminated } = play("TMaze-v0", actions, seedUp);
    expect(rewards).toEqual([-0.1, -0.1, -0.1, 0, -0.1, 0, ...new Array(10).fill(0), -0.1, 0]);
    expect(rows(observations)[6]).toEqual([0, 1, 1]);
    expect(terminated).toBe(false);
  });

  it("looks the same at the junction whatever the sign was: without memory 1.95 is the best mean", () => {
    const at = (seed: number) => rows(play("TMaze-v0", walk, seed).observations).at(-1);
    expect(at(seedUp)).toEqual(at(seedDown));
    const always = [UP, UP].map((turn, i) => sum(play("TMaze-v0", [...walk, turn], [seedUp, seedDown][i]).rewards));
    expect(sum(always) / 2).toBeCloseTo(1.95, 14);
  });

  it("takes other lengths", () => {
    expect(sum(play(makeEnv("TMaze-v0", { corridorLength: 1 }), [RIGHT, UP], seedUp).rewards)).toBe(4);
    expect(() => makeEnv("TMaze-v0", { corridorLength: 0 })).toThrow(/corridorLength must be an integer from 1 to 100/);
  });
});
