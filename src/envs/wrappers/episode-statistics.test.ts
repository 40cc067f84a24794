import { describe, expect, it } from "vitest";
import { Key } from "../../random/index.ts";
import { Box, Discrete } from "../../spaces/index.ts";
import type { AnyEnv } from "../env.ts";
import { batch, episodeStatistics, normalizeReward, recordEpisodeStatistics, rewardScale } from "../index.ts";

/** Episodes of `length` steps; the reward of each is its number, 1 … length. */
function counting(length: number): AnyEnv {
  let at = 0;
  return {
    observationSpace: new Box(0, 99),
    actionSpace: new Discrete(2),
    reset: () => {
      at = 0;
      return { observation: [0], info: {} };
    },
    step: () => {
      at++;
      return { observation: [at], reward: at, terminated: at === length, truncated: false, info: {} };
    },
  };
}

const KEY = Key.fromSeed(1);

describe("episodeStatistics", () => {
  it("collects the completed episodes in order", () => {
    const env = episodeStatistics(batch((n) => counting(n + 2), 2));
    env.reset(KEY);
    for (let t = 0; t < 6; t++) env.step(new Float32Array(2));
    const two = { return: 3, length: 2 };
    const three = { return: 6, length: 3 };
    expect(env.takeCompleted()).toEqual([two, three, two, two, three]);
    expect(env.takeCompleted()).toEqual([]);
    expect(env.completedEpisodes).toBe(5);
    env.step(new Float32Array(2));
    env.reset(KEY);
    expect(env.completedEpisodes).toBe(0);
    env.step(new Float32Array(2));
    env.step(new Float32Array(2));
    expect(env.takeCompleted()).toEqual([two]);
  });

  it("counts raw rewards, on either side of normalizeReward", () => {
    const outside = episodeStatistics(normalizeReward(batch(() => counting(3), 1)));
    const inside = episodeStatistics(batch(() => counting(3), 1));
    const around = normalizeReward(inside);
    outside.reset(KEY);
    around.reset(KEY);
    for (let t = 0; t < 3; t++) {
      outside.step(new Float32Array(1));
      around.step(new Float32Array(1));
    }
    expect(outside.takeCompleted()).toEqual([{ return: 6, length: 3 }]);
    expect(inside.takeCompleted()).toEqual([{ return: 6, length: 3 }]);
  });

  it("believes recordEpisodeStatistics about rewards that a wrapper scaled", () => {
    const scaled = episodeStatistics(batch(() => rewardScale(recordEpisodeStatistics(counting(3)), 0.01), 1));
    const unrecorded = episodeStatistics(batch(() => rewardScale(counting(3), 2), 1));
    for (const env of [scaled, unrecorded]) {
      env.reset(KEY);
      for (let t = 0; t < 3; t++) env.step(new Float32Array(1));
    }
    expect(scaled.takeCompleted()).toEqual([{ return: 6, length: 3 }]);
    expect(unrecorded.takeCompleted()).toEqual([{ return: 12, length: 3 }]);
  });

  it("has room for many episodes that nobody takes", () => {
    const env = episodeStatistics(batch(() => counting(1), 10));
    env.reset(KEY);
    for (let t = 0; t < 50; t++) env.step(new Float32Array(10));
    expect(env.takeCompleted()).toEqual(new Array(500).fill({ return: 1, length: 1 }));
  });
});
