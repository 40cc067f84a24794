import { describe, expect, it } from "vitest";
import { play } from "../../../test/support/play.ts";
import { Key } from "../../random/index.ts";
import { makeEnv, NativeBatch, stayOrStop } from "../index.ts";

it("left or right: +1 for left, −1 for right, and that is all", () => {
  expect(play("LeftRight-v0", () => 0)).toMatchObject({ rewards: [1], terminated: true, observations: [0, 1] });
  expect(play("LeftRight-v0", () => 1)).toMatchObject({ rewards: [-1], terminated: true, observations: [0, 2] });
});

describe("threshold", () => {
  const reward = (id: string, action: number, options = {}) => play(makeEnv(id, options), [[action]]).rewards[0];

  it.each([
    [0, -1],
    [0.49, -1],
    [0.5, -1],
    [0.51, 1],
    [1, 1],
    [-3, -1],
    [7, 1],
  ])("%d gives %d", (action, expected) => {
    expect(reward("Threshold-v0", action)).toBe(expected);
  });

  it("rises smoothly in the other form: tanh(k (a − ½))", () => {
    expect(reward("SmoothThreshold-v0", 0.5)).toBe(0);
    expect(reward("SmoothThreshold-v0", 0.75)).toBeCloseTo(0.9866142981514303, 15);
    expect(reward("SmoothThreshold-v0", 0.25)).toBeCloseTo(-0.9866142981514303, 15);
    expect(reward("SmoothThreshold-v0", 0.75, { steepness: 1 })).toBeCloseTo(0.24491866240370913, 15);
    // Beyond its bounds the action is clipped.
    expect(reward("SmoothThreshold-v0", 9)).toBe(reward("SmoothThreshold-v0", 1));
    // The slope at ½ is the steepness.
    const step = 1 / 4096;
    const slope = (reward("SmoothThreshold-v0", 0.5 + step)! - reward("SmoothThreshold-v0", 0.5 - step)!) / (2 * step);
    expect(slope).toBeCloseTo(10, 3);
  });

  it("becomes the step as the steepness grows", () => {
    for (const action of [0.25, 0.49, 0.51, 0.75]) {
      expect(reward("SmoothThreshold-v0", action, { steepness: 1e4 })).toBeCloseTo(reward("Threshold-v0", action)!, 10);
    }
    expect(() => makeEnv("SmoothThreshold-v0", { steepness: 0 })).toThrow(/steepness must be a number above 0; got 0/);
  });
});

describe("stay or stop", () => {
  it("has the table of its closed forms", () => {
    const { states, actions, initial, outcomes } = stayOrStop().model;
    expect([states, actions, Array.from(initial)]).toEqual([2, 2, [1, 0]]);
    expect(outcomes(0, 0)).toEqual([{ probability: 1, state: 0, reward: 1, terminated: false }]);
    expect(outcomes(0, 1)).toEqual([{ probability: 1, state: 1, reward: 0, terminated: true }]);
  });

  it.each([0.3, 0.5])("gives θ/(1 − θ) on average to who stays with probability θ = %d", (theta) => {
    const count = 20_000;
    const env = new NativeBatch("StayOrStop", stayOrStop(), count, Infinity);
    env.reset(Key.fromSeed(1));
    const random = Key.fromSeed(2).stream();
    const returns = new Float64Array(count);
    const over = new Uint8Array(count);
    while (over.includes(0)) {
      env.step(Float32Array.from({ length: count }, () => +(random.uniform() >= theta)));
      for (let n = 0; n < count; n++) {
        if (!over[n]) returns[n]! += env.rewards[n]!;
        over[n]! |= env.terminated[n]!;
      }
    }
    const mean = returns.reduce((sum, value) => sum + value, 0) / count;
    const deviation = Math.sqrt(theta) / (1 - theta);
    expect(Math.abs(mean - theta / (1 - theta))).toBeLessThan((4 * deviation) / Math.sqrt(count));
  });
});
