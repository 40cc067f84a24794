import { describe, expect, it } from "vitest";
import { batch, type Env, frameStack, rewardScale, timeLimit } from "../../envs/index.ts";
import { Key, type Random } from "../../random/index.ts";
import { Box, Discrete } from "../../spaces/index.ts";
import { plan } from "../../tensor/index.ts";
import { observationForm, ReplayBuffer, type ReplaySizes, replayInputs } from "./index.ts";

/** Frames of random bytes; episodes of random length end in both ways. */
class Noise implements Env<ArrayLike<number>, number> {
  readonly observationSpace: Box;
  readonly actionSpace = new Discrete(2);
  readonly #random: Random;

  constructor(n: number, size: number, dtype: "uint8" | "float32") {
    this.observationSpace = new Box(0, 255, [size], dtype);
    this.#random = Key.fromSeed(5).split("noise", n).stream();
  }

  #frame(): ArrayLike<number> {
    return this.observationSpace.sample(this.#random);
  }

  reset() {
    return { observation: this.#frame(), info: {} };
  }

  step() {
    const terminated = this.#random.uniform() < 0.15;
    return { observation: this.#frame(), reward: 1, terminated, truncated: this.#random.uniform() < 0.1, info: {} };
  }
}

const rest = { capacity: 60, actionShape: [], actionType: "int32", maskSize: 0 } as const;

/** The same steps in a buffer of the environments' own form and one that keeps everything whole. */
function both(dtype: "uint8" | "float32", depth: number, envs: number) {
  const env = batch((n) => timeLimit(frameStack(new Noise(n, 5, dtype), depth), 9), envs);
  env.reset(Key.fromSeed(1));
  const compact = new ReplayBuffer({ ...rest, envs, ...observationForm(env) });
  const whole = new ReplayBuffer({ ...rest, envs, observationSize: env.observationSpace.flatSize });
  const take = (buffers: readonly ReplayBuffer[]) => {
    for (const buffer of buffers) buffer.observe(env);
    env.step(new Float32Array(envs));
    for (const buffer of buffers) buffer.record(new Float32Array(envs), env);
  };
  return { env, compact, whole, take };
}

function contents(buffer: ReplayBuffer, n = 1) {
  const rows = Int32Array.from({ length: buffer.size }, (_, row) => row);
  const recorded = plan(replayInputs(rows.length), (inputs) => buffer.minibatch(inputs));
  buffer.window(rows, n, 0.9, recorded.inputs);
  const { observations, nextObservations } = recorded.run();
  const read = (which: "observations" | "nextObservations") =>
    Array.from(rows, (row) => {
      const out = new Float32Array(buffer.sizes.observationSize);
      buffer.store.read(which, row, out);
      return [...out];
    }).flat();
  const list = (data: ArrayLike<number>) => Array.from(data);
  const read1 = n === 1 && { read: read("observations"), readNext: read("nextObservations") };
  return { observations: list(observations.data), nextObservations: list(nextObservations.data), ...read1 };
}

const forms = [
  ["uint8", 1, 1],
  ["uint8", 4, 1],
  ["uint8", 3, 3],
  ["float32", 2, 3],
  ["float32", 4, 2],
] as const;

describe("observation stores", () => {
  it.each(forms)(
    "give back %s stacks of %i frames of %i environments as they were, over ends and the ring's",
    (...form) => {
      const { compact, whole, take } = both(...form);
      for (let t = 0; t < 150; t++) {
        take([compact, whole]);
        if (t % 7 === 0 || t > 140) expect(contents(compact)).toEqual(contents(whole));
        if (t % 49 === 0) expect(contents(compact, 3)).toEqual(contents(whole, 3));
      }
      const saved = compact.save();
      expect(Object.keys(saved.arrays)).toEqual(expect.arrayContaining([form[1] > 1 ? "frames" : "observations"]));
    },
  );

  it.each(forms)("go on from what they saved: %s stacks of %i, %i environments", (...form) => {
    for (const steps of [0, 5, 77]) {
      const { compact, whole, take } = both(...form);
      for (let t = 0; t < steps; t++) take([compact, whole]);
      const again = new ReplayBuffer(compact.sizes);
      again.load(structuredClone(compact.save()));
      for (let t = 0; t < 30; t++) take([compact, again, whole]);
      expect(contents(again)).toEqual(contents(whole));
      expect(again.save()).toEqual(compact.save());
    }
  });

  it.each(forms)("know of episodes that were left: %s stacks of %i, %i environments", (...form) => {
    const { env, compact, whole, take } = both(...form);
    for (let t = 0; t < 10; t++) take([compact, whole]);
    env.reset(Key.fromSeed(2));
    for (const buffer of [compact, whole]) buffer.cut();
    for (let t = 0; t < 10; t++) take([compact, whole]);
    expect(contents(compact)).toEqual(contents(whole));
  });

  it("would be noticed if what was left were not said", () => {
    const { env, compact, whole, take } = both("uint8", 4, 1);
    take([compact, whole]);
    env.reset(Key.fromSeed(2));
    take([compact, whole]);
    expect(contents(compact)).not.toEqual(contents(whole));
  });

  it("keep bytes in a quarter of the memory, and stacks of 4 in an eighth of that for s and s′", () => {
    const space = new Box(0, 255, [4, 84, 84], "uint8");
    const image = { ...rest, capacity: 400, envs: 1, observationSize: space.flatSize } satisfies ReplaySizes;
    const stack = space.flatSize;
    const others = 400 * (4 + 4 + 2);
    expect(new ReplayBuffer(image).bytes - others).toBe(400 * 2 * stack * 4);
    const bytes = new ReplayBuffer({ ...image, observationType: "uint8" });
    expect(bytes.bytes - others).toBe(400 * 2 * stack);
    const frames = new ReplayBuffer({ ...image, observationType: "uint8", stackedFrames: 4 });
    for (let t = 0; t < 400; t++) {
      frames.observe({ observations: new Float32Array(stack) });
      frames.record([0], {
        observations: new Float32Array(stack),
        finalObservations: new Float32Array(stack),
        rewards: [0],
        terminated: Uint8Array.of(t % 200 === 199 ? 1 : 0),
        truncated: Uint8Array.of(0),
      });
    }
    expect((frames.bytes - others) / (400 * stack)).toBeLessThan(0.26);
    expect((frames.bytes - others) / (bytes.bytes - others)).toBeLessThan(0.13);
  });

  it("show whole observations where they are kept", () => {
    const { compact, whole, take } = both("uint8", 4, 1);
    for (let t = 0; t < 3; t++) take([compact, whole]);
    const { observations, nextObservations } = contents(whole);
    expect([...whole.observations.data.slice(0, 60)]).toEqual(observations);
    expect([...whole.nextObservations.data.slice(0, 60)]).toEqual(nextObservations);
    expect(() => compact.observations).toThrow(/stacked frames are not kept as whole/);
  });

  it("are chosen by what environments say, and wrappers hand on", () => {
    const stacked = () => rewardScale(timeLimit(frameStack(new Noise(0, 5, "uint8"), 4), 9), 2);
    expect(observationForm(batch(stacked, 1))).toEqual({
      observationSize: 20,
      observationType: "uint8",
      stackedFrames: 4,
    });
    const plain = batch(() => new Noise(0, 5, "float32"), 1);
    expect(observationForm(plain)).toEqual({
      observationSize: 5,
      observationType: "float32",
      stackedFrames: undefined,
    });
  });

  it("refuse stacks that do not divide an observation, and ages that lead out of what is stored", () => {
    const image = { ...rest, envs: 1, observationSize: 7, stackedFrames: 2 };
    expect(() => new ReplayBuffer(image)).toThrow(/divisor of the 7 entries/);
    const { compact, take } = both("uint8", 4, 1);
    for (let t = 0; t < 3; t++) take([compact]);
    const { added, arrays } = compact.save();
    const ages = { ...arrays.ages!, data: Uint8Array.of(3, 0, 0, 0) };
    expect(() => compact.load({ added, arrays: { ...arrays, ages } })).toThrow(/not there/);
    expect(() => compact.load({ added, arrays: { ...arrays, ages: { ...ages, data: new Uint8Array(2) } } })).toThrow(
      /not 4/,
    );
  });
});
