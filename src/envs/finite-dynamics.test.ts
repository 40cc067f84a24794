import { describe, expect, it } from "vitest";
import { Key, Streams } from "../random/index.ts";
import { Discrete } from "../spaces/index.ts";
import { DynamicsEnv } from "./dynamics-env.ts";
import type { AnyEnv, Env, Json } from "./env.ts";
import { type FiniteMdp, uniformOver } from "./finite-mdp.ts";
import { batch, finiteDynamics, frameStack, NativeBatch, rewardClip, rewardScale, timeLimit } from "./index.ts";
import { packArray } from "./packing.ts";
import { episodeStatistics } from "./wrappers/episode-statistics.ts";
import { normalizeObservation } from "./wrappers/normalize-observation.ts";
import { normalizeReward } from "./wrappers/normalize-reward.ts";

/** Three states; action 0 is a lottery, action 1 goes on for certain, and state 2 ends. */
const LOTTERY: FiniteMdp = {
  states: 3,
  actions: 2,
  initial: [0.25, 0.75, 0],
  outcomes(state, action) {
    if (state === 2 || action === 1) return [{ probability: 1, state: 2, reward: 5, terminated: true }];
    return [
      { probability: 0.1, state: 0, reward: -1, terminated: false },
      { probability: 0.2, state: 1, reward: 2, terminated: false },
      { probability: 0.7, state: 2, reward: 3, terminated: true },
    ];
  },
};

const dynamics = () => finiteDynamics(LOTTERY, () => undefined);
const plain = () => new DynamicsEnv("Lottery", dynamics());
const native = (count: number) => new NativeBatch("Lottery", dynamics(), count, 5);
const KEY = Key.fromSeed(11);

it("draws starts and outcomes with their probabilities", () => {
  const count = 20_000;
  const env = native(count);
  env.reset(KEY);
  const share = (happens: (n: number) => boolean) =>
    Array.from({ length: count }, (_, n) => Number(happens(n))).reduce((a, b) => a + b) / count;
  // Four standard errors of a share of 20 000 are at most 0.014.
  const starts = env.observationIndices!;
  expect(Math.abs(share((n) => starts[n] === 0) - 0.25)).toBeLessThan(0.014);
  expect(share((n) => starts[n] === 2)).toBe(0);
  env.step(new Float32Array(count));
  const { rewards, terminated } = env;
  for (const [reward, probability] of [
    [-1, 0.1],
    [2, 0.2],
    [3, 0.7],
  ] as const) {
    expect(Math.abs(share((n) => rewards[n] === reward) - probability)).toBeLessThan(0.014);
  }
  expect(share((n) => (terminated[n] === 1) === (rewards[n] === 3))).toBe(1);
});

it("draws no random number for what cannot go otherwise", () => {
  const env = native(1);
  env.reset(KEY);
  const randomOf = () => JSON.stringify((env.state() as { random: unknown }).random);
  const before = randomOf();
  env.step(Float32Array.of(0));
  expect(randomOf()).not.toBe(before);
  const sure = finiteDynamics({ ...LOTTERY, initial: [1, 0, 0] }, () => undefined);
  const streams = new Streams([Key.fromSeed(1)]);
  const [random] = streams.each;
  const states = new Float64Array(1);
  sure.advance(states, Float32Array.of(1), new Float64Array(1), new Uint8Array(1), 1, streams);
  expect(random.state()).toEqual(Key.fromSeed(1).stream().state());
  expect(states[0]).toBe(2);
  sure.start(states, 0, random);
  expect(random.state()).toEqual(Key.fromSeed(1).stream().state());
  expect(states[0]).toBe(0);
});

it("shows the same state as an index and as a one-hot, also at the end, and after restore", () => {
  const env = native(4);
  const other = native(4);
  env.reset(KEY);
  const random = Key.fromSeed(3).stream();
  const hot = (state: number) => [0, 1, 2].map((i) => Number(i === state));
  let ends = 0;
  for (let t = 0; t < 200; t++) {
    expect([...env.observations]).toEqual([...env.observationIndices!].flatMap(hot));
    env.step(Float32Array.from({ length: 4 }, () => random.integer(2)));
    for (let n = 0; n < 4; n++) {
      if (!env.terminated[n] && !env.truncated[n]) continue;
      ends++;
      expect([...env.finalObservations.subarray(3 * n, 3 * n + 3)]).toEqual(hot(env.finalObservationIndices![n]!));
      if (env.terminated[n]) expect(env.finalObservationIndices![n]).toBe(2);
    }
    other.restore(JSON.parse(JSON.stringify(env.state())));
    expect(other.observationIndices).toEqual(env.observationIndices);
    expect(other.finalObservationIndices).toEqual(env.finalObservationIndices);
  }
  expect(ends).toBeGreaterThan(100);
});

it("is the same from batch() over plain environments, indices too", () => {
  const one = native(3);
  const two = batch(() => timeLimit(plain() as AnyEnv, 5), 3);
  one.reset(KEY);
  two.reset(KEY);
  const random = Key.fromSeed(4).stream();
  for (let t = 0; t < 200; t++) {
    const actions = Float32Array.from({ length: 3 }, () => random.integer(2));
    one.step(actions);
    two.step(actions);
    for (const part of ["observations", "observationIndices", "rewards", "terminated", "truncated"] as const) {
      expect(two[part], part).toEqual(one[part]);
    }
    for (let n = 0; n < 3; n++) {
      if (one.terminated[n] || one.truncated[n]) {
        expect(two.finalObservationIndices![n]).toBe(one.finalObservationIndices![n]);
      }
    }
  }
});

