import { describe, expect, it } from "vitest";
import { type BatchEnv, makeBatch } from "../envs/index.ts";
import { Key } from "../random/index.ts";
import { Box, type Space } from "../spaces/index.ts";
import { slice } from "../tensor/index.ts";
import { noveltyFor } from "./novelty.ts";

const key = Key.fromSeed(4);

/** What novelty asks of a batch, in states that are given. */
function at(rows: readonly (readonly number[])[]): BatchEnv {
  const width = rows[0]!.length;
  const observationSpace: Space<unknown> = new Box(-100, 100, [width]);
  return { observationSpace, observations: Float32Array.from(rows.flat()), count: rows.length } as never;
}

describe("novelty of Discrete states", () => {
  it("counts visits", () => {
    const env = makeBatch("FrozenLake-v1", 3);
    const novelty = noveltyFor(env, key);
    env.reset(key);
    novelty.see(env);
    novelty.see(env);
    const row = (state: number) => Array.from({ length: 16 }, (_, i) => +(i === state));
    expect(novelty.kind).toBe("visits");
    // Everyone begins in state 0.
    expect([...novelty.of([...row(0), ...row(5)], 2)]).toEqual([6, 0]);
  });
});

describe("novelty of states that are numbers", () => {
  it("is the mean distance to the ten nearest states, in standard deviations", () => {
    // Ten times −1 and ten times 1 in the first entry: mean 0, deviation 1; the second does not vary and says nothing.
    const states = Array.from({ length: 20 }, (_, i) => [i < 10 ? -1 : 1, 7]);
    const novelty = noveltyFor(at(states), key);
    novelty.see(at(states));
    expect(novelty.kind).toBe("distance");
    const [known, between, far] = novelty.of([-1, 7, 0, 7, 5, 7], 3);
    expect(known).toBe(0);
    expect(between).toBeCloseTo(1 / Math.SQRT2, 12);
    expect(far).toBeCloseTo(4 / Math.SQRT2, 12);
  });

  it("does not depend on the units of the entries", () => {
    const random = key.split("states").stream();
    const states = Array.from({ length: 50 }, () => [random.normal(), random.normal()]);
    const inUnits = (scale: number) => {
      const scaled = states.map(([a, b]) => [a!, scale * b!]);
      const novelty = noveltyFor(at(scaled), key);
      novelty.see(at(scaled));
      return novelty.of([1.5, -2 * scale], 1)[0]!;
    };
    expect(Math.abs(inUnits(1000) / inUnits(1) - 1)).toBeLessThan(1e-5);
  });

  it("tells new states from old ones when there are more than it keeps, and many entries", () => {
    const random = key.split("images").stream();
    const image = (center: number) => Array.from({ length: 100 }, () => center + 0.1 * random.normal());
    const novelty = noveltyFor(at([image(0)]), key);
    for (let i = 0; i < 600; i++) novelty.see(at([image(i % 2)]));
    const [old, fresh] = novelty.of([...image(0), ...image(2)], 2);
    expect(fresh).toBeGreaterThan(5 * old!);
  });

  it("is that of what a network reads, where it reads less than is observed", () => {
    const states = Array.from({ length: 20 }, (_, i) => [i < 10 ? -1 : 1, i]);
    const novelty = noveltyFor(at(states), key, (observations) => slice(observations, 1, 0, 1));
    novelty.see(at(states));
    const [known, between] = novelty.of([-1, 0], 2);
    expect(known).toBe(0);
    expect(between).toBeCloseTo(1, 12);
  });

  it("keeps a uniform sample of all states: early ones as likely as late ones", () => {
    const novelty = noveltyFor(at([[0]]), key);
    for (let i = 0; i < 2560; i++) novelty.see(at([[i]]));
    // A tenth of the archive is in each tenth of time: so near everything that was seen lies something that was kept.
    const spread = novelty.of([128, 1280, 2432], 3);
    for (const distance of spread) expect(distance).toBeLessThan(0.15);
    expect(novelty.of([5000], 1)[0]).toBeGreaterThan(2);
  });
});
