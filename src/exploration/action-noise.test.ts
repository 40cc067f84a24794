import { describe, expect, it } from "vitest";
import { Key } from "../random/index.ts";
import { type ActionNoise, GaussianNoise, OrnsteinUhlenbeckNoise } from "./index.ts";

const stream = (seed = 1) => Key.fromSeed(seed).stream();
const ou = (sigma = 0.3, seed = 1) => new OrnsteinUhlenbeckNoise({ sigma, theta: 0.5, dt: 0.2 }, 2, 3, stream(seed));

/** The first entry of the noise of `steps` steps. */
function draws(noise: ActionNoise, steps: number, width = 6): Float64Array {
  return Float64Array.from({ length: steps }, () => {
    const actions = new Float32Array(width);
    noise.addTo(actions);
    return actions[0]!;
  });
}

const mean = (x: Float64Array) => x.reduce((sum, value) => sum + value, 0) / x.length;
/** E[x_t x_t+k] − E[x]². */
const covariance = (x: Float64Array, k = 0) => mean(x.subarray(k).map((value, t) => value * x[t]!)) - mean(x) ** 2;

describe("Gaussian noise", () => {
  it("has mean 0, deviation σ, and no memory", () => {
    const x = draws(new GaussianNoise(0.3, stream()), 100_000, 1);
    // Five standard errors: 0.3 · 5 / √100 000 for the mean, as much for covariances relative to σ².
    expect(Math.abs(mean(x))).toBeLessThan(0.005);
    expect(Math.abs(covariance(x) / 0.09 - 1)).toBeLessThan(0.023);
    expect(Math.abs(covariance(x, 1) / 0.09)).toBeLessThan(0.016);
  });

  it("is added to what is there, with the σ that it has at the time", () => {
    const noise = new GaussianNoise(0, stream());
    const actions = Float32Array.of(0.5, -1);
    noise.addTo(actions);
    expect(Array.from(actions)).toEqual([0.5, -1]);
    noise.sigma = 2;
    const first = stream();
    first.normal();
    first.normal();
    noise.addTo(actions);
    expect(actions[0]).toBe(Math.fround(0.5 + 2 * first.normal()));
  });
});

describe("Ornstein-Uhlenbeck noise", () => {
  it("follows x ← x − θ x dt + σ √dt ε from 0", () => {
    const epsilon = stream();
    const noise = new OrnsteinUhlenbeckNoise({ sigma: 0.3, theta: 0.5, dt: 0.2 }, 1, 1, stream());
    let x = 0;
    for (const found of draws(noise, 5, 1)) {
      x = x - 0.5 * x * 0.2 + 0.3 * Math.sqrt(0.2) * epsilon.normal();
      expect(found).toBeCloseTo(x, 6);
    }
  });

  it("has the variance and correlation of the process: σ² / (θ (2 − θ dt)) and (1 − θ dt)^k", () => {
    const x = draws(ou(), 200_000);
    const variance = 0.09 / (0.5 * (2 - 0.1));
    expect(Math.abs(mean(x))).toBeLessThan(0.015);
    expect(Math.abs(covariance(x) / variance - 1)).toBeLessThan(0.04);
    for (const k of [1, 5, 10]) {
      expect(Math.abs(covariance(x, k) / covariance(x) - 0.9 ** k), `${k} steps`).toBeLessThan(0.03);
    }
  });

  it("forgets at the end of an episode, in that environment alone", () => {
    const [kept, cut] = [ou(), ou()];
    for (const noise of [kept, cut]) noise.addTo(new Float32Array(6));
    cut.reset(1);
    // Without new noise each entry goes on to 0.9 of itself.
    kept.sigma = cut.sigma = 0;
    const [before, after] = [new Float32Array(6), new Float32Array(6)];
    kept.addTo(before);
    cut.addTo(after);
    expect(Array.from(after)).toEqual([...before.subarray(0, 3), 0, 0, 0]);
    expect(before[5]).not.toBe(0);
  });
});

describe.each([
  ["Gaussian", (seed: number) => new GaussianNoise(0.2, stream(seed))],
  ["Ornstein-Uhlenbeck", (seed: number) => ou(0.2, seed)],
])("%s noise, saved as JSON,", (_name, make) => {
  it("goes on with the same bits", () => {
    const noise = make(1);
    draws(noise, 10);
    const saved = JSON.parse(JSON.stringify(noise.save()));
    const other = make(2);
    other.load(saved);
    expect(draws(other, 10)).toEqual(draws(noise, 10));
    const without = make(2);
    expect(draws(without, 10)).not.toEqual(draws(make(1), 10));
  });
});