it("draws the same outcomes one by one and many at once, by the kernel", () => {
  const many = native(13);
  const few = native(2);
  many.reset(KEY);
  few.reset(KEY);
  const random = Key.fromSeed(6).stream();
  for (let t = 0; t < 200; t++) {
    const actions = Float32Array.from({ length: 13 }, () => random.integer(2));
    many.step(actions);
    few.step(actions.slice(0, 2));
    expect([...few.observationIndices!, ...few.rewards]).toEqual([
      ...many.observationIndices!.subarray(0, 2),
      ...many.rewards.subarray(0, 2),
    ]);
  }
  const randomOf = (env: NativeBatch) => (env.state() as { random: unknown[] }).random;
  expect(randomOf(many).slice(0, 2)).toEqual(randomOf(few));
});

it("has one-hot rows for those who first ask in the middle of an episode", () => {
  const asked = native(9);
  const late = episodeStatistics(native(9));
  asked.reset(KEY);
  late.reset(KEY);
  const { observations, finalObservations } = asked;
  const random = Key.fromSeed(8).stream();
  const step = () => {
    const actions = Float32Array.from({ length: 9 }, () => random.integer(2));
    asked.step(actions);
    late.step(actions);
  };
  for (let t = 0; t < 20; t++) step();
  const rows = late.observations;
  for (let t = 0; t < 20; t++) {
    expect(rows).toEqual(observations);
    step();
  }
  for (let n = 0; n < 9; n++) {
    if (!asked.terminated[n] && !asked.truncated[n]) continue;
    expect(late.finalObservations.subarray(3 * n, 3 * n + 3)).toEqual(finalObservations.subarray(3 * n, 3 * n + 3));
  }
  expect(late.observations).toBe(rows);
});

it("refuses a saved state that is none of its states", () => {
  const env = native(2);
  env.reset(KEY);
  const saved = env.state() as Record<string, Json>;
  const damaged = [
    { ...saved, states: packArray(Float64Array.of(0, 3)) },
    { ...saved, finalObservationIndices: packArray(Int32Array.of(-1, 0)) },
  ];
  for (const state of damaged) expect(() => env.restore(state)).toThrow(/must be (states|indices) from 0 to 2/);
  env.restore(saved);
});

describe("the table", () => {
  it("is seen through a batch and through wrappers that change nothing it says", () => {
    expect(plain().model).toBe(LOTTERY);
    expect(native(2).model).toBe(LOTTERY);
    expect(timeLimit(plain() as AnyEnv, 9).model).toBe(LOTTERY);
    expect(batch(plain as () => AnyEnv, 2).model).toBe(LOTTERY);
    expect(episodeStatistics(native(2)).model).toBe(LOTTERY);
  });

  it("is hidden where a wrapper changes what is observed or rewarded", () => {
    const wrapped = [
      rewardScale(plain() as AnyEnv, 0.1),
      rewardClip(plain() as AnyEnv, -1, 1),
      normalizeObservation(native(2), {}),
      normalizeReward(native(2), { gamma: 0.9 }),
    ];
    for (const env of wrapped) expect(env.model).toBeUndefined();
    expect(() => frameStack(plain() as unknown as Env<ArrayLike<number>, number>, 2)).toThrow(/must be a Box/);
  });

  it("hides indices together with the observations they belong to", () => {
    const env = normalizeObservation(native(2), {});
    expect(env.observationIndices).toBeUndefined();
    expect(env.finalObservationIndices).toBeUndefined();
  });
});

it("counts as deterministic only where start and every outcome are certain", () => {
  const sure: FiniteMdp = {
    states: 2,
    actions: 1,
    initial: uniformOver(2, [0]),
    outcomes: () => [{ probability: 1, state: 1, reward: 0, terminated: true }],
  };
  const draw = () => undefined;
  expect(finiteDynamics(sure, draw).deterministic).toBe(true);
  expect(finiteDynamics({ ...sure, initial: [0.5, 0.5] }, draw).deterministic).toBe(false);
  expect(finiteDynamics({ ...LOTTERY, initial: [1, 0, 0] }, draw).deterministic).toBe(false);
  expect(plain().deterministic).toBeUndefined();
  expect(timeLimit(new DynamicsEnv("Sure", finiteDynamics(sure, draw)) as AnyEnv, 3).deterministic).toBe(true);
});

it("masks the actions that are not allowed in a state, at starts, after steps and after ends", () => {
  const allows = (state: number, action: number) => (state + action) % 2 === 0;
  const masked = finiteDynamics(LOTTERY, () => undefined, allows);
  const env = new NativeBatch("Lottery", masked, 3, 5);
  const expected = () => [...env.observationIndices!].flatMap((state) => [0, 1].map((a) => Number(allows(state, a))));
  env.reset(KEY);
  const random = Key.fromSeed(5).stream();
  for (let t = 0; t < 50; t++) {
    expect([...env.actionMasks!]).toEqual(expected());
    env.step(Float32Array.from({ length: 3 }, () => random.integer(2)));
  }
  const one = new DynamicsEnv("Lottery", masked);
  const { observation } = one.reset({ seed: 1 });
  expect([...one.actionMask!()]).toEqual([0, 1].map((a) => Number(allows(observation as number, a))));
  expect(native(1).actionMasks).toBeUndefined();
  expect(one.observationSpace).toEqual(new Discrete(3));
});
