import { describe, expect, it } from "vitest";
import { EnvironmentError, FormatError, RunError, ShapeError } from "../errors.ts";
import { Key, type Random } from "../random/index.ts";
import type { BatchEnv, Json } from "./env.ts";
import { batch, cartPole, envIds, envSpec, loadEnv, makeBatch, makeEnv, NativeBatch } from "./index.ts";
import { episodeSeed } from "./seeding.ts";

await Promise.all(envIds().map(loadEnv));
const IDS = envIds();
const KEY = Key.fromSeed(42);

function randomActions(env: BatchEnv, random: Random): Float32Array {
  const { actionSize } = env.actionSpace;
  const actions = new Float32Array(env.count * actionSize);
  for (let n = 0; n < env.count; n++) {
    env.actionSpace.flattenAction(env.actionSpace.sample(random), actions, n * actionSize);
  }
  return actions;
}

/** Bit for bit, −0 and 0 apart. */
function bits(row: Float32Array | Float64Array): string {
  return Buffer.from(row.buffer, row.byteOffset, row.byteLength).toString("latin1");
}

/** Everything a batch shows, for comparing bits. */
function view(env: BatchEnv) {
  const { flatSize } = env.observationSpace;
  const final = env.finalObservations.slice();
  for (let n = 0; n < env.count; n++) {
    if (!env.terminated[n] && !env.truncated[n]) final.fill(0, n * flatSize, (n + 1) * flatSize);
  }
  const { observations, rewards, terminated, truncated } = env;
  // Text, as comparing a hundred thousand pixels one by one takes longer than making them.
  return {
    observations: bits(observations),
    rewards: bits(rewards),
    final: bits(final),
    ends: `${terminated} ${truncated}`,
  };
}

/** Plays environment n of a batch by hand with a plain one and compares all that the batch says about it. */
function expectSameAsPlain(env: BatchEnv, id: string, steps: number): void {
  const plain = Array.from({ length: env.count }, () => makeEnv(id));
  env.reset(KEY);
  const { observationSpace, actionSpace } = env;
  const { flatSize } = observationSpace;
  const observe = (n: number, rows: Float32Array) => bits(rows.slice(n * flatSize, (n + 1) * flatSize));
  const { maskSize } = actionSpace;
  const maskOf = (n: number) => env.actionMasks?.slice(n * maskSize, (n + 1) * maskSize).join();
  const flat = (observation: unknown) => {
    const row = new Float32Array(flatSize);
    observationSpace.flatten(observation, row, 0);
    return bits(row);
  };
  plain.forEach((one, n) => {
    expect(observe(n, env.observations)).toBe(flat(one.reset({ seed: episodeSeed(KEY, n) }).observation));
    expect(maskOf(n)).toBe(one.actionMask?.().join());
  });
  const random = Key.fromSeed(7).stream();
  for (let t = 0; t < steps; t++) {
    const actions = randomActions(env, random);
    env.step(actions);
    // One comparison for each step: an `expect` of its own for every value takes ten times as long.
    const said: unknown[] = [];
    const expected: unknown[] = [];
    plain.forEach((one, n) => {
      const result = one.step(actionSpace.unflattenAction(actions, n * actionSpace.actionSize));
      said.push(env.rewards[n], env.terminated[n], env.truncated[n]);
      expected.push(result.reward, +result.terminated, +(result.truncated && !result.terminated));
      if (result.terminated || result.truncated) {
        said.push(observe(n, env.finalObservations));
        expected.push(flat(result.observation));
        result.observation = one.reset({}).observation;
      }
      said.push(observe(n, env.observations), maskOf(n));
      expected.push(flat(result.observation), one.actionMask?.().join());
    });
    expect(said.join(" ")).toBe(expected.join(" "));
  }
}

