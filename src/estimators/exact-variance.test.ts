/**
 * Stay or stop: with probability θ stay, for a reward of 1, else the episode ends with 0. The policy is its own parameter,
 *
 *     ∂ log π(stay)/∂θ = 1/θ        ∂ log π(stop)/∂θ = −1/(1 − θ)        E[R] = V = θ/(1 − θ)        ∂E[R]/∂θ = 1/(1 − θ)²
 *
 * so that the variance of every estimator of the policy gradient from one episode can be written down. With n, the number of
 * stays, P(n) = θⁿ(1 − θ):
 *
 * | credit | estimate of an episode with n stays | variance · θ(1 − θ)⁴ |
 * |---|---|---|
 * | full return | (n/θ − 1/(1 − θ)) n | 1 + 8θ + 4θ² |
 * | full return − E[R] | (n/θ − 1/(1 − θ)) (n − V) | 1 + 6θ + θ² |
 * | reward-to-go | n(n + 1) / 2θ | 1 + 3θ + θ² |
 * | reward-to-go − V | n(n + 1) / 2θ − nV/θ + V/(1 − θ) | 1 + θ |
 */
import { describe, expect, it } from "vitest";
import { Bernoulli } from "../distributions/index.ts";
import { Key } from "../random/index.ts";
import { backward, log, parameter, reshape, step, sub, sum, tensor } from "../tensor/index.ts";
import { episodeReturn, rewardToGo, type Transitions } from "./index.ts";

const EPISODES = 300_000;

/** ∂ log π(action)/∂θ, by differentiating the library's own distribution. */
function score(theta: number, action: 0 | 1): number {
  return step(() => {
    const probability = parameter([theta], [1, 1], "float64");
    const logit = sub(log(probability), log(sub(1, probability)));
    const logProb = new Bernoulli(logit).logProb(tensor([action], [1, 1], "int32"));
    return reshape(backward(sum(logProb)).of(probability), []).item();
  });
}

/** Episodes one after the other, each to its end. */
function play(theta: number): { stays: Uint8Array; transitions: Transitions } {
  const random = Key.fromSeed(11).split("stay or stop").stream();
  const stays: number[] = [];
  for (let left = EPISODES; left > 0; ) {
    const stay = random.uniform() < theta ? 1 : 0;
    stays.push(stay);
    left -= 1 - stay;
  }
  const transitions = {
    steps: stays.length,
    envs: 1,
    rewards: Float64Array.from(stays),
    nextValues: new Float64Array(stays.length),
    terminated: Uint8Array.from(stays, (stay) => 1 - stay),
    truncated: new Uint8Array(stays.length),
  };
  return { stays: Uint8Array.from(stays), transitions };
}

interface Estimator {
  /** What each step is credited with. */
  readonly credit: (transitions: Transitions, value: number) => Float64Array;
  /** The estimate of an episode with n stays. */
  readonly closed: (n: number, theta: number, value: number) => number;
  /** Its variance · θ(1 − θ)⁴. */
  readonly variance: (theta: number) => number;
}

const undiscounted = { gamma: 1 };
const estimators: Record<string, Estimator> = {
  "full return": {
    credit: (t) => episodeReturn(t, undiscounted),
    closed: (n, theta) => (n / theta - 1 / (1 - theta)) * n,
    variance: (theta) => 1 + 8 * theta + 4 * theta * theta,
  },
  "full return minus E[R]": {
    credit: (t, value) => episodeReturn(t, undiscounted).map((g) => g - value),
    closed: (n, theta, value) => (n / theta - 1 / (1 - theta)) * (n - value),
    variance: (theta) => 1 + 6 * theta + theta * theta,
  },
  "reward-to-go": {
    credit: (t) => rewardToGo(t, undiscounted),
    closed: (n, theta) => (n * (n + 1)) / (2 * theta),
    variance: (theta) => 1 + 3 * theta + theta * theta,
  },
  "reward-to-go minus V(s)": {
    credit: (t, value) => rewardToGo(t, undiscounted).map((g) => g - value),
    closed: (n, theta, value) => (n * (n + 1)) / (2 * theta) - (n * value) / theta + value / (1 - theta),
    variance: (theta) => 1 + theta,
  },
};

describe.each([0.3, 0.5])("stay or stop, θ = %d", (theta) => {
  const value = theta / (1 - theta);
  const gradient = 1 / (1 - theta) ** 2;
  const scale = theta * (1 - theta) ** 4;
  const scores = [score(theta, 0), score(theta, 1)];
  const { stays, transitions } = play(theta);

  /** Mean and variance over the episodes of Σ_t ∂ log π(a_t)/∂θ · credit_t, and the mean's standard error. */
  function moments(credit: Float64Array) {
    const estimates = new Float64Array(EPISODES);
    for (let t = 0, episode = 0; t < stays.length; t++) {
      estimates[episode]! += scores[stays[t]!]! * credit[t]!;
      if (transitions.terminated[t]) episode++;
    }
    const mean = estimates.reduce((sum, g) => sum + g, 0) / EPISODES;
    const variance = estimates.reduce((sum, g) => sum + (g - mean) ** 2, 0) / (EPISODES - 1);
    return { mean, variance, standardError: Math.sqrt(variance / EPISODES) };
  }

  it("has the scores 1/θ and −1/(1 − θ)", () => {
    expect(scores[1]).toBeCloseTo(1 / theta, 12);
    expect(scores[0]).toBeCloseTo(-1 / (1 - theta), 12);
  });

  it.each(Object.entries(estimators))("%s, exactly: sums over n", (_name, { closed, variance }) => {
    let [mean, second, probability] = [0, 0, 1 - theta];
    for (let n = 0; n < 500; n++, probability *= theta) {
      const estimate = closed(n, theta, value);
      mean += probability * estimate;
      second += probability * estimate * estimate;
    }
    expect(mean).toBeCloseTo(gradient, 10);
    expect((second - mean * mean) * scale).toBeCloseTo(variance(theta), 10);
  });

  it.each(Object.entries(estimators))("%s, from samples", (_name, { credit, variance }) => {
    const found = moments(credit(transitions, value));
    expect(Math.abs(found.mean - gradient)).toBeLessThan(4 * found.standardError);
    expect((found.variance * scale) / variance(theta)).toBeGreaterThan(0.9);
    expect((found.variance * scale) / variance(theta)).toBeLessThan(1.1);
  });

  it("control: rewards credited to the step after theirs, and a baseline added instead of taken off, are noticed", () => {
    const late = rewardToGo(transitions, undiscounted).map((g, t) => g - transitions.rewards[t]!);
    const wrong = moments(late);
    expect(Math.abs(wrong.mean - gradient)).toBeGreaterThan(4 * wrong.standardError);
    const added = moments(rewardToGo(transitions, undiscounted).map((g) => g + value));
    expect((added.variance * scale) / (1 + theta)).toBeGreaterThan(1.1);
  });
});
