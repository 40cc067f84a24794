/** Dynamics as operations: the same physics as the plain ones, with the right derivatives, seen where they are true. */

import { describe, expect, it } from "vitest";
import { Key, Streams } from "../random/index.ts";
import type { Box } from "../spaces/index.ts";
import { affine, gradcheck, mul, step, tensor } from "../tensor/index.ts";
import type { DifferentiableDynamics } from "./differentiable.ts";
import type { DynamicsWithNumbers } from "./dynamics.ts";
import {
  batch,
  makeBatch,
  makeEnv,
  normalizeObservation,
  normalizeReward,
  pendulum,
  pointMass,
  recordEpisodeStatistics,
  rewardScale,
} from "./index.ts";

const COUNT = 4096;

/** Dynamics, and how far states and actions reach: several turns, speeds at their limit, forces to be clipped. */
const cases: Record<string, [DynamicsWithNumbers<ArrayLike<number>>, reach: number[], force: number]> = {
  "Pendulum-v1": [pendulum(), [30, 8, 2], 3],
  "Pendulum-v1 with options": [pendulum({ g: 9.81, m: 0.7, l: 1.3 }), [30, 8, 2], 3],
  "PointMass-v0": [pointMass(), [2, 2, 3, 3], 2],
  "PointMass-v0 with options": [pointMass({ mass: 2, speedCost: 0.3, forceCost: 0.05 }), [2, 2, 3, 3], 2],
};

describe.each(Object.entries(cases))("%s", (_name, [dynamics, reach, force]) => {
  const { stateSize, actionSpace, observationSpace } = dynamics;
  const known = dynamics.differentiable!;
  const { actionSize } = actionSpace;
  const random = Key.fromSeed(1).stream();
  const between = (limit: number) => -limit + 2 * limit * random.uniform();
  const start = Float64Array.from({ length: COUNT * stateSize }, (_, i) => between(reach[i % stateSize]));
  const actions = Float32Array.from({ length: COUNT * actionSize }, () => between(force));

  /** The largest distance between plain and differentiable dynamics in states, rewards and observations of 20 steps. */
  function largestGap(operations: DifferentiableDynamics): { exact: number; observed: number } {
    const states = start.slice();
    const rewards = new Float64Array(COUNT);
    const observations = new Float32Array(COUNT * observationSpace.flatSize);
    const gap = { exact: 0, observed: 0 };
    for (let t = 0; t < 20; t++) {
      const before = states.slice();
      dynamics.advance(states, actions, rewards, new Uint8Array(COUNT), COUNT, new Streams([]));
      dynamics.observe(states, observations, 0, COUNT);
      const found = step(() => {
        const given = tensor(actions, [COUNT, actionSize], "float64");
        const next = operations.step(tensor(before, [COUNT, stateSize], "float64"), given);
        return { ...next, observations: operations.observe(next.states) };
      });
      gap.exact = Math.max(gap.exact, distance(found.states.data, states), distance(found.rewards.data, rewards));
      gap.observed = Math.max(gap.observed, distance(found.observations.data, observations));
    }
    return gap;
  }

  it("steps and shows as the plain environment does, clipping, turns and limits included", () => {
    expect(known.stateSize).toBe(stateSize);
    const { exact, observed } = largestGap(known);
    expect(exact).toBeLessThan(1e-9);
    // What is observed was rounded to float32: of numbers up to 8.
    expect(observed).toBeLessThan(1e-6);
  });

  it("would be seen to differ: dynamics that are one part in a million stronger", () => {
    const wrong: DifferentiableDynamics = { ...known, step: (s, a) => known.step(s, mul(a, 1 + 1e-6)) };
    expect(largestGap(wrong).exact).toBeGreaterThan(1e-8);
  });

  it("has the right derivatives away from the kinks, through one step and through three", () => {
    const limit = (actionSpace as Box).high[0] - 0.01;
    const isSmooth = (n: number) => {
      const isFree = actions.subarray(n * actionSize, (n + 1) * actionSize).every((a) => Math.abs(a) < limit);
      const [first, second] = start.subarray(n * stateSize, (n + 1) * stateSize);
      const turns = first / (2 * Math.PI) + 0.5;
      const isPendulum = stateSize === 3;
      // Far enough from where a turn begins, and slow enough not to reach the limit, within three steps.
      return isFree && (!isPendulum || (Math.abs(second) < 5 && Math.abs(turns - Math.round(turns)) > 0.15));
    };
    const rows = Array.from({ length: COUNT }, (_, n) => n)
      .filter(isSmooth)
      .slice(0, 12);
    expect(rows.length).toBe(12);
    const take = (values: ArrayLike<number>, width: number) =>
      tensor(
        rows.flatMap((n) => Array.from({ length: width }, (_, i) => values[n * width + i])),
        [rows.length, width],
        "float64",
      );
    const inputs = [take(start, stateSize), take(actions, actionSize)];
    const thrice: DifferentiableDynamics["step"] = (s, a) =>
      known.step(known.step(known.step(s, a).states, a).states, a);
    for (const through of [known.step, thrice]) {
      expect(gradcheck((s, a) => through(s, a).states, inputs)).toMatchObject({ ok: true });
      expect(gradcheck((s, a) => through(s, a).rewards, inputs)).toMatchObject({ ok: true });
    }
    expect(gradcheck((s) => affine(known.observe(s), 1, 0), inputs.slice(0, 1))).toMatchObject({ ok: true });
  });
});

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}

describe("differentiable dynamics", () => {
  const id = "Pendulum-v1";

  it("are seen with the present states, natively and through batch(), over the ends of episodes and after restore", () => {
    const native = makeBatch(id, 3);
    const plain = batch(() => makeEnv(id), 3);
    const { stateSize } = native.differentiable!.dynamics;
    expect(plain.differentiable!.states.length).toBe(3 * stateSize);
    for (const env of [native, plain]) env.reset(Key.fromSeed(5));
    for (let t = 0; t < 201; t++) {
      for (const env of [native, plain]) env.step(Float32Array.of(1, -1, 0.5));
      expect([...plain.differentiable!.states]).toEqual([...native.differentiable!.states]);
    }
    const saved = plain.state();
    const states = plain.differentiable!.states.slice();
    plain.step(Float32Array.of(1, 1, 1));
    expect([...plain.differentiable!.states]).not.toEqual([...states]);
    plain.restore(saved);
    expect([...plain.differentiable!.states]).toEqual([...states]);
  });

  it("are hidden where a wrapper changes what is observed or rewarded", () => {
    expect(recordEpisodeStatistics(makeEnv(id)).differentiable).toBeDefined();
    expect(rewardScale(makeEnv(id), 2).differentiable).toBeUndefined();
    expect(normalizeObservation(makeBatch(id, 1)).differentiable).toBeUndefined();
    expect(normalizeReward(makeBatch(id, 1)).differentiable).toBeUndefined();
    expect(makeEnv("CartPole-v1").differentiable).toBeUndefined();
  });
});
