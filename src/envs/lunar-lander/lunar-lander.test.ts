import { beforeAll, describe, expect, it } from "vitest";
import digestLander from "../../../test/support/digest-lander.ts";
import { FLIGHTS } from "../../../test/support/lander-flights.ts";
import { continuousPilot, discretePilot } from "../../../test/support/lander-pilot.ts";
import { ConfigError, EnvironmentError } from "../../errors.ts";
import { Key } from "../../random/index.ts";
import { type AnyEnv, envIds, envSpec, type Json, loadEnv, makeEnv } from "../index.ts";
import { LANDERS } from "./descriptions.ts";

const IDS = Object.keys(LANDERS);
const [DISCRETE, CONTINUOUS, WIND] = IDS as [string, string, string];
beforeAll(() => loadEnv(DISCRETE));

type Pilot = (observation: Float32Array) => unknown;

interface Flown {
  observations: Float32Array[];
  actions: unknown[];
  rewards: number[];
  terminated: boolean;
  truncated: boolean;
}

function fly(env: AnyEnv, seed: number, pilot: Pilot): Flown {
  let observation = env.reset({ seed }).observation as Float32Array;
  const [observations, actions, rewards]: [Float32Array[], unknown[], number[]] = [[observation], [], []];
  for (;;) {
    const action = pilot(observation);
    const { reward, terminated, truncated, ...next } = env.step(action);
    observation = next.observation as Float32Array;
    observations.push(observation);
    actions.push(action);
    rewards.push(reward);
    if (terminated || truncated) return { observations, actions, rewards, terminated, truncated };
  }
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const meanReturn = (id: string, episodes: number, pilot: (env: AnyEnv) => Pilot, first = 0) => {
  const env = makeEnv(id);
  return sum(Array.from({ length: episodes }, (_, i) => sum(fly(env, first + i, pilot(env)).rewards))) / episodes;
};
const atRandom = (env: AnyEnv): Pilot => {
  const random = Key.fromSeed(5).stream();
  return () => env.actionSpace.sample(random);
};

describe("LunarLander", () => {
  it("has Gymnasium's spaces, time limit and threshold", () => {
    expect(IDS).toEqual([
      ...["LunarLander-v3", "LunarLanderContinuous-v3"],
      ...["LunarLanderWind-v3", "LunarLanderContinuousWind-v3"],
    ]);
    expect(envIds()).toEqual(expect.arrayContaining(IDS));
    for (const id of IDS) {
      expect(envSpec(id)).toMatchObject({ maxEpisodeSteps: 1000, rewardThreshold: 200 });
      const { observationSpace, actionSpace } = JSON.parse(JSON.stringify(makeEnv(id)));
      const turn = Math.fround(2 * Math.PI);
      expect(observationSpace).toMatchObject({ high: [2.5, 2.5, 10, 10, turn, 10, 1, 1] });
      expect(observationSpace).toMatchObject({ low: [-2.5, -2.5, -10, -10, -turn, -10, 0, 0] });
      const expected = id.includes("Continuous") ? { kind: "box", low: -1, high: 1, shape: [2] } : { n: 4 };
      expect(actionSpace).toMatchObject(expected);
    }
  });

  it("begins at the middle of the upper edge, after one step of the push", () => {
    const pushes = Array.from(
      { length: 200 },
      (_, seed) => makeEnv(DISCRETE).reset({ seed }).observation as Float32Array,
    );
    // 13.33 − (3.33 + 0.6) m of 6.67 m; a push of at most 1000 N over 0.02 s moves 4.8 kg by less than 0.1 m.
    for (const [x, y, , , , , right, left] of pushes) {
      expect(Math.abs(x!)).toBeLessThan(0.01);
      expect(Math.abs(y! - 1.41)).toBeLessThan(0.02);
      expect([right, left]).toEqual([0, 0]);
    }
    // Uniform on ±1000 N: ẋ is ±0.83 (in 5 m/s) at most, and 1/√3 of that on average.
    const speeds = pushes.map(([, , vx]) => vx!);
    expect(Math.max(...speeds.map(Math.abs))).toBeLessThan(0.84);
    const deviation = Math.sqrt(sum(speeds.map((v) => v * v)) / speeds.length);
    expect(deviation).toBeGreaterThan(0.4);
    expect(deviation).toBeLessThan(0.56);
  });

  it("rewards the gain in shaping, less the fuel", () => {
    const shaping = ([x, y, vx, vy, angle, , right, left]: Float32Array) =>
      -100 * (Math.hypot(x!, y!) + Math.hypot(vx!, vy!) + Math.abs(angle!)) + 10 * (right! + left!);
    const fuel = (action: unknown) => {
      if (typeof action === "number") return [0, 0.03, 0.3, 0.03][action]!;
      const [main, side] = action as Float32Array;
      return (main! > 0 ? 0.15 * (1 + main!) : 0) + (Math.abs(side!) > 0.5 ? 0.03 * Math.abs(side!) : 0);
    };
    const largestError = (id: string, costOf: (action: unknown) => number) => {
      const pilot = id === DISCRETE ? discretePilot : continuousPilot;
      const { observations, actions, rewards } = fly(makeEnv(id), 3, pilot);
      const errors = rewards
        .slice(0, -1)
        .map((reward, t) => reward + costOf(actions[t]) - shaping(observations[t + 1]!) + shaping(observations[t]!));
      return Math.max(...errors.map(Math.abs));
    };
    // What is observed is rounded to float32.
    for (const id of [DISCRETE, CONTINUOUS]) {
      expect(largestError(id, fuel)).toBeLessThan(1e-4);
      expect(largestError(id, () => 0)).toBeGreaterThan(0.02);
    }
  });

  it("lands with Gymnasium's pilot: more than 200 on average, 100 at rest", () => {
    expect(meanReturn(DISCRETE, 20, () => discretePilot)).toBeGreaterThan(200);
    expect(meanReturn(CONTINUOUS, 20, () => continuousPilot)).toBeGreaterThan(200);
    const { rewards, observations, terminated, truncated } = fly(makeEnv(CONTINUOUS), 3, continuousPilot);
    expect([rewards.at(-1), terminated, truncated]).toEqual([100, true, false]);
    // Asleep: on both legs, upright, between the flags, and for half a second so slow that it counts as resting.
    const [x, , vx, vy, angle, , right, left] = observations.at(-1)!;
    expect([right, left]).toEqual([1, 1]);
    expect(Math.abs(x!)).toBeLessThan(0.2);
    expect(Math.max(...[vx!, vy!, angle!].map(Math.abs))).toBeLessThan(0.05);
    for (const [, , , v] of observations.slice(-25)) expect(Math.abs(v!)).toBeLessThan(0.01);
  });

  it("crashes at random, as Gymnasium's does: −180 on average", () => {
    const mean = meanReturn(DISCRETE, 100, atRandom);
    expect(Math.abs(mean + 180)).toBeLessThan(40);
  });

  it("ends with −100 where the hull touches the ground, and where it leaves the picture sideways", () => {
    const ends = Array.from({ length: 10 }, (_, seed) => fly(makeEnv(DISCRETE), seed, () => 0));
    for (const { rewards, terminated } of ends) expect([rewards.at(-1), terminated]).toEqual([-100, true]);
    expect(ends.some(({ observations }) => observations.at(-1)![1]! < 0.5)).toBe(true);
    // Leaning to the left, with the main engine on.
    const aside = fly(makeEnv(DISCRETE), 1, ([, , , , angle, spin]) => (angle! + spin! < 0.5 ? 1 : 2));
    expect(aside.rewards.at(-1)).toBe(-100);
    expect(aside.observations.at(-1)![0]).toBeLessThanOrEqual(-1);
    expect(aside.observations.at(-2)![0]).toBeGreaterThan(-1);
  });

  it("is cut off after 1000 steps where it stays in the air", () => {
    const hover: Pilot = (observation) =>
      continuousPilot(observation.map((value, i) => (i === 1 ? value - 0.8 : value)));
    const { rewards, terminated, truncated } = fly(makeEnv(CONTINUOUS), 3, hover);
    expect([rewards.length, terminated, truncated]).toEqual([1000, false, true]);
    expect(Math.abs(rewards.at(-1)!)).toBeLessThan(5);
  });

  it("turns to the left with the left engine and back with the right one", () => {
    const env = makeEnv(CONTINUOUS);
    const spinAfter = (...actions: [main: number, side: number][]) => {
      let spin = (env.reset({ seed: 2 }).observation as Float32Array)[5]!;
      for (const action of actions) spin = (env.step(Float32Array.from(action)).observation as Float32Array)[5]!;
      return spin;
    };
    const without = spinAfter([-1, 0]);
    expect(spinAfter([-1, 0.5])).toBe(without);
    expect(spinAfter([0, -0.5])).toBe(without);
    const [left, right] = [spinAfter([-1, -1]) - without, spinAfter([-1, 1]) - without];
    expect(left).toBeGreaterThan(0.01);
    expect(right).toBeLessThan(-0.01);
    const half = spinAfter([-1, -0.51]) - without;
    expect(half / left).toBeCloseTo(0.51, 1);
  });

  it("is blown about in the wind", () => {
    // Both fly by the same random numbers until the wind begins to matter.
    const drift = (options: Record<string, Json>) => {
      const env = makeEnv(WIND, options);
      const first = (env.reset({ seed: 4 }).observation as Float32Array)[2]!;
      return (env.step(0).observation as Float32Array)[2]! - first;
    };
    expect(Math.abs(drift({ windPower: 0, turbulencePower: 0 }))).toBeLessThan(0.002);
    expect(Math.abs(drift({ windPower: 20, turbulencePower: 0 }))).toBeGreaterThan(0.005);
    expect(Math.abs(drift({ enableWind: false }))).toBeLessThan(0.002);
    expect(drift({ windPower: 20, turbulencePower: 0 }) / drift({ windPower: 10, turbulencePower: 0 })).toBeGreaterThan(
      1.5,
    );
    expect(meanReturn(WIND, 20, () => discretePilot)).toBeLessThan(meanReturn(DISCRETE, 20, () => discretePilot) - 50);
  });

  it("takes another gravity, and refuses what is none", () => {
    const falls = (gravity: number) => {
      const env = makeEnv(DISCRETE, { gravity });
      const first = (env.reset({ seed: 1 }).observation as Float32Array)[3]!;
      for (let t = 0; t < 20; t++) env.step(0);
      return (env.step(0).observation as Float32Array)[3]! - first;
    };
    expect(falls(-5) / falls(-10)).toBeCloseTo(0.5, 1);
    for (const gravity of [0, -12, 9.81]) {
      expect(() => makeEnv(DISCRETE, { gravity })).toThrow(/option gravity must be a number between -12 and 0; got/);
    }
    expect(() => makeEnv(WIND, { windPower: -1 })).toThrow(ConfigError);
    expect(() => makeEnv(WIND, { turbulencePower: "much" })).toThrow(/turbulencePower must be a finite number/);
  });

  it("refuses steps outside an episode and actions that do not exist", () => {
    const env = makeEnv(DISCRETE);
    expect(() => env.step(0)).toThrow(/LunarLander-v3 must be reset before it is stepped/);
    env.reset({ seed: 1 });
    expect(() => env.step(4)).toThrow(EnvironmentError);
    const continuous = makeEnv(CONTINUOUS);
    continuous.reset({ seed: 1 });
    expect(() => continuous.step(Float32Array.of(1))).toThrow(EnvironmentError);
    expect(() => continuous.step(Float32Array.of(5, -7))).not.toThrow();
  });

  it("gives the same bits as ever", () => {
    expect(digestLander({ seed: 1 })).toEqual(FLIGHTS);
  });
});
