import { beforeAll, describe, expect, it } from "vitest";
import { continuousPilot, discretePilot } from "../../../test/support/lander-pilot.ts";
import { FormatError } from "../../errors.ts";
import { resumeRun, train } from "../../training/index.ts";
import { type AnyEnv, type Json, loadEnv, makeEnv } from "../index.ts";
import { packArray, unpackArray } from "../packing.ts";
import { LANDERS } from "./descriptions.ts";

beforeAll(() => loadEnv("LunarLander-v3"));

const pilotOf = (env: AnyEnv) => (env.actionSpace.kind === "discrete" ? discretePilot : continuousPilot);
/** With the time limit around it, which counts steps. */
type Saved = { wrapper: number; env: { start: Json; actions: { dtype: string; length: number; data: string } } };
const throughText = (state: Json | undefined): Saved => JSON.parse(JSON.stringify(state));

/** What is seen from here to the end of the episode, and of the one after it. */
function future(env: AnyEnv, observation: Float32Array): string[] {
  const seen: string[] = [];
  let latest = observation;
  for (let ends = 0; ends < 2; ) {
    const { observation, reward, terminated, truncated } = env.step(pilotOf(env)(latest));
    latest = observation as Float32Array;
    seen.push(`${new Uint32Array(latest.buffer).join()} ${reward} ${terminated} ${truncated}`);
    if (terminated || truncated) {
      ends++;
      latest = env.reset({}).observation as Float32Array;
    }
  }
  return seen;
}

/** A flight up to a moment, and its observation then. */
function until(env: AnyEnv, isThere: (observation: Float32Array, t: number) => boolean): Float32Array {
  let observation = env.reset({ seed: 3 }).observation as Float32Array;
  for (let t = 1; !isThere(observation, t); t++) {
    const result = env.step(pilotOf(env)(observation));
    observation = result.observation as Float32Array;
    if (result.terminated) throw new Error("the episode ended before");
  }
  return observation;
}

describe.each(Object.keys(LANDERS))("%s goes on exactly where it was saved", (id) => {
  const moments: Record<string, (observation: Float32Array, t: number) => boolean> = {
    "at the start": () => true,
    "in the air": (_, t) => t === 60,
    "when a leg touches the ground": ([, , , , , , right, left]) => right! + left! > 0,
  };
  it.each(Object.entries(moments))("%s", (_name, isThere) => {
    const env = makeEnv(id);
    const observation = until(env, isThere);
    const saved = throughText(env.state?.());
    const expected = future(env, observation);
    const other = makeEnv(id);
    other.restore?.(saved);
    expect(throughText(other.state?.())).toEqual(saved);
    expect(future(other, observation)).toEqual(expected);
    env.restore?.(saved);
    expect(future(env, observation)).toEqual(expected);
  });

  it("between its episodes too", () => {
    const env = makeEnv(id);
    env.reset({ seed: 1 });
    while (!env.step(id.includes("Continuous") ? Float32Array.of(-1, 0) : 0).terminated);
    const other = makeEnv(id);
    other.restore?.(throughText(env.state?.()));
    expect(() => other.step(0)).toThrow(/no episode is running/);
    expect(other.reset({})).toEqual(env.reset({}));
    const fresh = makeEnv(id);
    other.restore?.(throughText(fresh.state?.()));
    expect(() => other.step(0)).toThrow(/no episode is running/);
    expect(other.reset({})).toEqual(fresh.reset({}));
  });
});

it("a run goes on bit for bit in the middle of its episodes", () => {
  const config = { algorithm: "ppo", env: "LunarLander-v3", seed: 1, nEnvs: 2, nSteps: 130, steps: 780 };
  const whole = train(config);
  whole.iterate();
  const resumed = resumeRun(whole.checkpoint());
  for (const run of [whole, resumed]) while (!run.done) run.iterate();
  expect(resumed.parametersSha256()).toBe(whole.parametersSha256());
});

describe("a saved lander", () => {
  it("lies on the ground for many steps: saved at rest, with everything that touches", () => {
    const env = makeEnv("LunarLander-v3");
    let both = 0;
    const observation = until(env, ([, , , , , , right, left]) => {
      both = right! + left! === 2 ? both + 1 : 0;
      return both === 20;
    });
    const saved = throughText(env.state?.());
    const expected = future(env, observation);
    env.restore?.(saved);
    expect(future(env, observation)).toEqual(expected);
    // What decides is the whole past: one other action in it, and the future is another.
    const { start, actions } = saved.env;
    const past = new Uint8Array(actions.length);
    unpackArray("actions", actions, past);
    past[past.length - 1] = 3 - past.at(-1)!;
    env.restore?.({ ...saved, env: { start, actions: packArray(past) } });
    expect(future(env, observation)).not.toEqual(expected);
  });

  it("two at a time do not touch each other", () => {
    const [one, other] = [makeEnv("LunarLander-v3"), makeEnv("LunarLander-v3")];
    const alone = until(one, (_, t) => t === 100);
    one.reset({ seed: 3 });
    let observation = one.reset({ seed: 3 }).observation as Float32Array;
    other.reset({ seed: 9 });
    for (let t = 1; t < 100; t++) {
      observation = one.step(discretePilot(observation)).observation as Float32Array;
      if (other.step(t % 4).terminated) other.reset({});
    }
    expect(observation).toEqual(alone);
  });

  it.each<[string, (state: Saved["env"]) => Json]>([
    ["nothing", () => null],
    ["a start that is none", ({ actions }) => ({ start: { k0: 1 }, actions })],
    ["actions as a list", ({ start }) => ({ start, actions: [0, 1] })],
    [
      "a length that is not there",
      ({ start }) => ({ start, actions: { dtype: "Uint8Array", length: 1e9, data: "AAAA" } }),
    ],
    ["an action 4", ({ start }) => ({ start, actions: { dtype: "Uint8Array", length: 3, data: "BAQE" } })],
    [
      "more actions than the episode had",
      ({ start }) => ({ start, actions: { dtype: "Uint8Array", length: 3000, data: "AAAA".repeat(1000) } }),
    ],
  ])("is refused if it has %s", (_name, change) => {
    const env = makeEnv("LunarLander-v3");
    env.reset({ seed: 1 });
    env.step(0);
    const saved = throughText(env.state?.());
    expect(() => env.restore?.({ ...saved, env: change(saved.env) })).toThrow(FormatError);
  });

  it("is refused with half an action, or one that is no number", () => {
    const env = makeEnv("LunarLanderContinuous-v3");
    env.reset({ seed: 1 });
    const { wrapper, env: saved } = throughText(env.state?.());
    const withData = (length: number, data: string) => () =>
      env.restore?.({ wrapper, env: { ...saved, actions: { dtype: "Float32Array", length, data } } });
    expect(withData(1, "AAAAAA==")).toThrow(/packed actions/);
    expect(withData(2, "AADAfwAAAAA=")).toThrow(/actions of its space/);
    expect(withData(2, "AAAAAAAAAAA=")).not.toThrow();
  });
});
