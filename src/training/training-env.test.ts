import { describe, expect, it } from "vitest";
import { corridor } from "../../test/support/corridor.ts";
import type { AnyEnv } from "../envs/index.ts";
import { makeBatch, normalizeReward } from "../envs/index.ts";
import { Key } from "../random/index.ts";
import { parseConfig, resumeRun, train } from "./index.ts";
import { makeTrainingEnv } from "./training-env.ts";

describe("the environments of a run", () => {
  it.each([0, 0.5, 0.9999])("scale rewards by returns discounted as the algorithm's are: gamma = %d", (gamma) => {
    const config = parseConfig({ algorithm: "ppo", env: "Pendulum-v1", nEnvs: 3, gamma, normalizeReward: true });
    const { env } = makeTrainingEnv(config);
    const expected = normalizeReward(makeBatch("Pendulum-v1", 3), { gamma });
    const other = normalizeReward(makeBatch("Pendulum-v1", 3), { gamma: 0.99 });
    for (const each of [env, expected, other]) each.reset(Key.fromSeed(1));
    for (let t = 0; t < 5; t++) for (const each of [env, expected, other]) each.step(new Float32Array(3));
    expect(env.rewards).toEqual(expected.rewards);
    expect(env.rewards).not.toEqual(other.rewards);
  });

  it("begin other episodes where a run is resumed that cannot go on in its own, and always the same", () => {
    const seeds: (number | undefined)[] = [];
    const makeEnv = (): AnyEnv => {
      const env = corridor() as AnyEnv;
      const reset: AnyEnv["reset"] = (options) => {
        seeds.push(options.seed);
        return env.reset(options);
      };
      return { ...env, reset, state: undefined, restore: undefined };
    };
    const seedsOf = (start: () => unknown) => {
      seeds.length = 0;
      start();
      return seeds.filter((seed) => seed !== undefined);
    };
    const config = { algorithm: "ppo", env: "corridor", steps: 96, nEnvs: 2, nSteps: 16, batchSize: 32 };
    const run = train(config, { makeEnv });
    const first = seedsOf(() => train(config, { makeEnv }));
    const resumed = [0, 1].map(() => {
      run.iterate();
      const bytes = run.checkpoint();
      const again = seedsOf(() => resumeRun(bytes, { makeEnv }));
      expect(seedsOf(() => resumeRun(bytes, { makeEnv }))).toEqual(again);
      return again;
    });
    expect(first).toHaveLength(2);
    expect(new Set([...first, ...resumed.flat()]).size).toBe(6);
  });
});
