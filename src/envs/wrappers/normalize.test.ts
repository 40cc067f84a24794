import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ConfigError, FormatError } from "../../errors.ts";
import { Key, type Random } from "../../random/index.ts";
import { Box, Discrete } from "../../spaces/index.ts";
import type { BatchEnv, Json } from "../env.ts";
import {
  batch,
  episodeStatistics,
  makeBatch,
  normalizeObservation,
  normalizeReward,
  RunningMeanStd,
} from "../index.ts";
import { packArray } from "../packing.ts";

interface MomentsCase {
  kind: "RunningMeanStd";
  shape: number[];
  epsilon: number;
  updates: {
    target: string;
    batch: (number | number[])[];
    mean: number | number[];
    var: number | number[];
    count: number;
  }[];
  combined?: { mean: number[]; var: number[]; count: number };
}

interface NormalizeCase {
  kind: "VecNormalize";
  note: string;
  nEnvs: number;
  obsDim: number;
  clipObs: number;
  clipReward: number;
  gamma: number;
  epsilon: number;
  rmsInitialCount: number;
  reset: { obs: number[][]; normObs: number[][]; obsMean: number[]; obsVar: number[]; obsCount: number };
  steps: {
    obs: number[][];
    reward: number[];
    done: number[];
    normObs: number[][];
    normReward: number[];
    discountedReturns: number[];
    training: boolean;
    obsMean: number[];
    obsVar: number[];
    retMean: number;
    retVar: number;
    retCount: number;
  }[];
}

const cases: (MomentsCase | NormalizeCase)[] = JSON.parse(
  readFileSync(new URL("../../../test/fixtures/running-mean-std.json", import.meta.url), "utf8"),
).cases;

function expectClose(actual: ArrayLike<number>, expected: number | number[]): void {
  [expected].flat().forEach((value, i) => {
    expect(Math.abs(actual[i] - value)).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(value)));
  });
}

describe("RunningMeanStd", () => {
  const moments = cases.filter((one) => one.kind === "RunningMeanStd");
  it.each(moments.map((one) => [JSON.stringify(one.shape), one] as const))(
    "equals the reference for shape %s",
    (_, one) => {
      const size = one.shape[0] ?? 1;
      const targets: Record<string, RunningMeanStd> = {
        main: new RunningMeanStd(size, one.epsilon),
        other: new RunningMeanStd(size, one.epsilon),
      };
      for (const update of one.updates) {
        const statistics = targets[update.target];
        statistics.update(update.batch.flat(), update.batch.length);
        expectClose(statistics.mean, update.mean);
        expectClose(statistics.variance, update.var);
        expectClose([statistics.count], update.count);
      }
      if (!one.combined) return;
      targets.main.merge(targets.other);
      expectClose(targets.main.mean, one.combined.mean);
      expectClose(targets.main.variance, one.combined.var);
      expectClose([targets.main.count], one.combined.count);
    },
  );

  it("keeps its exact state through JSON text and refuses another", () => {
    const statistics = new RunningMeanStd(2);
    statistics.update([1, 2, 3, 5], 2);
    const copy = new RunningMeanStd(2);
    copy.restore(JSON.parse(JSON.stringify(statistics.state())));
    expect(copy).toEqual(statistics);
    expect(() => new RunningMeanStd(3).restore(statistics.state())).toThrow(FormatError);
    const state = statistics.state() as { mean: Json; variance: Json; count: number };
    const before = copy.state();
    for (const broken of [
      { count: 0 },
      { count: Number.POSITIVE_INFINITY },
      { mean: packArray(Float64Array.of(Number.NaN, 0)) },
      { variance: packArray(Float64Array.of(1, Number.NaN)) },
      { variance: packArray(Float64Array.of(-1e-9, 1)) },
    ]) {
      expect(() => copy.restore({ ...state, ...broken })).toThrow(FormatError);
    }
    expect(copy.state()).toEqual(before);
  });
});

