import { describe, expect, it } from "vitest";
import { ConfigError } from "../../errors.ts";
import { Key } from "../../random/index.ts";
import { Box, Discrete } from "../../spaces/index.ts";
import type { Env, Json } from "../env.ts";
import {
  actionRescale,
  batch,
  frameStack,
  makeEnv,
  recordEpisodeStatistics,
  rewardClip,
  rewardScale,
  timeLimit,
} from "../index.ts";
import { envName, wrap } from "./wrap.ts";

/** Counts its steps, ends after `end` of them; reward is the number of the step times 10; draws, masks, saves itself. */
class Counter implements Env<ArrayLike<number>, number> {
  readonly observationSpace = new Box(-99, 99, [2]);
  readonly actionSpace = new Discrete(2);
  at = 0;
  drawn = 0;
  end = 1000;
  reset() {
    this.at = 0;
    return { observation: [0, 0], info: {} };
  }
  step(action: number) {
    this.at++;
    const observation = [this.at, action];
    return {
      observation,
      reward: 10 * this.at,
      terminated: this.at >= this.end,
      truncated: false,
      info: { at: this.at },
    };
  }
  render() {
    this.drawn++;
  }
  actionMask() {
    return Uint8Array.of(this.at % 2, 1);
  }
  state(): Json {
    return this.at;
  }
  restore(state: Json) {
    this.at = state as number;
  }
}

type Wrapper = (env: Counter) => Env<ArrayLike<number>, number>;
const WRAPPERS: [string, Wrapper][] = [
  ["timeLimit", (env) => timeLimit(env, 5)],
  ["rewardClip", (env) => rewardClip(env)],
  ["rewardScale", (env) => rewardScale(env, 0.1)],
  ["frameStack", (env) => frameStack(env, 3)],
  ["recordEpisodeStatistics", (env) => timeLimit(recordEpisodeStatistics(env), 5)],
  ["all of them", (env) => frameStack(rewardClip(recordEpisodeStatistics(timeLimit(env, 5))), 3)],
];

describe.each(WRAPPERS)("%s", (_name, wrapper) => {
  it("passes drawing, masks and the name on", () => {
    const env = new Counter();
    const wrapped = wrapper(env);
    wrapped.reset({});
    wrapped.render?.(undefined as unknown as CanvasRenderingContext2D);
    expect(env.drawn).toBe(1);
    expect(wrapped.actionMask?.()).toEqual(Uint8Array.of(0, 1));
    expect(envName(wrapped)).toBe("Counter");
  });

  it("goes on exactly from a state that went through JSON text", () => {
    const first = wrapper(new Counter());
    first.reset({});
    for (let t = 0; t < 3; t++) first.step(1);
    const second = wrapper(new Counter());
    second.restore?.(JSON.parse(JSON.stringify(first.state?.())));
    for (let t = 0; t < 3; t++) expect(second.step(t % 2)).toEqual(first.step(t % 2));
  });

  it("offers nothing that the environment does not offer", () => {
    const env = Object.assign(new Counter(), { render: undefined, actionMask: undefined, state: undefined });
    const wrapped = wrapper(env as unknown as Counter);
    expect(wrapped).not.toHaveProperty("render");
    expect(wrapped).not.toHaveProperty("actionMask");
    expect(wrapped).not.toHaveProperty("state");
    expect(wrapped).not.toHaveProperty("restore");
  });

  it("trains in a batch", () => {
    const env = batch(() => wrapper(new Counter()), 2);
    env.reset(Key.fromSeed(1));
    for (let t = 0; t < 4; t++) env.step(Float32Array.of(1, 0));
    const copy = batch(() => wrapper(new Counter()), 2);
    copy.restore(env.state());
    for (let t = 0; t < 4; t++) {
      env.step(Float32Array.of(1, 0));
      copy.step(Float32Array.of(1, 0));
    }
    expect(copy.observations).toEqual(env.observations);
    expect(copy.rewards).toEqual(env.rewards);
    expect(copy.truncated).toEqual(env.truncated);
  });
});

describe("timeLimit", () => {
  it("truncates at the limit, and starts anew with the episode", () => {
    const env = timeLimit(new Counter(), 3);
    for (let episode = 0; episode < 2; episode++) {
      env.reset({});
      expect([1, 2, 3].map(() => env.step(0).truncated)).toEqual([false, false, true]);
    }
  });
  it("leaves an end of the task in the last step as it is", () => {
    const env = timeLimit(Object.assign(new Counter(), { end: 2 }), 2);
    env.reset({});
    env.step(0);
    expect(env.step(0)).toMatchObject({ terminated: true, truncated: true });
  });
  it.each([0, 1.5, -1, Number.NaN])("refuses a limit of %d", (limit) => {
    expect(() => timeLimit(new Counter(), limit)).toThrow(ConfigError);
  });
});

