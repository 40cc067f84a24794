/** Starts, observations, rewards and ends, recomputed from what the environments say of their states. */

import { beforeAll, describe, expect, it } from "vitest";
import { randomReturns } from "../../../test/support/random-play.ts";
import { Key } from "../../random/index.ts";
import type { Json } from "../env.ts";
import { type AnyEnv, envSpec, loadEnv, packArray, unpackArray } from "../index.ts";
import { mujocoDescriptions } from "./descriptions.ts";

beforeAll(() => loadEnv("Ant-v5"));

/** Numbers of positions, velocities and extras; seconds per action; actions. */
const SIZES: Record<string, { nq: number; nv: number; extras: number; seconds: number; actions: number }> = {
  "InvertedPendulum-v5": { nq: 2, nv: 2, extras: 0, seconds: 0.04, actions: 1 },
  "InvertedDoublePendulum-v5": { nq: 3, nv: 3, extras: 1, seconds: 0.05, actions: 1 },
  "Reacher-v5": { nq: 4, nv: 4, extras: 2, seconds: 0.02, actions: 2 },
  "Hopper-v5": { nq: 6, nv: 6, extras: 0, seconds: 0.008, actions: 3 },
  "HalfCheetah-v5": { nq: 9, nv: 9, extras: 0, seconds: 0.05, actions: 6 },
  "Walker2d-v5": { nq: 9, nv: 9, extras: 0, seconds: 0.008, actions: 6 },
  "Ant-v5": { nq: 15, nv: 14, extras: 79, seconds: 0.05, actions: 8 },
};

/** One environment whose state can be read and set. */
class Subject {
  readonly env: AnyEnv;
  readonly sizes;
  readonly #length: number;

  constructor(id: string, options: Record<string, Json> = {}, seed = 1) {
    this.env = envSpec(id).create(options);
    this.sizes = SIZES[id]!;
    this.#length = this.sizes.nq + 2 * this.sizes.nv + this.sizes.extras;
    this.env.reset({ seed });
  }

