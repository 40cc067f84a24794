import { describe, expect, it } from "vitest";
import "../../../test/support/doctor/cases.ts";
import { findAlgorithm } from "../../training/config.ts";
import { parseConfig } from "../../training/index.ts";
import { examineProbes, formFor } from "./examine.ts";
import { entropyRung, makeProbe, policyRungs, valueRungs } from "./ladder.ts";
import { probeConfig, tryRung } from "./try-rung.ts";

const DISCRETE = { actions: "discrete", observations: "box" } as const;
const own = (algorithm: string, more = {}) =>
  parseConfig({ algorithm, env: "x", nEnvs: 4, seed: 7, ...more }, { customEnv: true });
/** The rungs that an own actor-critic fails on. */
const failed = (algorithm: string, more = {}) =>
  [...valueRungs, entropyRung, ...policyRungs]
    .filter((rung) => tryRung(rung, own(algorithm, more), DISCRETE).passed === false)
    .map(({ name }) => name);

describe("the ladder of probes", () => {
  it("is climbed by a learner without a mistake", () => {
    expect(failed("own", { entCoef: 0.01 })).toEqual([]);
  });

  it("asks for an undecided policy where the weight of the entropy is a schedule too", () => {
    const passed = (entCoef: unknown) =>
      tryRung(entropyRung, own("ppo", { entCoef, nSteps: 16, hidden: [8] }), DISCRETE).passed;
    expect(["lin_0.01", "lin_0", 0].map(passed)).toEqual([true, undefined, undefined]);
  });

  it.each([
    ["own-no-bootstrap", ["DelayedReward", "TimeLimit"]],
    ["own-no-bootstrap-where-truncated", ["TimeLimit"]],
    ["own-advantage-sign", ["RewardFromAction", "RewardFromAction, mirrored", "RewardFromBoth"]],
  ])("breaks at the rung that needs the part: %s", (algorithm, rungs) => {
    expect(failed(algorithm)).toEqual(rungs);
  });

  it("names the first of those that build on one another, or the hyperparameter that is to blame", () => {
    const names = (algorithm: string, more = {}) =>
      examineProbes(findAlgorithm(algorithm), own(algorithm, more), DISCRETE, ["doctor"]).diagnoses.map(
        ({ part, hyperparameter }) => hyperparameter ?? part,
      );
    expect(names("own-no-bootstrap")).toEqual(["bootstrapping"]);
    expect(names("own", { learningRate: 1e-7, nSteps: 8 })).toEqual(["learningRate"]);
  });

  it("is one of numbers where actions are, of indices where tables learn, and none for who needs more", () => {
    expect(formFor(findAlgorithm("ppo"), "box")).toEqual({ actions: "box", observations: "box" });
    expect(formFor(findAlgorithm("ppo"), "multi-discrete")).toEqual(DISCRETE);
    const table = { actions: "discrete", observations: "discrete" } as const;
    expect(formFor(findAlgorithm("q-learning"), "discrete")).toEqual(table);
    expect(formFor(findAlgorithm("value-iteration"), "discrete")).toMatch(/do not have: model/);
    expect(makeProbe(valueRungs[2]!, table).reset({ seed: 1 }).observation).toBe(0);
  });
});

describe("hyperparameters on a probe", () => {
  const dqn = (more = {}) => parseConfig({ algorithm: "dqn", env: "Acrobot-v1", ...more });
  const interval = (more = {}) => probeConfig(valueRungs[0]!, dqn(more)).targetUpdateInterval as number;

  it("are the run's, but for what belongs to its environment", () => {
    const config = probeConfig(valueRungs[3]!, parseConfig({ algorithm: "ppo", env: "Acrobot-v1", clipRange: 0.3 }));
    expect(config).toMatchObject({
      clipRange: 0.3,
      nEnvs: 16,
      normalizeObservation: false,
      normalizeReward: false,
      gamma: 0.5,
    });
  });

  it("have steps enough, however short the run", () => {
    expect(probeConfig(valueRungs[0]!, dqn({ steps: 200 })).steps).toBe(20_000);
    expect(examineProbes(findAlgorithm("own"), own("own", { steps: 64 }), DISCRETE, ["doctor"]).diagnoses).toEqual([]);
  });

  it("shrink with the run where they count its steps: what is never copied there is never copied here", () => {
    // 2000 gradient steps, two of them every four steps: 4000 steps in the place of 100 000.
    expect(interval({ targetUpdateInterval: 250 })).toBe(10);
    expect(interval({ targetUpdateInterval: 100_000 })).toBe(4000);
  });
});