describe("rewards", () => {
  it("are clipped and scaled", () => {
    const clipped = rewardClip(new Counter(), -5, 15);
    clipped.reset({});
    expect([clipped.step(0).reward, clipped.step(0).reward]).toEqual([10, 15]);
    const scaled = rewardScale(new Counter(), -0.5);
    scaled.reset({});
    expect([scaled.step(0).reward, scaled.step(0).reward]).toEqual([-5, -10]);
  });
  it("need sensible limits and factors", () => {
    expect(() => rewardClip(new Counter(), 1, 0)).toThrow(ConfigError);
    expect(() => rewardClip(new Counter(), Number.NaN, 0)).toThrow(ConfigError);
    expect(() => rewardScale(new Counter(), Infinity)).toThrow(ConfigError);
  });
});

describe("frameStack", () => {
  it("shows the last k observations, oldest first, the first one repeated at the start", () => {
    const env = frameStack(new Counter(), 3);
    expect(env.observationSpace.shape).toEqual([3, 2]);
    expect([...(env.reset({}).observation as Float64Array)]).toEqual([0, 0, 0, 0, 0, 0]);
    expect([...(env.step(1).observation as Float64Array)]).toEqual([0, 0, 0, 0, 1, 1]);
    env.step(0);
    expect([...(env.step(1).observation as Float64Array)]).toEqual([1, 1, 2, 0, 3, 1]);
    expect([...(env.reset({}).observation as Float64Array)]).toEqual([0, 0, 0, 0, 0, 0]);
  });
  it("repeats the bounds and hands out copies", () => {
    const env = frameStack(makeEnv("MountainCar-v0") as Env<ArrayLike<number>, number>, 2);
    const space = env.observationSpace as Box;
    expect([...space.low]).toEqual([-1.2, -0.07, -1.2, -0.07].map(Math.fround));
    const first = env.reset({ seed: 1 }).observation as Float64Array;
    const kept = first.slice();
    expect(env.observationSpace.contains(env.step(2).observation)).toBe(true);
    expect(first).toEqual(kept);
  });
  it("needs a Box and a positive k", () => {
    expect(() => frameStack(new Counter(), 0)).toThrow(ConfigError);
    const discrete = Object.assign(new Counter(), { observationSpace: new Discrete(2) });
    expect(() => frameStack(discrete as unknown as Counter, 2)).toThrow(/observationSpace must be a Box/);
  });
});

describe("actionRescale", () => {
  const taken: number[][] = [];
  const robot = (low: number | number[], high: number | number[]): Env<ArrayLike<number>, ArrayLike<number>> => ({
    observationSpace: new Box(-1, 1),
    actionSpace: new Box(low, high, [2]),
    reset: () => ({ observation: [0], info: {} }),
    step: (action) => {
      taken.push(Array.from(action));
      return { observation: [0], reward: 0, terminated: false, truncated: false, info: {} };
    },
  });
  it("maps −1 … 1, or any range, onto the environment's own", () => {
    const env = actionRescale(robot([0, -10], [4, 10]));
    expect(env.actionSpace.contains([-1, 1])).toBe(true);
    expect(env.actionSpace.contains([-1.1, 1])).toBe(false);
    for (const action of [
      [-1, -1],
      [1, 1],
      [0, 0.5],
      [2, 0],
    ])
      env.step(action);
    actionRescale(robot([0, -10], [4, 10]), 0, 10).step([5, 10]);
    expect(taken).toEqual([
      [0, -10],
      [4, 10],
      [2, 5],
      [6, 0],
      [2, 10],
    ]);
  });
  it("needs finite bounds", () => {
    expect(() => actionRescale(robot(-Infinity, Infinity))).toThrow(/actionSpace must be a Box with finite bounds/);
    expect(() => actionRescale(robot(-1, 1), 1, 1)).toThrow(ConfigError);
  });
});

describe("recordEpisodeStatistics", () => {
  it("tells return and length in the info of the last step, and nothing before", () => {
    const env = recordEpisodeStatistics(Object.assign(new Counter(), { end: 3 }));
    for (let episode = 0; episode < 2; episode++) {
      env.reset({});
      expect(env.step(0).info).toEqual({ at: 1 });
      env.step(0);
      expect(env.step(0).info).toEqual({ at: 3, episode: { return: 60, length: 3 } });
    }
  });
});

it("a plain object has no class name to be called by", () => {
  const env = { ...new Counter() };
  expect(envName(env)).toBe("environment");
  expect(envName(wrap(new Counter(), new Counter()))).toBe("Counter");
});
