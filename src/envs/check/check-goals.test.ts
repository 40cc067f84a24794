import { describe, expect, it } from "vitest";
import { type AnyEnv, checkEnv, type GoalObservation, type GoalRules, makeEnv, timeLimit } from "../index.ts";

/** What the checker finds wrong with point reach after some of its members were replaced. */
function errors(changes: (env: AnyEnv) => Partial<AnyEnv>): string[] {
  const findings = checkEnv(() => {
    const env = makeEnv("PointReach-v0");
    return Object.assign(env, changes(env));
  });
  return findings.filter(({ severity }) => severity === "error").map(({ field, message }) => `${field}: ${message}`);
}

const rules = (env: AnyEnv): GoalRules => env.goals as GoalRules;

describe("the check of goals", () => {
  it("finds nothing wrong where rewards follow from the goals that are shown", () => {
    expect(errors(() => ({}))).toEqual([]);
    expect(
      checkEnv(() => timeLimit(makeEnv("BitFlipping8-v0"), 4)).filter(({ severity }) => severity !== "info"),
    ).toEqual([]);
  });

  it("finds rewards that are not what computeReward says", () => {
    const shaped = (env: AnyEnv) => ({
      goals: { ...rules(env), computeReward: (a: ArrayLike<number>, d: ArrayLike<number>) => -Math.abs(a[0]! - d[0]!) },
    });
    expect(errors(shaped)[0]).toMatch(
      /^goals.computeReward: the reward of a step is not what computeReward says of the goals after it; got -1 and -/,
    );
  });

  it("finds rewards for the goals before the step", () => {
    const findings = checkEnv(() => {
      const env = makeEnv("PointReach-v0", { tolerance: 0.5 });
      let before: GoalObservation;
      return {
        ...env,
        reset(options) {
          const result = env.reset(options);
          before = result.observation as GoalObservation;
          return result;
        },
        step(action) {
          const result = env.step(action);
          const reward = rules(env).computeReward(before.achievedGoal, before.desiredGoal);
          before = result.observation as GoalObservation;
          return { ...result, reward };
        },
      } as AnyEnv;
    });
    expect(findings.map(({ field }) => field)).toContain("goals.computeReward");
  });

  it("finds an end of the task that computeTerminated denies", () => {
    const denied = (env: AnyEnv) => ({ goals: { ...rules(env), computeTerminated: () => true } });
    expect(errors(denied)).toEqual([expect.stringMatching(/^goals.computeTerminated: .*; got false and true$/)]);
  });

  it("finds goals that are not observed, and rules that are missing", () => {
    const blind = { ...makeEnv("CartPole-v1"), goals: rules(makeEnv("PointReach-v0")) };
    expect(checkEnv(blind).map(({ message }) => message)[0]).toMatch(/must be a Dict with observation, achievedGoal/);
    const { computeReward } = rules(makeEnv("PointReach-v0"));
    expect(errors(() => ({ goals: { computeReward } as GoalRules }))).toEqual([
      "goals.computeTerminated: goals.computeTerminated must be a function of two goals",
    ]);
  });
});