describe.each(IDS)("%s", (id) => {
  /** Past the first time limit, or the end of a game that has a far one. */
  const steps = Math.min(envSpec(id).maxEpisodeSteps ?? 200, 1000) + 100;

  it("gives the same bits natively, through batch(), and by hand", () => {
    expectSameAsPlain(makeBatch(id, 3), id, steps);
    expectSameAsPlain(
      batch(() => makeEnv(id), 3),
      id,
      300,
    );
  });

  it("does not depend on how many environments are beside one", () => {
    const large = makeBatch(id, 5);
    const small = makeBatch(id, 2);
    large.reset(KEY);
    small.reset(KEY);
    const random = Key.fromSeed(1).stream();
    for (let t = 0; t < 300; t++) {
      const actions = randomActions(large, random);
      large.step(actions);
      small.step(actions.slice(0, small.count * small.actionSpace.actionSize));
    }
    expect([...small.observations]).toEqual([...large.observations.subarray(0, small.observations.length)]);
  });

  it("goes on exactly from a state that went through JSON text, in another batch", () => {
    const first = makeBatch(id, 4);
    first.reset(KEY);
    const random = Key.fromSeed(2).stream();
    for (let t = 0; t < 250; t++) first.step(randomActions(first, random));
    const second = makeBatch(id, 4);
    second.restore(JSON.parse(JSON.stringify(first.state())));
    expect(view(second)).toEqual(view(first));
    for (let t = 0; t < steps; t++) {
      const actions = randomActions(first, random);
      first.step(actions);
      second.step(actions);
    }
    expect(view(second)).toEqual(view(first));
    expect(JSON.stringify(second.state())).toBe(JSON.stringify(first.state()));
  });

  it("plays other episodes for another key, unless it is deterministic, and the same ones for the same key", () => {
    const env = makeBatch(id, 2);
    const { deterministic = false } = makeEnv(id);
    const { actionSize } = env.actionSpace;
    const { flatSize } = env.observationSpace;
    /** What each of the two environments showed, while both did the same. */
    const play = (key: Key) => {
      env.reset(key);
      const random = Key.fromSeed(1).stream();
      const shown: string[][] = [[], []];
      for (let t = 0; t < 60; t++) {
        shown.forEach((moments, n) => {
          const observation = bits(env.observations.slice(n * flatSize, (n + 1) * flatSize));
          moments.push(`${observation} ${env.rewards[n]} ${env.terminated[n]}`);
        });
        const actions = randomActions(env, random);
        actions.copyWithin(actionSize, 0, actionSize);
        env.step(actions);
      }
      return shown;
    };
    const first = play(KEY);
    expect(play(KEY)).toEqual(first);
    const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
    expect(isSame(play(Key.fromSeed(43)), first)).toBe(deterministic);
    expect(isSame(first[0], first[1])).toBe(deterministic);
  });

  it("keeps its arrays for life", () => {
    const env = makeBatch(id, 2);
    const { observations, rewards, terminated, truncated, finalObservations } = env;
    env.reset(KEY);
    env.step(randomActions(env, Key.fromSeed(1).stream()));
    env.restore(env.state());
    expect(env.observations).toBe(observations);
    expect(env.rewards).toBe(rewards);
    expect(env.terminated).toBe(terminated);
    expect(env.truncated).toBe(truncated);
    expect(env.finalObservations).toBe(finalObservations);
  });
});

