/** Every transition against Gymnasium 1.3.0, by the dynamics alone, the plain environment and the batch. */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Key, Streams } from "../random/index.ts";
import type { Json } from "./env.ts";
import {
  acrobot,
  cartPole,
  type Dynamics,
  envSpec,
  makeBatch,
  makeEnv,
  mountainCar,
  mountainCarContinuous,
  packArray,
  pendulum,
} from "./index.ts";

interface Trajectory {
  envId: string;
  kwargs: Record<string, Json>;
  maxEpisodeSteps: number;
  policy: string;
  startState: number[];
  actions: number[];
  states: number[][];
  observations: number[][];
  rewards: number[];
  terminated: boolean[];
}

const trajectories: Trajectory[] = ["gymnasium-trajectories", "gymnasium-trajectories-pendulum-acrobot"].flatMap(
  (name) => JSON.parse(readFileSync(new URL(`../../test/fixtures/${name}.json`, import.meta.url), "utf8")).cases,
);

type Classic = Extract<Dynamics<unknown>, { observe: unknown }>;

const DYNAMICS: Record<string, (options: Record<string, Json>) => Classic> = {
  "CartPole-v1": cartPole,
  "MountainCar-v0": mountainCar,
  "MountainCarContinuous-v0": mountainCarContinuous,
  "Pendulum-v1": pendulum,
  "Acrobot-v1": acrobot,
};

const tolerance = (id: string) => (id === "MountainCarContinuous-v0" ? 1e-6 : 1e-9);

/** kwargs as limpid spells them. */
function optionsOf({ kwargs }: Trajectory): Record<string, Json> {
  const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(kwargs).map(([name, value]) => [camel(name), value]));
}

function expectClose(actual: ArrayLike<number>, expected: number[], relative: number): void {
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs(actual[i] - expected[i])).toBeLessThanOrEqual(relative * (1 + Math.abs(expected[i])));
  }
}

/** Checks every step of a trajectory, each from the state that Gymnasium had before it. */
function expectTransitions(dynamics: Classic, path: Trajectory): void {
  const state = new Float64Array(dynamics.stateSize);
  const observation = new Float32Array(dynamics.observationSpace.flatSize);
  const reward = new Float64Array(1);
  const terminated = new Uint8Array(1);
  path.actions.forEach((action, t) => {
    state.set(t === 0 ? path.startState : path.states[t - 1]);
    dynamics.advance(state, Float32Array.of(action), reward, terminated, 1, new Streams([]));
    dynamics.observe(state, observation, 0, 1);
    expectClose(state, path.states[t], tolerance(path.envId));
    expectClose(reward, [path.rewards[t]], tolerance(path.envId));
    expect(terminated[0]).toBe(path.terminated[t] ? 1 : 0);
    // float32 observations come out with the same bits.
    expect([...observation]).toEqual(path.observations[t]);
  });
}

describe.each(
  trajectories.map((path) => [`${path.envId} ${JSON.stringify(path.kwargs)}, ${path.policy}`, path] as const),
)("%s", (_name, path) => {
  it("has Gymnasium's transitions", () => {
    expectTransitions(DYNAMICS[path.envId](optionsOf(path)), path);
  });

  it("has Gymnasium's path when left to itself", () => {
    const dynamics = DYNAMICS[path.envId](optionsOf(path));
    const state = new Float64Array(dynamics.stateSize);
    state.set(path.startState);
    const scratch = new Float64Array(1);
    path.actions.forEach((action, t) => {
      dynamics.advance(state, Float32Array.of(action), scratch, new Uint8Array(1), 1, new Streams([]));
      // Acrobot is chaotic: it forgets one digit in about twenty steps.
      expectClose(state, path.states[t], path.envId === "Acrobot-v1" ? 1e-8 : tolerance(path.envId));
    });
  });

  it("has Gymnasium's path as a plain environment and in a batch, up to the end of the episode", () => {
    expect(envSpec(path.envId).maxEpisodeSteps).toBe(path.maxEpisodeSteps);
    const env = makeEnv(path.envId, optionsOf(path));
    const batch = makeBatch(path.envId, 3, optionsOf(path));
    env.reset({ seed: 1 });
    batch.reset(Key.fromSeed(1));
    const start = new Float64Array(path.envId === "Pendulum-v1" ? [...path.startState, 0] : path.startState);
    const plainState = env.state?.() as { env: Record<string, Json> };
    env.restore?.({ ...plainState, env: { ...plainState.env, state: packArray(start) } });
    const starts = new Float64Array([...start, ...start, ...start]);
    batch.restore({ ...(batch.state() as Record<string, Json>), states: packArray(starts) });

    const relative = path.envId === "Acrobot-v1" ? 1e-8 : tolerance(path.envId);
    for (let t = 0; t < path.actions.length; t++) {
      const actions = new Float32Array(3).fill(path.actions[t]);
      const result = env.step(env.actionSpace.unflattenAction(actions, 0));
      batch.step(actions);
      const truncated = t + 1 === path.maxEpisodeSteps;
      expectClose(result.observation as Float32Array, path.observations[t], Math.max(relative, 1e-7));
      expectClose([result.reward, ...batch.rewards], new Array(4).fill(path.rewards[t]), relative);
      expect([result.terminated, result.truncated]).toEqual([path.terminated[t], truncated]);
      expect([...batch.terminated]).toEqual(new Array(3).fill(path.terminated[t] ? 1 : 0));
      expect([...batch.truncated]).toEqual(new Array(3).fill(truncated && !path.terminated[t] ? 1 : 0));
      const ended = result.terminated || result.truncated;
      const rows = ended ? batch.finalObservations : batch.observations;
      expect([...rows]).toEqual([1, 2, 3].flatMap(() => [...(result.observation as Float32Array)]));
      if (ended) return;
    }
  });
});