/** A batch that says what a script tells it. */
function scripted({ nEnvs, obsDim, reset, steps }: NormalizeCase): BatchEnv {
  let t = -1;
  const batchEnv = {
    name: "scripted",
    count: nEnvs,
    observationSpace: new Box(-Infinity, Infinity, [obsDim]),
    actionSpace: new Discrete(2),
    observations: new Float32Array(nEnvs * obsDim),
    finalObservations: new Float32Array(nEnvs * obsDim),
    rewards: new Float64Array(nEnvs),
    terminated: new Uint8Array(nEnvs),
    truncated: new Uint8Array(nEnvs),
    canRestore: true,
    reset() {
      t = -1;
      batchEnv.observations.set(reset.obs.flat());
    },
    step() {
      const { obs, reward, done } = steps[++t];
      batchEnv.observations.set(obs.flat());
      // The final observation is 2 more in every entry, so that it can be told from the first of the next episode.
      batchEnv.finalObservations.set(obs.flat().map((x) => x + 2));
      batchEnv.rewards.set(reward);
      // Alternately an end of the task and a cut: both end an episode.
      batchEnv.terminated.set(done.map((ended) => (t % 2 === 0 ? ended : 0)));
      batchEnv.truncated.set(done.map((ended) => (t % 2 === 1 ? ended : 0)));
    },
    state: () => t,
    restore(state: Json) {
      t = state as number;
      batchEnv.observations.set((t < 0 ? reset : steps[t]).obs.flat());
    },
  };
  return batchEnv;
}

