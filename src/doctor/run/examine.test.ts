import { describe, expect, it } from "vitest";
import { makeEnv } from "../../envs/index.ts";
import type { InspectionRecord, LayerRecord } from "../../inspection/index.ts";
import { metrics, parseConfig } from "../../training/index.ts";
import { examineRun, type RunEvidence } from "./examine.ts";
import { trainShortly } from "./short-run.ts";

const config = parseConfig({ algorithm: "ppo", env: "CartPole-v1", seed: 9 });
const healthy: RunEvidence = {
  config,
  env: makeEnv("CartPole-v1"),
  played: { steps: [], returns: [10, 20, 30] },
  short: { iterations: [], records: [], firstSteps: [{ name: "update", moved: 0.01 }] },
  metrics: [{ "policy/entropy": 0.6, "policy/approxKl": 0.01, "value/explainedVariance": 0.5, "update/count": 20 }],
  again: ["doctor", "ppo", "CartPole-v1"],
};
const found = (changes: Partial<RunEvidence>) => examineRun({ ...healthy, ...changes });
const parts = (changes: Partial<RunEvidence>) => found(changes).map(({ part }) => part);
const withMetrics = (more: Record<string, number>) => ({ metrics: [{ ...healthy.metrics![0], ...more }] });

describe("what a run shows", () => {
  it("is nothing where it is healthy", () => {
    expect(found({})).toEqual([]);
  });

  it("a first step that moves weights too far, with a learning rate that would not", () => {
    const firstSteps = [
      { name: "critic", moved: 0.02 },
      { name: "actor", moved: 0.5 },
    ];
    const changed = { short: { ...healthy.short, firstSteps }, config: { ...config, learningRate: "lin_0.1" } };
    const [first] = found(changed);
    expect(first).toMatchObject({
      part: "learning rate",
      hyperparameter: "learningRate",
      remedy: "Try learningRate=0.002.",
    });
    expect(first!.confirm).toEqual(["doctor", "ppo", "CartPole-v1", "learningRate=0.002"]);
    expect(parts({ short: { ...healthy.short, firstSteps: firstSteps.slice(0, 1) } })).toEqual([]);
  });

  it("metrics outside of the registry's ranges in the later half", () => {
    expect(parts(withMetrics({ "policy/approxKl": 0.3 }))).toEqual(["step of the policy"]);
    expect(parts(withMetrics({ "value/explainedVariance": -2 }))).toEqual(["critic"]);
    expect(parts(withMetrics({ "value/explainedVariance": -2, "episode/return": 500 }))).toEqual([]);
    const early = { metrics: [{ "policy/approxKl": 3 }, { "policy/approxKl": 0.01 }, { "policy/approxKl": 0.01 }] };
    expect(parts(early)).toEqual([]);
  });

  it("is judged by ranges that say why, and that the registry gives", () => {
    const judged = metrics.flatMap(({ name, expected }) => (expected ? [{ name, ...expected }] : []));
    expect(judged.length).toBeGreaterThan(3);
    for (const { name, low, high, source } of judged) {
      expect(low ?? high, name).toBeDefined();
      expect(source).toMatch(/^[A-Z].{20,}\.$/);
      expect(found(withMetrics({ [name]: high === undefined ? low! - 1 : 2 * high })), name).toHaveLength(1);
    }
  });

  it("an entropy that has collapsed before anything was learned, but not after", () => {
    expect(parts(withMetrics({ "policy/entropy": 0.01, "episode/return": 21 }))).toEqual(["exploration"]);
    expect(parts(withMetrics({ "policy/entropy": 0.01, "episode/return": 400 }))).toEqual([]);
    const numbers = { env: makeEnv("Pendulum-v1") };
    expect(parts({ ...numbers, ...withMetrics({ "policy/entropy": -4 }) })).toEqual(["exploration"]);
    expect(parts({ ...numbers, ...withMetrics({ "policy/entropy": -1 }) })).toEqual([]);
  });

  it("that learning never started", () => {
    const [first] = found({ ...withMetrics({ "update/count": 0 }), config: { ...config, learningStarts: 200_000 } });
    expect(first).toMatchObject({ hyperparameter: "learningStarts", certainty: "certain" });
  });

  it("layers that were dead from the first update on, or died", () => {
    const layer = (dead: number, step: number): LayerRecord => ({
      ...{ record: "layer", step, name: "update", layer: "0.weight", neurons: 64, dead, dormant: dead },
      ...{ mean: 0, std: 0, gradient: 0, effectiveRank: 1, activity: [], pull: [] },
    });
    const update = { record: "update", step: 10, name: "update", update: 1 } as InspectionRecord;
    const certainty = (...records: InspectionRecord[]) =>
      found({ records }).map((one) => `${one.part}, ${one.certainty}`);
    expect(certainty(update, layer(64, 10), layer(64, 20))).toEqual(["hidden units, certain"]);
    expect(certainty(update, layer(5, 10), layer(60, 20))).toEqual(["hidden units, possible"]);
    expect(certainty(layer(60, 20))).toEqual(["hidden units, possible"]);
    expect(certainty(update, layer(45, 10), layer(45, 20))).toEqual([]);
    // Of two, the one that is named is the one that was never alive.
    const second = (dead: number, step: number) => ({ ...layer(dead, step), layer: "1.weight" });
    const [both] = found({ records: [update, layer(5, 10), second(64, 10), layer(60, 20), second(63, 20)] });
    expect(both!.finding).toMatch(/^63 of the 64 units of layer 1\.weight are dead from the first update on/);
  });

  it("that it broke off", () => {
    const broken = trainShortly({ ...config, env: "CartPole-v1", learningRate: 1e30, clipRange: 1e9 } as typeof config);
    expect(broken.failure?.message).toMatch(/became (NaN|-?Infinity)/);
    expect(parts({ short: broken })).toContain("divergence");
  });
});

it("the beginning of a run is trained as the run itself would begin, until learning can be seen", () => {
  const { iterations, records, firstSteps, failure } = trainShortly(config);
  expect(failure).toBeUndefined();
  expect(iterations.at(-1)!.metrics["update/count"]).toBeGreaterThanOrEqual(300);
  expect(records.some(({ record }) => record === "layer")).toBe(true);
  expect(firstSteps).toHaveLength(1);
  const silent = trainShortly(
    parseConfig({ algorithm: "td3", env: "Pendulum-v1", steps: 1200, hidden: [8], batchSize: 8 }),
  );
  expect(silent).toMatchObject({ records: [], firstSteps: [] });
});
