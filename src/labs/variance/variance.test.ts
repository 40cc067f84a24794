import { describe, expect, it } from "vitest";
import { frozenLake } from "../../envs/index.ts";
import { evaluatePolicy, rewardToGo, valueAtStart } from "../../estimators/index.ts";
import { exp } from "../../math/index.ts";
import { Key } from "../../random/index.ts";
import { verdictOf } from "../claims.ts";
import { type Episodes, playEpisodes, transitionsOf } from "../episodes.ts";
import { closedForms } from "./chain.ts";
import { type Estimator, exactEstimators } from "./credits.ts";
import { softmaxPolicy, stayOrStop, youngCritic } from "./frozen-policy.ts";
import { qualityOf } from "./quality.ts";
import { varianceExperiment } from "./variance.ts";

const settings = { seed: 1, thorough: false };
const small = { repetitions: 12, batches: 25, chainEpisodes: 10_000 };
const pilot = () => Key.fromSeed(7).stream();

describe("the lab", () => {
  const { claims, tables } = varianceExperiment(settings, undefined, small);

  it("finds the order of the estimators with few episodes too, and nothing against theory", () => {
    expect(claims.filter(({ outcome }) => outcome === "fails")).toEqual([]);
    expect(claims.filter(({ outcome }) => outcome === "holds").length).toBeGreaterThanOrEqual(10);
    expect(tables[0]!.rows).toHaveLength(17);
  });

  /** The lab with one estimator in the place of another of the same name. */
  const withWrong = (name: string, credit: (episodes: Episodes, right: Float64Array) => Float64Array) => {
    const spoil = (estimators: Estimator[]) =>
      estimators.map((one) =>
        one.name === name ? { ...one, credit: (e: Episodes) => credit(e, one.credit(e)) } : one,
      );
    return verdictOf(varianceExperiment(settings, spoil, small).claims);
  };

  it("control: an estimator that credits rewards to the step after theirs is found to be biased", () => {
    const late = (episodes: Episodes, right: Float64Array) => right.map((credit, i) => credit - episodes.rewards[i]!);
    const verdict = withWrong("reward-to-go", late);
    expect(verdict.outcome).toBe("fails");
    expect(verdict.text).toMatch(/speak against: .*has no bias/);
  });

  it("control: a baseline that is added does not lower the variance, and the lab says so", () => {
    const lower = (episodes: Episodes, right: Float64Array) => {
      const toGo = rewardToGo(transitionsOf(episodes, new Float64Array(16)), { gamma: 0.95 });
      return toGo.map((g, i) => 2 * 0.95 ** episodes.times[i]! * g - right[i]!);
    };
    expect(withWrong("reward-to-go − V", lower).text).toMatch(/speak against: .*A baseline that knows the state/);
  });
});

describe("stay or stop", () => {
  /** The one episode with n stays. */
  const episode = (n: number): Episodes => ({
    count: 1,
    states: new Int32Array(n + 1),
    actions: Int32Array.from({ length: n + 1 }, (_, i) => +(i < n)),
    nextStates: new Int32Array(n + 1),
    times: Int32Array.from({ length: n + 1 }, (_, i) => i),
    rewards: Float64Array.from({ length: n + 1 }, (_, i) => +(i < n)),
    terminated: Uint8Array.from({ length: n + 1 }, (_, i) => +(i === n)),
  });

  it.each([0.3, 0.5])("θ = %d: values, gradient and the variances of the table, summed over all episodes", (theta) => {
    const policy = stayOrStop(theta);
    expect(policy.objective).toBeCloseTo(theta / (1 - theta), 12);
    expect(policy.gradient[0]).toBeCloseTo(1 / (1 - theta) ** 2, 12);
    const estimators = exactEstimators(policy, pilot());
    expect(Object.keys(closedForms).every((name) => estimators.some((one) => one.name === name))).toBe(true);
    for (const { name, credit } of estimators) {
      let [mean, second, probability] = [0, 0, 1 - theta];
      for (let n = 0; n < 120; n++, probability *= theta) {
        const [played, estimate] = [episode(n), new Float64Array(1)];
        credit(played).forEach((value, i) => {
          policy.addScore(estimate, 0, played.actions[i]!, value);
        });
        mean += probability * estimate[0]!;
        second += probability * estimate[0]! ** 2;
      }
      expect(mean, name).toBeCloseTo(policy.gradient[0]!, 9);
      const closed = closedForms[name]?.(theta);
      if (closed !== undefined) expect((second - mean * mean) * theta * (1 - theta) ** 4, name).toBeCloseTo(closed, 9);
    }
  });
});

describe("a frozen policy", () => {
  const mdp = frozenLake({ successRate: 0.8 }).model;
  const policy = softmaxPolicy(mdp, 0.95, 0.2);

  it("has the gradient that moving each of its numbers gives", () => {
    const objective = (moved: number, by: number) => {
      const first = moved - (moved % mdp.actions);
      const table = policy.table.map((p, i) => (i === moved ? p * exp(by) : p));
      const sum = table.subarray(first, first + mdp.actions).reduce((total, p) => total + p, 0);
      for (let i = first; i < first + mdp.actions; i++) table[i]! /= sum;
      return valueAtStart(mdp, evaluatePolicy(mdp, table, { gamma: 0.95 }));
    };
    policy.gradient.forEach((slope, i) => {
      expect((objective(i, 1e-5) - objective(i, -1e-5)) / 2e-5).toBeCloseTo(slope, 8);
    });
  });

  it("is played as its table says, and its critic grows up", () => {
    const { states, actions, terminated, rewards } = playEpisodes(mdp, policy.table, 2000, pilot());
    expect(terminated.reduce((sum, ended) => sum + ended, 0)).toBe(2000);
    const chosen = new Float64Array(4);
    for (let i = 0; i < states.length; i++) if (states[i] === 0) chosen[actions[i]!]! += 1;
    const visits = chosen.reduce((sum, count) => sum + count, 0);
    chosen.forEach((count, a) => {
      expect(Math.abs(count / visits - policy.table[a]!)).toBeLessThan(0.03);
    });
    expect(rewards.reduce((sum, r) => sum + r, 0)).toBeGreaterThan(0);
    expect(youngCritic(policy, 500)[0]).toBeCloseTo(policy.values[0]!, 9);
    expect(youngCritic(policy, 1)[0]).toBe(0);
  });

  it("has an estimate of no variance and no bias where each episode gives the gradient itself", () => {
    const one = { ...policy, addScore: (out: Float64Array) => out.set(policy.gradient) };
    const episodes = playEpisodes(mdp, policy.table, 64, pilot());
    const quality = qualityOf(one, episodes, new Float64Array(episodes.states.length));
    expect(quality.bias).toBeCloseTo(0, 12);
    expect(quality.variance).toBeCloseTo(0, 12);
    expect(quality.cosine).toBeCloseTo(1, 12);
  });
});