describe("negative controls: a wrong constant or rule does not pass", () => {
  const wrong: [string, Classic][] = [
    ["CartPole-v1", cartPole({ gravity: 9.81 })],
    ["CartPole-v1", cartPole({ length: 0.5000001 })],
    ["CartPole-v1", cartPole({ kinematicsIntegrator: "semi-implicit euler" })],
    ["MountainCar-v0", mountainCar({ gravity: 0.00250001 })],
    ["MountainCarContinuous-v0", mountainCarContinuous({ power: 0.0016 })],
    ["Pendulum-v1", pendulum({ g: 9.81 })],
    ["Acrobot-v1", acrobot({ bookOrNips: "nips" })],
  ];
  it.each(wrong)("%s", (id, dynamics) => {
    const path = trajectories.find(({ envId }) => envId === id) as Trajectory;
    expect(() => expectTransitions(dynamics, path)).toThrow(/expected/);
  });
});

it("CartPole's reward of 1983 is −1 at the fall and 0 before", () => {
  const path = trajectories.find(({ kwargs }) => kwargs.sutton_barto_reward) as Trajectory;
  expect(path.rewards.at(-1)).toBe(-1);
  expect(() => expectTransitions(cartPole(), path)).toThrow(/expected/);
});

it("MountainCarContinuous keeps its state, and Acrobot starts, in float32", () => {
  for (const path of trajectories.filter(({ envId }) => envId === "MountainCarContinuous-v0")) {
    const state = Float64Array.from(path.startState);
    path.actions.forEach((action, t) => {
      mountainCarContinuous().advance(
        state,
        Float32Array.of(action),
        new Float64Array(1),
        new Uint8Array(1),
        1,
        new Streams([]),
      );
      expect([...state]).toEqual(path.states[t]);
      expect([...state]).toEqual(Array.from(state, Math.fround));
    });
  }
  const start = new Float64Array(4);
  acrobot().start(start, 0, Key.fromSeed(1).stream());
  expect([...start]).toEqual(Array.from(start, Math.fround));
});

it("semi-implicit Euler moves CartPole with the new velocities", () => {
  const step = (kinematicsIntegrator: "euler" | "semi-implicit euler") => {
    const state = Float64Array.of(0, 0.5, 0.01, -0.2);
    cartPole({ kinematicsIntegrator }).advance(
      state,
      Float32Array.of(1),
      new Float64Array(1),
      new Uint8Array(1),
      1,
      new Streams([]),
    );
    return state;
  };
  const euler = step("euler");
  const semiImplicit = step("semi-implicit euler");
  expect(semiImplicit[1]).toBe(euler[1]);
  expect(semiImplicit[3]).toBe(euler[3]);
  expect(semiImplicit[0]).toBeCloseTo(0.02 * euler[1], 15);
  expect(semiImplicit[2]).toBeCloseTo(0.01 + 0.02 * euler[3], 15);
});

describe("start states are distributed as Gymnasium's", () => {
  const limits: [string, number[], number[]][] = [
    ["CartPole-v1", [-0.05, -0.05, -0.05, -0.05], [0.05, 0.05, 0.05, 0.05]],
    ["MountainCar-v0", [-0.6, 0], [-0.4, 0]],
    ["MountainCarContinuous-v0", [-0.6, 0], [-0.4, 0]],
    ["Pendulum-v1", [-Math.PI, -1, 0], [Math.PI, 1, 0]],
    ["Acrobot-v1", [-0.1, -0.1, -0.1, -0.1], [0.1, 0.1, 0.1, 0.1]],
  ];
  it.each(limits)("%s", (id, low, high) => {
    const dynamics = DYNAMICS[id]({});
    const random = Key.fromSeed(6).stream();
    const state = new Float64Array(dynamics.stateSize);
    const draws = Array.from({ length: 4000 }, () => {
      dynamics.start(state, 0, random);
      return [...state];
    });
    for (let i = 0; i < low.length; i++) {
      const range = high[i] - low[i];
      const column = draws.map((draw) => draw[i]);
      // float32 start states of Acrobot may round to just beyond the bound.
      expect(Math.min(...column)).toBeGreaterThanOrEqual(low[i] - 1e-8);
      expect(Math.max(...column)).toBeLessThanOrEqual(high[i] + 1e-8);
      const mean = column.reduce((sum, x) => sum + x, 0) / column.length;
      const variance = column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / column.length;
      expect(Math.abs(mean - (low[i] + high[i]) / 2)).toBeLessThanOrEqual(0.02 * range);
      expect(Math.abs(variance - range ** 2 / 12)).toBeLessThanOrEqual(0.04 * (range ** 2 / 12));
    }
  });
});