describe("negative controls for the comparison with plain environments", () => {
  const broken = (change: (env: BatchEnv) => void): BatchEnv => {
    const env = makeBatch("CartPole-v1", 3);
    const step = env.step.bind(env);
    env.step = (actions) => {
      step(actions);
      change(env);
    };
    return env;
  };
  const control = (change: (env: BatchEnv) => void) => () => expectSameAsPlain(broken(change), "CartPole-v1", 300);

  it(
    "passes where nothing is broken",
    control(() => undefined),
  );
  it("sees a batch that forgets final observations", () => {
    expect(control((env) => env.finalObservations.fill(0))).toThrow(/expected/);
  });
  it("sees a batch that keeps the first observation of the next episode as the final one", () => {
    expect(control((env) => env.finalObservations.set(env.observations))).toThrow(/expected/);
  });
  it("sees a batch that keeps the action masks of an earlier step", () => {
    const env = makeBatch("TaxiMasked-v4", 2);
    const step = env.step.bind(env);
    env.step = (actions) => {
      const before = env.actionMasks!.slice();
      step(actions);
      env.actionMasks!.set(before);
    };
    expect(() => expectSameAsPlain(env, "TaxiMasked-v4", 300)).toThrow(/expected/);
  });
  it("sees a batch that takes a time limit for an end of the task", () => {
    const take = (env: BatchEnv) => {
      for (let n = 0; n < env.count; n++) if (env.truncated[n]) env.terminated[n] = 1;
    };
    const env = makeBatch("Pendulum-v1", 2);
    const step = env.step.bind(env);
    env.step = (actions) => {
      step(actions);
      take(env);
    };
    expect(() => expectSameAsPlain(env, "Pendulum-v1", 300)).toThrow(/expected/);
  });
});

it("an episode that ends by itself in its last permitted step is terminated, not truncated", () => {
  const free = new NativeBatch("CartPole", cartPole(), 1, Infinity);
  free.reset(KEY);
  let steps = 0;
  do {
    free.step(Float32Array.of(1));
    steps++;
  } while (!free.terminated[0]);
  for (const [limit, flags] of [
    [steps, [1, 0]],
    [steps - 1, [0, 1]],
  ] as const) {
    const limited = new NativeBatch("CartPole", cartPole(), 1, limit);
    limited.reset(KEY);
    for (let t = 0; t < limit; t++) limited.step(Float32Array.of(1));
    expect([limited.terminated[0], limited.truncated[0]]).toEqual(flags);
  }
});

describe("what cannot be", () => {
  const env = makeBatch("CartPole-v1", 2);
  const continuous = makeBatch("Pendulum-v1", 2);
  continuous.reset(KEY);

  it("a step before the first reset", () => {
    expect(() => makeBatch("CartPole-v1", 2).step(new Float32Array(2))).toThrow(EnvironmentError);
  });

  it.each([[[0]], [[0, 1, 1]]])("%j as the actions of two environments", (actions) => {
    env.reset(KEY);
    expect(() => env.step(Float32Array.from(actions))).toThrow(ShapeError);
  });

  it.each([2, -1, 0.5, Number.NaN, Infinity])("the discrete action %d", (action) => {
    env.reset(KEY);
    expect(() => env.step(Float32Array.of(0, action))).toThrow(RunError);
    expect(() => env.step(Float32Array.of(0, action))).toThrow(
      /^action 1 for CartPole-v1 must be an index from 0 to 1; got/,
    );
  });

  it.each([Number.NaN, Infinity, -Infinity])("the continuous action %d", (action) => {
    expect(() => continuous.step(Float32Array.of(0, action))).toThrow(
      /^action 1 for Pendulum-v1 must be a finite number/,
    );
  });

  it("a state that is damaged, of another size or not finite", () => {
    env.reset(KEY);
    const state = env.state() as Record<string, Json>;
    const packed = state.states as { data: string };
    const other = makeBatch("CartPole-v1", 3);
    other.reset(KEY);
    const infinite = { ...packed, data: packed.data.replace(/^.{11}/, "AAAAAAAA8H8".slice(0, 11)) };
    for (const damaged of [
      null,
      {},
      [],
      other.state(),
      { ...state, random: [] },
      { ...state, random: [null, null] },
      { ...state, states: { ...packed, data: `!${packed.data.slice(1)}` } },
      { ...state, states: infinite },
      { ...state, elapsed: packed },
    ]) {
      expect(() => env.restore(damaged as Json)).toThrow(FormatError);
    }
    env.restore(state);
  });
});
