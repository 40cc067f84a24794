import { describe, expect, it } from "vitest";
import { ConfigError } from "../../errors.ts";
import { Key } from "../../random/index.ts";
import { Box, Dict, Discrete, MultiBinary } from "../../spaces/index.ts";
import { DynamicsEnv } from "../dynamics-env.ts";
import {
  type AnyEnv,
  batch,
  bitFlipping,
  type GoalObservation,
  goalLayout,
  makeBatch,
  makeEnv,
  normalizeObservation,
  normalizeReward,
  pointReach,
  rewardScale,
} from "../index.ts";

describe("bit flipping", () => {
  it("flips the bit that is named, costs 1 a step, and ends at the goal", () => {
    const env = makeEnv("BitFlipping-v0");
    const start = env.reset({ seed: 3 }).observation as GoalObservation;
    expect(start.achievedGoal).toEqual(start.observation);
    const wrong = Array.from(start.desiredGoal, (bit, i) => (bit === start.observation[i] ? -1 : i)).filter(
      (i) => i >= 0,
    );
    expect(wrong.length).toBeGreaterThan(1);
    const results = wrong.map((bit) => env.step(bit));
    expect(results.map(({ reward }) => reward)).toEqual(wrong.map((_, i) => (i === wrong.length - 1 ? 0 : -1)));
    expect(results.map(({ terminated }) => terminated)).toEqual(wrong.map((_, i) => i === wrong.length - 1));
    expect((results[0]!.observation as GoalObservation).observation[wrong[0]!]).toBe(1 - start.observation[wrong[0]!]!);
    expect((results.at(-1)!.observation as GoalObservation).achievedGoal).toEqual(start.desiredGoal);
  });

  it("has as many steps as bits", () => {
    const env = makeBatch("BitFlipping8-v0", 1);
    env.reset(Key.fromSeed(1));
    const flips = Array.from({ length: 8 }, () => {
      env.step(Float32Array.of(0));
      return env.truncated[0];
    });
    expect(flips).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
    // Flipped eight times, the bit is what it was.
    expect(env.finalObservations.slice(0, 8)).toEqual(env.finalObservations.slice(8, 16));
  });

  it("never starts at the goal: of one bit every start is the other one", () => {
    const env = new DynamicsEnv("one bit", bitFlipping({ bits: 1 }));
    for (let seed = 0; seed < 20; seed++) {
      const { observation, desiredGoal } = env.reset({ seed }).observation as GoalObservation;
      expect(observation[0]).not.toBe(desiredGoal[0]);
      expect(env.step(0)).toMatchObject({ reward: 0, terminated: true });
    }
  });

  it.each([0, 2.5, 1001])("refuses %d bits", (bits) => {
    expect(() => bitFlipping({ bits })).toThrow(/option bits must be an integer from 1 to 1000/);
  });
});

describe("point reach", () => {
  it("moves by the stride at most, stays in its square, and costs 1 unless it is there", () => {
    const env = makeEnv("PointReach-v0");
    let { observation, achievedGoal, desiredGoal } = env.reset({ seed: 1 }).observation as GoalObservation;
    for (let t = 0; t < 50; t++) {
      const before = observation;
      const action = [0, 1].map((axis) => 10 * (desiredGoal[axis]! - before[axis]!));
      const result = env.step(action);
      ({ observation, achievedGoal, desiredGoal } = result.observation as GoalObservation);
      for (const axis of [0, 1]) {
        const way = Math.min(Math.max(action[axis]!, -1), 1) * 0.1;
        expect(observation[axis]).toBeCloseTo(before[axis]! + way, 6);
      }
      const distance = Math.sqrt((observation[0]! - desiredGoal[0]!) ** 2 + (observation[1]! - desiredGoal[1]!) ** 2);
      expect(result).toMatchObject({ reward: distance <= 0.05 ? 0 : -1, terminated: false, truncated: t === 49 });
      expect(achievedGoal).toEqual(observation);
      if (t === 49) expect(distance).toBeLessThan(1e-6);
    }
    for (let t = 0; t < 30; t++) observation = (env.step([-5, 1]).observation as GoalObservation).observation;
    expect([...(observation as Float32Array)]).toEqual([-1, 1]);
  });

  it("refuses a tolerance or a stride that is not positive", () => {
    expect(() => pointReach({ tolerance: 0 })).toThrow(/option tolerance must be a positive number/);
    expect(() => pointReach({ stride: -1 })).toThrow(ConfigError);
  });
});

describe("rules of goals", () => {
  const make = () => makeEnv("PointReach-v0");

  it("are known to batches of both kinds", () => {
    for (const env of [batch(make, 2), makeBatch("PointReach-v0", 2)]) {
      expect(env.goals?.computeReward([0, 0], [0.03, 0.039])).toBe(0);
      expect(env.goals?.computeReward([0, 0], [0.03, 0.041])).toBe(-1);
    }
    expect(makeBatch("Pendulum-v1", 1).goals).toBeUndefined();
  });

  it("are hidden by a wrapper that changes what is observed or rewarded", () => {
    expect(normalizeObservation(batch(make, 2)).goals).toBeUndefined();
    expect(normalizeReward(batch(make, 2)).goals).toBeUndefined();
    expect(rewardScale(make(), 2).goals).toBeUndefined();
  });

  it("come with a Dict of an observation and two goals alike, whose places follow its order", () => {
    const [goal, other] = [new Box(-1, 1, [2]), new Box(-1, 1, [3])];
    const layout = (spaces: object) => goalLayout(new Dict({ ...spaces }));
    expect(layout({ desiredGoal: goal, observation: new Discrete(4), achievedGoal: goal })).toEqual({
      size: 2,
      desired: 0,
      achieved: 6,
    });
    expect(goalLayout(bitFlipping().observationSpace)).toEqual({ size: 15, achieved: 15, desired: 30 });
    expect(() => layout({ desiredGoal: goal, observation: goal, achievedGoal: other })).toThrow(
      /both goals from the same/,
    );
    expect(() => goalLayout(new MultiBinary(3))).toThrow(ConfigError);
    const lost = () => ({ ...makeEnv("CartPole-v1"), goals: make().goals }) as AnyEnv;
    expect(() => batch(lost, 1)).toThrow(/^observationSpace of a task with goals must be a Dict with observation/);
  });
});
