import { describe, expect, it } from "vitest";
import { Key } from "../../random/index.ts";
import { Box, Discrete } from "../../spaces/index.ts";
import type { AnyEnv } from "../env.ts";
import { batch, checkEnv, makeBatch, makeEnv } from "../index.ts";
import { normalizeObservation } from "../wrappers/normalize-observation.ts";
import { rewardScale } from "../wrappers/reward-scale.ts";
import { digitImages } from "./decode.ts";

describe("the images", () => {
  const { count, pixels, labels } = digitImages();

  it("are those of the original: as many of each digit, and the same ink in all", () => {
    expect(count).toBe(1797);
    const perDigit = Array.from({ length: 10 }, (_, digit) => labels.filter((label) => label === digit).length);
    expect(perDigit).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    expect(pixels.reduce((sum, value) => sum + value, 0)).toBe(561718);
    expect(Math.max(...pixels)).toBe(16);
  });

  it("begin with the 0 that scikit-learn's documentation shows", () => {
    expect(labels[0]).toBe(0);
    expect([...pixels.subarray(0, 24)]).toEqual([
      ...[0, 0, 5, 13, 9, 1, 0, 0],
      ...[0, 0, 13, 15, 10, 15, 5, 0],
      ...[0, 3, 15, 2, 0, 11, 8, 0],
    ]);
  });
});

/** The digit that an image shows, whether or not its environment has labels. */
function digitOf(image: ArrayLike<number>): number {
  const shown = Array.from(image, (value) => 16 * value).join();
  const { count, pixels, labels } = digitImages();
  const found = Array.from({ length: count }, (_, i) => i).find(
    (i) => pixels.subarray(64 * i, 64 * (i + 1)).join() === shown,
  );
  return labels[found!];
}

describe.each(["Digits-v0", "DigitsUnseen-v0"])("%s", (id) => {
  it("rewards the right answer, and ends", () => {
    const env = makeEnv(id);
    const random = Key.fromSeed(1).stream();
    let { observation } = env.reset({ seed: 1 });
    for (let i = 0; i < 50; i++) {
      const label = digitOf(observation as Float32Array);
      const answer = random.integer(10);
      expect(env.step(answer)).toMatchObject({ reward: Number(answer === label), terminated: true });
      observation = env.reset({}).observation;
    }
  });

  it("is sound", () => {
    expect(checkEnv(() => makeEnv(id)).filter(({ severity }) => severity !== "info")).toEqual([]);
  });
});

describe("labels", () => {
  const shown = (observations: Float32Array, n: number) => observations.subarray(n * 64, (n + 1) * 64).join();

  it("are seen natively and through batch(), next to the observation they belong to, after restore too", () => {
    const native = makeBatch("Digits-v0", 8);
    const plain = batch(() => makeEnv("Digits-v0"), 8);
    const { pixels, labels } = digitImages();
    const images = new Map(Array.from(labels, (label, i) => [pixels.subarray(i * 64, (i + 1) * 64).join(), label]));
    for (const env of [native, plain]) env.reset(Key.fromSeed(5));
    for (let t = 0; t < 20; t++) {
      expect([...plain.labels!.current]).toEqual([...native.labels!.current]);
      for (let n = 0; n < 8; n++) {
        const image = native.observations.subarray(n * 64, (n + 1) * 64).map((value) => 16 * value);
        expect(native.labels!.current[n]).toBe(images.get(image.join()));
      }
      for (const env of [native, plain]) env.step(new Float32Array(8));
    }
    for (const env of [native, plain]) {
      const saved = env.state();
      const before = [...env.labels!.current];
      env.step(new Float32Array(8));
      env.restore(saved);
      expect([...env.labels!.current]).toEqual(before);
    }
  });

  it("of images that are held out belong to none that is ever shown, and those are all of DigitsUnseen-v0", () => {
    const { observations, labels } = makeEnv("Digits-v0").labels!.heldOut!;
    expect(labels.length).toBe(359);
    const heldOut = new Set(Array.from(labels, (_, i) => shown(observations, i)));
    const seen = (id: string) => {
      const env = makeBatch(id, 500);
      env.reset(Key.fromSeed(2));
      const images = new Set<string>();
      for (let t = 0; t < 20; t++) {
        for (let n = 0; n < 500; n++) images.add(shown(env.observations, n));
        env.step(new Float32Array(500));
      }
      return images;
    };
    const training = seen("Digits-v0");
    expect(training.size).toBeGreaterThan(1400);
    expect([...training].filter((image) => heldOut.has(image))).toEqual([]);
    expect(seen("DigitsUnseen-v0")).toEqual(heldOut);
  });

  it("stay where a wrapper leaves the actions alone", () => {
    expect(rewardScale(makeEnv("Digits-v0"), 2).labels).toBeDefined();
    expect(normalizeObservation(makeBatch("Digits-v0", 2)).labels).toBeDefined();
    expect(makeEnv("CartPole-v1").labels).toBeUndefined();
  });

  it("of a user's environment are checked", () => {
    const env: AnyEnv = {
      observationSpace: new Box(0, 1),
      actionSpace: new Discrete(3),
      labels: { current: () => 3 },
      reset: () => ({ observation: [0], info: {} }),
      step: () => ({ observation: [0], reward: 0, terminated: true, truncated: false, info: {} }),
    };
    expect(() => batch(() => env, 1, { name: "Mine" }).reset(Key.fromSeed(0))).toThrow(
      "label of environment 0 (Mine) must be the right action as an index from 0 to 2; got 3",
    );
  });
});
