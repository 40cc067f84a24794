import { describe, expect, it } from "vitest";
import { ConfigError, EnvironmentError, RunError, ShapeError } from "../errors.ts";
import { Key, type Random } from "../random/index.ts";
import { Box, Dict, Discrete, MultiBinary, MultiDiscrete, type Space } from "../spaces/index.ts";
import type { AnyEnv, Json, StepResult } from "./env.ts";
import { batch, makeEnv } from "./index.ts";
import { loadRandom, saveRandom, seededRandom } from "./seeding.ts";

const KEY = Key.fromSeed(5);

/** Shows random values of its space and ends after a few steps; everything a user's environment may have. */
class Showing implements AnyEnv {
  readonly observationSpace: Space<unknown>;
  readonly actionSpace: Space<unknown> = new Discrete(3);
  last: unknown;
  #random: Random = seededRandom(0);
  #steps = 0;

  constructor(observationSpace: Space<unknown>) {
    this.observationSpace = observationSpace;
  }
  reset(options: { seed?: number }) {
    if (options.seed !== undefined) this.#random = seededRandom(options.seed);
    this.#steps = 0;
    return { observation: this.#show(), info: {} };
  }
  step(action: unknown): StepResult<unknown> {
    this.#steps++;
    const observation = this.#show();
    const terminated = this.#random.uniform() < 0.1;
    const truncated = this.#steps >= 7;
    return { observation, reward: Number(action), terminated, truncated, info: { steps: this.#steps } };
  }
  state(): Json {
    return { random: saveRandom(this.#random), steps: this.#steps };
  }
  restore(state: Json): void {
    const { random, steps } = state as { random: Json; steps: number };
    this.#random = loadRandom(random);
    this.#steps = steps;
  }
  #show(): unknown {
    this.last = this.observationSpace.sample(this.#random);
    return this.last;
  }
}

const OBSERVATIONS: [string, Space<unknown>][] = [
  ["Box", new Box(-1, 1, [2, 3])],
  ["Box of bytes", new Box(0, 255, [4], "uint8")],
  ["Discrete", new Discrete(4, -2)],
  ["MultiDiscrete", new MultiDiscrete([2, 3])],
  ["MultiBinary", new MultiBinary(3)],
  ["Dict", new Dict({ a: new Box(0, 1), b: new Discrete(2), c: new Dict({ d: new MultiBinary(2) }) })],
];

describe.each(OBSERVATIONS)("observations of %s", (_name, space) => {
  it("are encoded row by row, the last ones of an episode beside", () => {
    const envs: Showing[] = [];
    const env = batch(() => {
      envs.push(new Showing(space));
      return envs[envs.length - 1];
    }, 3);
    env.reset(KEY);
    const expected = new Float32Array(env.observations.length);
    let ends = 0;
    for (let t = 0; t < 60; t++) {
      env.step(Float32Array.of(0, 1, 2));
      envs.forEach((one, n) => {
        space.flatten(one.last, expected, n * space.flatSize);
      });
      expect(env.observations).toEqual(expected);
      for (let n = 0; n < 3; n++) {
        const ended = env.terminated[n] + env.truncated[n];
        expect(ended).toBeLessThanOrEqual(1);
        expect(env.finalInfos?.[n] !== undefined).toBe(ended === 1);
        ends += ended;
      }
      expect([...env.rewards]).toEqual([0, 1, 2]);
    }
    expect(ends).toBeGreaterThan(20);
    expect(env.finalObservations.some((x) => x !== 0)).toBe(true);
  });

  it("go on exactly from a state that went through JSON text", () => {
    const make = () => batch(() => new Showing(space), 3);
    const first = make();
    first.reset(KEY);
    for (let t = 0; t < 10; t++) first.step(new Float32Array(3));
    const second = make();
    expect(second.canRestore).toBe(true);
    second.restore(JSON.parse(JSON.stringify(first.state())));
    for (let t = 0; t < 40; t++) {
      expect(second.observations).toEqual(first.observations);
      first.step(new Float32Array(3));
      second.step(new Float32Array(3));
    }
    expect(second.state()).toEqual(first.state());
  });
});

/** A plain object that does everything right, with one thing replaced. */
function corridor(replaced: Partial<Record<keyof AnyEnv, unknown>> = {}): AnyEnv {
  let at = 0;
  const env = {
    observationSpace: new Box(0, 5, [2]),
    actionSpace: new Discrete(2),
    reset: () => {
      at = 0;
      return { observation: [at, 1], info: {} };
    },
    step: (action: number) => {
      at = Math.max(0, at + (action === 1 ? 1 : -1));
      return { observation: [at, 1], reward: 0, terminated: at === 5, truncated: false, info: { at } };
    },
    ...replaced,
  };
  return env as AnyEnv;
}

describe("a user's plain object", () => {
  it("is enough, without state or render", () => {
    const env = batch(() => corridor(), 2, { name: "Corridor" });
    expect(env.canRestore).toBe(false);
    expect(env.render).toBeUndefined();
    expect(env.actionMasks).toBeUndefined();
    env.reset(KEY);
    for (let t = 0; t < 5; t++) env.step(Float32Array.of(1, 0));
    expect([...env.terminated]).toEqual([1, 0]);
    expect([...env.finalObservations.subarray(0, 2)]).toEqual([5, 1]);
    expect([...env.observations]).toEqual([0, 1, 0, 1]);
    expect(env.finalInfos).toEqual([{ at: 5 }, undefined]);
    expect(env.state()).toBeNull();
    env.restore(null);
  });

  it("may return a live object as its state", () => {
    const live = { at: 0 };
    const step = () => {
      live.at++;
      return { observation: [live.at, 0], reward: 0, terminated: false, truncated: false, info: {} };
    };
    const env = batch(() => corridor({ step, state: () => live, restore: () => undefined }), 1);
    env.reset(KEY);
    const saved = env.state();
    env.step(Float32Array.of(1));
    expect(saved).toMatchObject({ envs: [{ at: 0 }] });
  });

  it.each<[string, unknown, string]>([
    ["a Map", { seen: new Map() }, '\\.seen must be JSON: .*; got "Map"$'],
    ["a typed array", { board: [Float32Array.of(1)] }, '\\.board\\[0\\] must be JSON: .*; got "Float32Array"$'],
    ["NaN", [1, Number.NaN], "\\[1\\] must be JSON: .*; got NaN$"],
    ["nothing", undefined, ' must be JSON: .*; got "undefined"$'],
  ])("has a state that a checkpoint can hold, not %s", (_name, state, rest) => {
    const env = batch(() => corridor({ state: () => state, restore: () => undefined }), 1);
    env.reset(KEY);
    expect(() => env.state()).toThrow(new RegExp(`^state of environment 0 \\(.*\\)${rest}`));
  });

  it("has a state without circles", () => {
    const state: Record<string, unknown> = {};
    state.self = { state };
    const env = batch(() => corridor({ state: () => state, restore: () => undefined }), 1);
    expect(() => env.state()).toThrow(/\.self\.state must be JSON: .*; got "a circle"$/);
    const shared = batch(() => corridor({ state: () => [[1], [1]].fill([2]), restore: () => undefined }), 1);
    expect(shared.state()).toMatchObject({ envs: [[[2], [2]]] });
  });

  it("both ended and cut off counts as ended", () => {
    const both = { observation: [0, 0], reward: 0, terminated: true, truncated: true, info: {} };
    const env = batch(() => corridor({ step: () => both }), 1);
    env.reset(KEY);
    env.step(Float32Array.of(0));
    expect([env.terminated[0], env.truncated[0]]).toEqual([1, 0]);
  });

  it("gets a seed of its own in the first reset and none later", () => {
    const seeds: unknown[] = [];
    const end = { observation: [0, 0], reward: 0, terminated: true, truncated: false, info: {} };
    const reset = (options: { seed?: number }) => {
      seeds.push(options.seed);
      return { observation: [0, 0], info: {} };
    };
    const env = batch(() => corridor({ reset, step: () => end }), 2);
    env.reset(KEY);
    env.step(Float32Array.of(0, 0));
    expect(seeds).toEqual([expect.any(Number), expect.any(Number), undefined, undefined]);
    expect(seeds[0]).not.toBe(seeds[1]);
  });
});

describe("breaches of the contract are one sentence with environment, field and value", () => {
  const step = (changes: object) => () => ({
    observation: [0, 1],
    reward: 0,
    terminated: false,
    truncated: false,
    info: {},
    ...changes,
  });
  const where = String.raw`environment 1 \(Corridor\)`;
  const breaches: [string, Partial<Record<keyof AnyEnv, unknown>>][] = [
    [`observation of ${where} must be a flat array of 2 numbers; got \\[0\\]`, { step: step({ observation: [0] }) }],
    [
      `observation\\[1\\] of ${where} must be a finite number; got NaN`,
      { step: step({ observation: [0, Number.NaN] }) },
    ],
    [
      `observation\\[0\\] of ${where} must be a finite number; got Infinity`,
      { step: step({ observation: [Infinity, 0] }) },
    ],
    [`observation of ${where} must be a flat array of 2 numbers$`, { step: step({ observation: undefined }) }],
    [`reward of ${where} must be a finite number; got NaN`, { step: step({ reward: Number.NaN }) }],
    [`reward of ${where} must be a finite number; got "1"`, { step: step({ reward: "1" }) }],
    [`terminated of ${where} must be true or false; got 1`, { step: step({ terminated: 1 }) }],
    [`truncated of ${where} must be true or false$`, { step: step({ truncated: undefined }) }],
    [`the result of step of ${where} must be an object .*; got 3`, { step: () => 3 }],
    [`the result of reset of ${where} must be an object .*; got \\[0,1\\]`, { reset: () => [0, 1] }],
    [
      `step of ${where} failed: TypeError: no wheel`,
      {
        step: () => {
          throw new TypeError("no wheel");
        },
      },
    ],
    [`actionMask of ${where} must be a Uint8Array of 2 entries; got \\[1,1\\]`, { actionMask: () => [1, 1] }],
    [`actionMask of ${where} must be 1 for at least one action`, { actionMask: () => Uint8Array.of(0, 0) }],
  ];
  it.each(breaches)("%s", (message, replaced) => {
    const env = batch((n) => corridor(n === 1 ? replaced : {}), 2, { name: "Corridor" });
    const run = () => {
      env.reset(KEY);
      env.step(Float32Array.of(0, 0));
    };
    expect(run).toThrow(EnvironmentError);
    expect(run).toThrow(new RegExp(`^${message}`));
  });

  it("keeps the cause of an exception", () => {
    const cause = new RangeError("x");
    const env = batch(
      () =>
        corridor({
          reset: () => {
            throw cause;
          },
        }),
      1,
    );
    expect(() => env.reset(KEY)).toThrow(expect.objectContaining({ cause }));
  });

  it("lets finite observations outside the bounds pass", () => {
    const env = batch(() => corridor({ step: step({ observation: [-7, 99] }) }), 1);
    env.reset(KEY);
    env.step(Float32Array.of(0));
    expect([...env.observations]).toEqual([-7, 99]);
  });
});

describe("action masks", () => {
  it("are refreshed by reset and step", () => {
    let at = 0;
    const env = batch(
      () =>
        corridor({
          reset: () => {
            at = 0;
            return { observation: [at, 0], info: {} };
          },
          step: () => ({ observation: [++at, 0], reward: 0, terminated: at === 3, truncated: false, info: {} }),
          actionMask: () => Uint8Array.of(at === 0 ? 0 : 1, 1),
        }),
      1,
    );
    env.reset(KEY);
    const masks = [];
    for (let t = 0; t < 4; t++) {
      masks.push([...(env.actionMasks ?? [])]);
      env.step(Float32Array.of(1));
    }
    expect(masks).toEqual([
      [0, 1],
      [1, 1],
      [1, 1],
      [0, 1],
    ]);
  });
});

describe("what cannot be batched", () => {
  it("one object for all", () => {
    const one = corridor();
    expect(() => batch(() => one, 2)).toThrow(ConfigError);
  });
  it("different spaces", () => {
    const make = (n: number) => corridor({ observationSpace: new Box(0, 5, [2 + n]) });
    expect(() => batch(make, 2, { name: "Corridor" })).toThrow(/^observationSpace of environment 1 \(Corridor\)/);
  });
  it.each([0, 1.5, -1, Number.NaN])("%d environments", (count) => {
    expect(() => batch(() => corridor(), count)).toThrow(/^count must be a positive integer/);
  });
  it("no space at all", () => {
    expect(() => batch(() => corridor({ actionSpace: undefined }), 1)).toThrow(EnvironmentError);
  });
  it("steps before a reset, actions of another size, indices that do not exist", () => {
    const env = batch(() => corridor(), 2);
    expect(() => env.step(new Float32Array(2))).toThrow(EnvironmentError);
    env.reset(KEY);
    expect(() => env.step(new Float32Array(3))).toThrow(ShapeError);
    expect(() => env.step(Float32Array.of(0, 2))).toThrow(RunError);
    expect(() => env.step(Float32Array.of(0, Number.NaN))).toThrow(
      /^action for environment 1 .*must be an integer from 0 to 1/,
    );
  });
});

it("says what makeEnv must be and return", () => {
  const one = makeEnv("CartPole-v1");
  const given =
    (makeEnv: unknown, count = 2) =>
    () =>
      batch(makeEnv as () => AnyEnv, count, { name: "custom" });
  expect(given(() => one)).toThrow("makeEnv must be a function that makes a new environment in every call");
  expect(given(one)).toThrow(
    "makeEnv must be a function that makes an environment. One environment alone cannot stand for several: give () => new MyEnv().",
  );
  expect(given("CartPole-v1")).toThrow('makeEnv must be a function that makes an environment; got "CartPole-v1"');
  expect(given(() => undefined)).toThrow('what makeEnv returns must be an environment; got "undefined"');
  expect(given(() => ({ step: 1 }), 1)).toThrow('what makeEnv returns must be an environment; got {"step":1}');
});