  get state(): Float64Array {
    const numbers = new Float64Array(this.#length);
    unpackArray("state", (this.env.state!() as { state: Json }).state, numbers);
    return numbers;
  }

  set state(numbers: Float64Array) {
    this.env.restore!({ ...(this.env.state!() as object), running: true, state: packArray(numbers) });
  }

  get positions(): number[] {
    return [...this.state.subarray(0, this.sizes.nq)];
  }

  get velocities(): number[] {
    return [...this.state.subarray(this.sizes.nq, this.sizes.nq + this.sizes.nv)];
  }

  /** Changes single positions, and velocities after them, from where it stands. */
  put(changes: Record<number, number>): this {
    const state = this.state;
    for (const [index, value] of Object.entries(changes)) state[Number(index)] = value;
    this.state = state;
    return this;
  }

  reset(seed?: number): number[] {
    return [...(this.env.reset(seed === undefined ? {} : { seed }).observation as Float32Array)];
  }

  step(action: readonly number[] = Array(this.sizes.actions).fill(0)) {
    const { observation, ...rest } = this.env.step(Float32Array.from(action));
    return { ...rest, observation: [...(observation as Float32Array)] };
  }
}

const ids = mujocoDescriptions.map(({ id }) => id);
const actionOf = (subject: Subject, random = Key.fromSeed(5).stream()) => [
  ...(subject.env.actionSpace.sample(random) as Float32Array),
];
const squared = (values: readonly number[]) => values.reduce((sum, value) => sum + value * value, 0);
const rounded = (values: readonly number[]) => values.map((value) => Math.fround(value));
const clipped = (values: readonly number[], bound: number) =>
  values.map((value) => Math.fround(Math.min(Math.max(value, -bound), bound)));

describe("starts", () => {
  /** Reference position, noise on it, and deviation or half range of the noise on velocities. */
  it.each([
    ["InvertedPendulum-v5", [0, 0], 0.01, "uniform"],
    ["InvertedDoublePendulum-v5", [0, 0, 0], 0.1, "normal"],
    ["Hopper-v5", [0, 1.25, 0, 0, 0, 0], 0.005, "uniform"],
    ["HalfCheetah-v5", Array(9).fill(0), 0.1, "normal"],
    ["Walker2d-v5", [0, 1.25, 0, 0, 0, 0, 0, 0, 0], 0.005, "uniform"],
    ["Ant-v5", [0, 0, 0.75, 1, ...Array(11).fill(0)], 0.1, "normal"],
  ])("%s", (id, reference, scale, kind) => {
    const subject = new Subject(id);
    const [positions, velocities] = [[] as number[], [] as number[]];
    for (let episode = 0; episode < 200; episode++) {
      subject.reset();
      positions.push(...subject.positions.map((value, k) => (value - reference[k]!) / scale));
      velocities.push(...subject.velocities.map((value) => value / scale));
    }
    const largest = (values: number[]) => Math.max(...values.map(Math.abs));
    const deviation = (values: number[]) => Math.sqrt(squared(values) / values.length);
    expect(largest(positions)).toBeLessThanOrEqual(1 + 1e-9);
    expect(largest(positions)).toBeGreaterThan(0.97);
    // Of 400 numbers or more.
    expect(Math.abs(deviation(positions) - Math.sqrt(1 / 3))).toBeLessThan(0.1);
    expect(Math.abs(deviation(velocities) - (kind === "normal" ? 1 : Math.sqrt(1 / 3)))).toBeLessThan(0.1);
    if (kind === "uniform") expect(largest(velocities)).toBeLessThanOrEqual(1);
    else expect(largest(velocities)).toBeGreaterThan(2.5);
    // Without noise nothing is left to chance.
    const still = new Subject(id, { resetNoiseScale: 0 });
    expect([...still.positions, ...still.velocities]).toEqual([...reference, ...still.velocities.map(() => 0)]);
  });

  it("Reacher-v5: an arm that is almost straight, targets uniform on a disc", () => {
    const subject = new Subject("Reacher-v5");
    const radii: number[] = [];
    for (let episode = 0; episode < 300; episode++) {
      subject.reset();
      const [first, second, x, y] = subject.positions as [number, number, number, number];
      expect(Math.max(Math.abs(first), Math.abs(second))).toBeLessThanOrEqual(0.1);
      expect(Math.max(...subject.velocities.map(Math.abs))).toBeLessThanOrEqual(0.005);
      expect(subject.velocities.slice(2)).toEqual([0, 0]);
      radii.push(Math.hypot(x, y) / 0.2);
    }
    expect(Math.max(...radii)).toBeLessThan(1);
    // On a disc the mean radius is two thirds, on a square or by polar coordinates it is not.
    expect(radii.reduce((sum, radius) => sum + radius) / radii.length).toBeCloseTo(2 / 3, 1);
  });
});

describe("observations and rewards", () => {
  it.each(["Hopper-v5", "Walker2d-v5", "HalfCheetah-v5"])("%s: speed, health and effort", (id) => {
    const subject = new Subject(id);
    const isCheetah = id === "HalfCheetah-v5";
    const random = Key.fromSeed(5).stream();
    let [largest, ended] = [0, 0];
    for (let t = 0; t < 200; t++) {
      const before = subject.positions[0]!;
      const action = actionOf(subject, random);
      const { observation, reward, terminated } = subject.step(action);
      const speed = (subject.positions[0]! - before) / subject.sizes.seconds;
      const health = isCheetah || terminated ? 0 : 1;
      expect(reward).toBeCloseTo(speed + health - (isCheetah ? 0.1 : 1e-3) * squared(action), 12);
      expect(observation).toEqual([
        ...rounded(subject.positions.slice(1)),
        ...clipped(subject.velocities, isCheetah ? Infinity : 10),
      ]);
      largest = Math.max(largest, ...subject.velocities.map(Math.abs));
      if (terminated) {
        ended++;
        subject.reset();
      }
    }
    expect(ended > 0).toBe(!isCheetah);
    expect(largest).toBeGreaterThan(isCheetah ? 10 : 3);
  });

  it("Walker2d-v5 and Hopper-v5 cut velocities to ±10", () => {
    for (const id of ["Walker2d-v5", "Hopper-v5"]) {
      const subject = new Subject(id);
      const { nq, nv } = subject.sizes;
      const { observation } = subject.put({ [nq + nv - 1]: 40, 1: 1.6 }).step();
      expect(subject.velocities[nv - 1]).toBeGreaterThan(10);
      expect(observation.at(-1)).toBe(10);
    }
  });

  it("InvertedPendulum-v5: all of its state, and 1 while the pole stands", () => {
    const subject = new Subject("InvertedPendulum-v5");
    const { observation, reward, terminated } = subject.step([1]);
    expect(observation).toEqual(rounded([...subject.positions, ...subject.velocities]));
    expect([reward, terminated]).toEqual([1, false]);
    expect(subject.put({ 1: 0.3 }).step()).toMatchObject({ reward: 0, terminated: true });
  });

  it("InvertedDoublePendulum-v5: the place and the motion of the tip", () => {
    const subject = new Subject("InvertedDoublePendulum-v5");
    for (let t = 0; t < 5; t++) {
      const { observation, reward } = subject.step([0.2]);
      const [x, first, second] = subject.positions as [number, number, number];
      const [, omega1, omega2] = subject.velocities as [number, number, number];
      expect(observation.slice(0, 5)).toEqual(
        rounded([x, Math.sin(first), Math.sin(second), Math.cos(first), Math.cos(second)]),
      );
      expect(observation.slice(5, 8)).toEqual(clipped(subject.velocities, 10));
      // Where the tip is said to be is where it was one step of the engine before, hence the tolerance.
      const tip = [0.6 * Math.sin(first) + 0.6 * Math.sin(first + second) + x];
      tip.push(0.6 * Math.cos(first) + 0.6 * Math.cos(first + second));
      const distance = 0.01 * tip[0]! ** 2 + (tip[1]! - 2) ** 2;
      expect(reward).toBeCloseTo(10 - distance - 1e-3 * omega1 ** 2 - 5e-3 * omega2 ** 2, 1);
      expect(Math.abs(reward - 10)).toBeGreaterThan(0.3);
    }
    // The end of the rail pushes back.
    expect(subject.step([0.2]).observation[8]).toBe(0);
    expect(subject.put({ 0: 1 }).step([1]).observation[8]).toBeLessThan(-1);
  });

  it("Reacher-v5: the way from the tip to the target", () => {
    const subject = new Subject("Reacher-v5");
    for (let t = 0; t < 20; t++) {
      const action = actionOf(subject);
      const { observation, reward } = subject.step(action);
      const [first, second, x, y] = subject.positions as [number, number, number, number];
      const angles = [Math.cos(first), Math.cos(second), Math.sin(first), Math.sin(second)];
      expect(observation.slice(0, 8)).toEqual(rounded([...angles, x, y, ...subject.velocities.slice(0, 2)]));
      const [gapX, gapY] = observation.slice(8) as [number, number];
      expect(reward).toBeCloseTo(-Math.hypot(gapX, gapY) - squared(action), 6);
      // As with the other tip: a hundredth of a second behind.
      expect(gapX).toBeCloseTo(0.1 * Math.cos(first) + 0.11 * Math.cos(first + second) - x, 1);
      expect(gapY).toBeCloseTo(0.1 * Math.sin(first) + 0.11 * Math.sin(first + second) - y, 1);
    }
  });

  it("Ant-v5: speed, health, effort and contacts", () => {
    const subject = new Subject("Ant-v5");
    expect(subject.reset(1).slice(27)).toEqual(Array(78).fill(0));
    let touched = 0;
    for (let t = 0; t < 60; t++) {
      const before = subject.state[subject.state.length - 79]!;
      const action = actionOf(subject).map((value) => value / 4);
      const { observation, reward } = subject.step(action);
      const speed = (subject.state[subject.state.length - 79]! - before) / subject.sizes.seconds;
      const forces = observation.slice(27);
      expect(reward).toBeCloseTo(speed + 1 - 0.5 * squared(action) - 5e-4 * squared(forces), 9);
      expect(observation.slice(0, 27)).toEqual(rounded([...subject.positions.slice(2), ...subject.velocities]));
      expect(Math.max(...forces.map(Math.abs))).toBeLessThanOrEqual(1);
      if (forces.includes(1)) touched++;
    }
    expect(touched).toBeGreaterThan(10);
  });

  it("takes the weights that are asked for", () => {
    const rewardOf = (options: Record<string, Json>) => new Subject("Hopper-v5", options).step([1, -1, 0.5]).reward;
    const plain = rewardOf({});
    const bare = rewardOf({ healthyReward: 0, ctrlCostWeight: 0 });
    expect(plain).toBeCloseTo(bare + 1 - 1e-3 * 2.25, 12);
    expect(rewardOf({ healthyReward: 0, ctrlCostWeight: 0, forwardRewardWeight: 3 })).toBeCloseTo(3 * bare, 12);
    const reacher = (options: Record<string, Json>) => new Subject("Reacher-v5", options).step([1, 1]).reward;
    expect(reacher({ rewardControlWeight: 0 }) - reacher({})).toBeCloseTo(2, 12);
  });
});

describe("ends", () => {
  /** What is put where, and whether the episode ends with the next step. */
  it.each<[string, Record<number, number>, boolean]>([
    ["InvertedPendulum-v5", { 1: 0.19 }, false],
    ["InvertedPendulum-v5", { 1: -0.21 }, true],
    ["InvertedDoublePendulum-v5", { 1: 0.2, 2: 0 }, false],
    ["InvertedDoublePendulum-v5", { 1: 0.7, 2: 0 }, true],
    ["Hopper-v5", { 1: 0.72, 3: -1, 4: -1 }, false],
    ["Hopper-v5", { 1: 0.68, 3: -1, 4: -1 }, true],
    ["Hopper-v5", { 2: 0.19 }, false],
    ["Hopper-v5", { 2: 0.21 }, true],
    ["Hopper-v5", { 2: -0.21 }, true],
    ["Hopper-v5", { 7: 200, 1: 3 }, true],
    ["Walker2d-v5", { 1: 1.95 }, false],
    ["Walker2d-v5", { 1: 2.05 }, true],
    ["Walker2d-v5", { 1: 0.82, 3: -1.4, 4: -1.4, 6: -1.4, 7: -1.4 }, false],
    ["Walker2d-v5", { 1: 0.78, 3: -1.4, 4: -1.4, 6: -1.4, 7: -1.4 }, true],
    ["Walker2d-v5", { 1: 1.5, 2: 0.95 }, false],
    ["Walker2d-v5", { 1: 1.5, 2: -1.05 }, true],
    ["Ant-v5", { 2: 0.25 }, false],
    ["Ant-v5", { 2: 1.05 }, true],
    ["HalfCheetah-v5", { 2: 3 }, false],
    ["Reacher-v5", { 0: 9 }, false],
  ])("%s with %o: %s", (id, changes, ends) => {
    const subject = new Subject(id);
    subject.put(changes);
    expect(subject.step().terminated).toBe(ends);
  });

  it("need not end an episode", () => {
    const fallen = new Subject("Hopper-v5", { terminateWhenUnhealthy: false }).put({ 2: 0.5 });
    const { terminated, reward } = fallen.step();
    expect(terminated).toBe(false);
    expect(reward).toBeLessThan(0.9);
  });
});

describe("random actions return what is known of Gymnasium's", () => {
  /** Episodes per environment of ten, mean return, and how far the mean of so many may be from it. */
  it.each([
    ["InvertedPendulum-v5", 20, 5, 1],
    ["InvertedDoublePendulum-v5", 20, 47, 8],
    ["Reacher-v5", 5, -43, 2],
    ["Hopper-v5", 10, 17, 5],
    ["HalfCheetah-v5", 1, -290, 60],
    ["Walker2d-v5", 10, 2, 2],
    ["Ant-v5", 2, -50, 60],
  ])("%s", (id, episodes, expected, tolerance) => {
    const { returns } = randomReturns(id, episodes);
    const mean = returns.reduce((sum, value) => sum + value) / returns.length;
    expect(Math.abs(mean - expected), `mean ${mean}`).toBeLessThan(tolerance);
  });
});

it("all are tested here", () => {
  expect(Object.keys(SIZES).sort()).toEqual([...ids].sort());
});
