import { describe, expect, it } from "vitest";
import { ConfigError } from "../../errors.ts";
import { Key } from "../../random/index.ts";
import { bandit, makeBatch, makeEnv, NativeBatch } from "../index.ts";

const KEY = Key.fromSeed(5);

/** Mean and variance of what every arm pays, over `count` pulls each. */
function payments(options: Parameters<typeof bandit>[0], count: number): { mean: number; variance: number }[] {
  const dynamics = bandit(options);
  const env = new NativeBatch("Bandit", dynamics, count, Infinity);
  env.reset(KEY);
  return Array.from({ length: options?.arms ?? 10 }, (_, arm) => {
    env.step(new Float32Array(count).fill(arm));
    const mean = env.rewards.reduce((sum, reward) => sum + reward, 0) / count;
    const variance = env.rewards.reduce((sum, reward) => sum + (reward - mean) ** 2, 0) / count;
    return { mean, variance };
  });
}

it("Gaussian arms pay their mean with the deviation asked for", () => {
  const count = 20_000;
  for (const std of [1, 0.25]) {
    const { means } = bandit({ std });
    payments({ std }, count).forEach(({ mean, variance }, arm) => {
      expect(Math.abs(mean - means[arm]!)).toBeLessThan((4 * std) / Math.sqrt(count));
      expect(Math.abs(variance / (std * std) - 1)).toBeLessThan(0.05);
    });
  }
});

it("Bernoulli arms pay 1 with their probability, and 0", () => {
  const { means } = bandit({ pays: "bernoulli" });
  for (const mean of means) expect(mean > 0 && mean < 1).toBe(true);
  payments({ pays: "bernoulli" }, 20_000).forEach(({ mean, variance }, arm) => {
    expect(Math.abs(mean - means[arm]!)).toBeLessThan(0.0142);
    expect(variance).toBeCloseTo(mean * (1 - mean), 10);
  });
});

it("the arms of a task stay the same; the option seed makes another task", () => {
  expect(bandit().means).toEqual(bandit({ seed: 0 }).means);
  expect(bandit({ seed: 1 }).means).not.toEqual(bandit().means);
  expect(new Set(bandit().means).size).toBe(10);
});

it("a contextual bandit shows a context, all as often, and pays by it", () => {
  const count = 10_000;
  const dynamics = bandit({ contexts: 5, arms: 4, std: 0 });
  const env = new NativeBatch("Bandit", dynamics, count, Infinity);
  env.reset(KEY);
  const contexts = env.observationIndices!.slice();
  const shares = [0, 1, 2, 3, 4].map((context) => contexts.filter((shown) => shown === context).length / count);
  for (const share of shares) expect(Math.abs(share - 0.2)).toBeLessThan(0.016);
  const arms = Float32Array.from({ length: count }, (_, n) => n % 4);
  env.step(arms);
  expect(env.rewards).toEqual(Float64Array.from(contexts, (context, n) => dynamics.means[4 * context + arms[n]!]!));
  expect([...env.terminated]).toEqual(new Array(count).fill(1));
  // An ordinary one shows nothing.
  expect(makeEnv("Bandit-v0").observationSpace.flatSize).toBe(1);
});

it("has a table where rewards are 0 or 1, and none where they are any number", () => {
  const { model } = makeEnv("BernoulliBandit-v0");
  const { means } = bandit({ pays: "bernoulli" });
  expect([model!.states, model!.actions]).toEqual([1, 10]);
  means.forEach((mean, arm) => {
    expect(model!.outcomes(0, arm).reduce((sum, { probability, reward }) => sum + probability * reward, 0)).toBe(mean);
  });
  expect(makeBatch("Bandit-v0", 1).model).toBeUndefined();
});

describe("refuses", () => {
  it.each([
    [{ arms: 0 }, /option arms must be an integer of at least 1; got 0/],
    [{ contexts: 1.5 }, /option contexts must be an integer of at least 1; got 1.5/],
    [{ seed: -1 }, /option seed must be an integer of at least 0; got -1/],
    [{ std: -1 }, /option std must be a number of at least 0; got -1/],
    [{ pays: "poisson" }, /option pays must be one of "gaussian", "bernoulli"; got "poisson"/],
    [{ k: 3 }, ConfigError],
  ])("%j", (options, message) => {
    expect(() => makeEnv("Bandit-v0", options)).toThrow(message);
  });
});