describe("normalizeObservation and normalizeReward", () => {
  const scripts = cases.filter((one) => one.kind === "VecNormalize");

  it.each(scripts.map((one) => [one.note, one] as const))("equal the reference step by step: %s", (_, script) => {
    const observing = normalizeObservation(scripted(script), { epsilon: script.epsilon, clip: script.clipObs });
    const env = normalizeReward(observing, { gamma: script.gamma, epsilon: script.epsilon, clip: script.clipReward });
    const exact = new Float64Array(script.nEnvs * script.obsDim);
    const expectObservations = (expected: number[][], rows: ArrayLike<number>, seen: Float32Array) => {
      observing.statistics.normalize(rows, exact, script.nEnvs, script.epsilon, script.clipObs);
      expectClose(exact, expected.flat());
      expect(seen).toEqual(Float32Array.from(exact));
    };

    env.reset(Key.fromSeed(0));
    expectClose(observing.statistics.mean, script.reset.obsMean);
    expectClose(observing.statistics.variance, script.reset.obsVar);
    expectClose([observing.statistics.count], script.reset.obsCount);
    expectObservations(script.reset.normObs, script.reset.obs.flat(), env.observations);

    for (const step of script.steps) {
      observing.training = step.training;
      env.training = step.training;
      env.step(new Float32Array(script.nEnvs));
      expectClose(observing.statistics.mean, step.obsMean);
      expectClose(observing.statistics.variance, step.obsVar);
      expectObservations(step.normObs, step.obs.flat(), env.observations);
      expectClose(env.statistics.mean, step.retMean);
      expectClose(env.statistics.variance, step.retVar);
      expectClose([env.statistics.count], step.retCount);
      expectClose(env.rewards, step.normReward);
      // While training, the reference gives the returns before they are zeroed at an episode's end.
      expectClose(
        env.discountedReturns,
        step.discountedReturns.map((value, n) => (step.done[n] ? 0 : value)),
      );
      expect([...env.rawRewards]).toEqual(step.reward);
      expect([...observing.rawObservations]).toEqual(step.obs.flat());
      const finals = step.obs.flat().map((x) => x + 2);
      observing.statistics.normalize(finals, exact, script.nEnvs, script.epsilon, script.clipObs);
      expect(env.finalObservations).toEqual(Float32Array.from(exact));
    }
  });

  const wrapAll = (env: BatchEnv) => episodeStatistics(normalizeReward(normalizeObservation(env)));
  const act = (env: BatchEnv, random: Random) =>
    Float32Array.from({ length: env.count }, () => env.actionSpace.sample(random) as number);

  it("go on exactly from a state that went through JSON text", () => {
    const first = wrapAll(makeBatch("CartPole-v1", 3));
    first.reset(Key.fromSeed(1));
    const random = Key.fromSeed(2).stream();
    for (let t = 0; t < 100; t++) first.step(act(first, random));
    const second = wrapAll(makeBatch("CartPole-v1", 3));
    second.restore(JSON.parse(JSON.stringify(first.state())));
    expect(second.observations).toEqual(first.observations);
    expect(second.rewards).toEqual(first.rewards);
    expect(second.finalObservations).toEqual(first.finalObservations);
    for (let t = 0; t < 100; t++) {
      const actions = act(first, random);
      first.step(actions);
      second.step(actions);
      expect(second.observations).toEqual(first.observations);
      expect(second.rewards).toEqual(first.rewards);
    }
    expect(second.takeCompleted()).toEqual(first.takeCompleted());
    expect(second.state()).toEqual(first.state());
  });

  it("keep their statistics over a reset, and begin their running returns anew", () => {
    const env = normalizeReward(makeBatch("CartPole-v1", 2));
    env.reset(Key.fromSeed(1));
    for (let t = 0; t < 5; t++) env.step(Float32Array.of(0, 1));
    expect(env.discountedReturns.every((value) => value > 1)).toBe(true);
    const { count } = env.statistics;
    env.reset(Key.fromSeed(2));
    expect([...env.discountedReturns, ...env.rewards]).toEqual([0, 0, 0, 0]);
    expect(env.statistics.count).toBe(count);
  });

  it("keep their statistics where the environment itself cannot be restored", () => {
    const plain = () => ({
      observationSpace: new Box(-9, 9),
      actionSpace: new Discrete(2),
      reset: () => ({ observation: [3], info: {} }),
      step: () => ({ observation: [5], reward: 2, terminated: false, truncated: false, info: {} }),
    });
    const first = normalizeObservation(batch(plain, 2));
    first.reset(Key.fromSeed(1));
    first.step(new Float32Array(2));
    const second = normalizeObservation(batch(plain, 2));
    expect(second.canRestore).toBe(false);
    second.restore(JSON.parse(JSON.stringify(first.state())));
    expect(second.statistics).toEqual(first.statistics);
  });

  it("share statistics with an evaluation that does not change them", () => {
    const training = normalizeObservation(makeBatch("CartPole-v1", 2));
    training.reset(Key.fromSeed(1));
    const before = JSON.stringify(training.statistics.state());
    const { statistics } = training;
    const evaluation = normalizeObservation(makeBatch("CartPole-v1", 2), { statistics, training: false });
    evaluation.reset(Key.fromSeed(1));
    expect(JSON.stringify(statistics.state())).toBe(before);
    expect(evaluation.observations).toEqual(training.observations);
  });

  it("describe the observations that come out", () => {
    const env = normalizeObservation(makeBatch("CartPole-v1", 1), { clip: 5 });
    expect(env.observationSpace.equals(new Box(-5, 5, [4]))).toBe(true);
  });

  it("refuse senseless options", () => {
    const env = makeBatch("CartPole-v1", 1);
    expect(() => normalizeObservation(env, { clip: 0 })).toThrow(/normalizeObservation.clip must be a positive number/);
    expect(() => normalizeObservation(env, { epsilon: -1 })).toThrow(ConfigError);
    expect(() => normalizeObservation(env, { statistics: new RunningMeanStd(3) })).toThrow(/statistics of 4 entries/);
    expect(() => normalizeReward(env, { gamma: 1.5 })).toThrow(/gamma must be from 0 to 1; got 1.5/);
    expect(() => normalizeReward(env, { clip: Number.NaN })).toThrow(ConfigError);
  });
});
