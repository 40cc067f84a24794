import { describe, expect, it } from "vitest";
import {
  actionLost,
  scaledReward,
  sometimesNaN,
  swappedFlags,
  unscaledObservations,
} from "../../../test/support/doctor/faulty-envs.ts";
import { Findings } from "../../envs/check/finding.ts";
import { type AnyEnv, checkEnv, envIds, makeEnv } from "../../envs/index.ts";
import { mistakenFlag } from "./endings.ts";
import { examineEnvironment } from "./examine.ts";
import { type PlayedStep, playRandomly } from "./play.ts";

const SEED = 41;
const plain = {
  ...{ name: "it", seed: SEED, again: ["doctor"] },
  ...{ normalizesObservations: false, normalizesRewards: false, improves: true },
};
const examined = (makeEnv: () => AnyEnv, more = {}) =>
  examineEnvironment({ ...plain, makeEnv, ...more }).diagnoses.map(({ part }) => part);

/** Whatever their actions do, they change nothing: so they are meant. */
const WITHOUT_ACTIONS = /^Probe(ConstantReward|RewardFromObservation|DelayedReward|TimeLimit)/;
/** Large, or loaded on demand. */
const LARGE = /^(Pong(Difference|Frames)|LunarLander|Ant|HalfCheetah|Hopper|Inverted|Reacher|Walker)/;

describe("the environment", () => {
  it("is in order wherever it is built in", () => {
    const found = envIds()
      .filter((id) => !LARGE.test(id))
      .map((id) => [id, ...examined(() => makeEnv(id))])
      .filter(([id, ...parts]) => parts.length > 0 && !(WITHOUT_ACTIONS.test(id!) && parts.join() === "actions"));
    expect(found).toEqual([]);
    expect(examined(() => makeEnv("ProbeConstantReward-v0"))).toEqual(["actions"]);
    expect(examined(() => makeEnv("ProbeConstantReward-v0"), { improves: false })).toEqual([]);
  });

  it.each(["CartPole-v1", "Pendulum-v1", "MountainCar-v0", "Acrobot-v1", "Catch-v0"])(
    "has no swapped flags: %s",
    (id) => {
      // What ends after so many moves by its own rules is seen as that, swapped or not.
      expect(examined(swappedFlags(id))).toEqual(id === "Catch-v0" ? [] : ["termination"]);
    },
  );

  it("passes actions on", () => {
    expect(examined(actionLost("CartPole-v1", 1))).toEqual(["actions"]);
    expect(examined(actionLost("Pendulum-v1", [0.5]))).toEqual(["actions"]);
  });

  it.each(["throws", "returns nothing", "observes NaN"])(
    "keeps to the contract later than the checker looks: %s",
    (how) => {
      const late = () => {
        const env = makeEnv("MountainCar-v0");
        const { step } = env;
        let steps = 0;
        env.step = (action) => {
          const result = step.call(env, action);
          if (++steps < 4000) return result;
          if (how === "throws") throw new Error("out of fuel");
          return how === "observes NaN" ? { ...result, observation: [Number.NaN, 0] } : (undefined as never);
        };
        return env;
      };
      expect(checkEnv(late, { seed: SEED + 1 }).filter(({ severity }) => severity === "error")).toEqual([]);
      const { diagnoses, played } = examineEnvironment({ ...plain, makeEnv: late });
      expect(diagnoses.map(({ part, certainty }) => `${part}, ${certainty}`)).toEqual(["environment, certain"]);
      expect(diagnoses[0]!.finding).toMatch(/out of fuel|returned undefined|got NaN/);
      expect(played).toBeUndefined();
    },
  );

  it("has numbers of a size to learn from, unless the run scales them", () => {
    expect(examined(unscaledObservations("CartPole-v1", 1000))).toEqual(["observation scale"]);
    expect(examined(unscaledObservations("CartPole-v1", 1e-3))).toEqual(["observation scale"]);
    expect(examined(unscaledObservations("CartPole-v1", 1000), { normalizesObservations: true })).toEqual([]);
    expect(examined(scaledReward("CartPole-v1", 1e4))).toEqual(["reward scale"]);
    expect(examined(scaledReward("CartPole-v1", 1e4), { normalizesRewards: true })).toEqual([]);
    expect(examined(sometimesNaN("CartPole-v1", 300))[0]).toBe("environment");
  });
});

describe("flags", () => {
  /** Episodes of these lengths whose observation is the clock, or says nothing. */
  const steps = (
    lengths: readonly number[],
    flag: "terminated" | "truncated",
    observe: (t: number, length: number) => number,
  ) =>
    lengths.flatMap((length, episode) =>
      Array.from({ length }, (_, i): PlayedStep => {
        const observation = Float32Array.of(observe(i + 1, length) + 1e-3 * ((7 * i + 3 * episode) % 11));
        const isEnd = i + 1 === length;
        return {
          t: i + 1,
          observation,
          reward: 0,
          terminated: isEnd && flag === "terminated",
          truncated: isEnd && flag === "truncated",
        };
      }),
    );
  const found = (...given: Parameters<typeof steps>) => mistakenFlag({ steps: steps(...given), returns: [] })?.flag;
  const same = new Array(20).fill(30);
  const various = same.map((_, i) => 20 + i);
  const seen = (t: number, length: number) => (t === length ? 1 : 0);
  const unseen = () => 0;

  it("mean what they say where an end is seen and a limit is not", () => {
    expect(found(various, "terminated", seen)).toBeUndefined();
    expect(found(same, "truncated", unseen)).toBeUndefined();
    expect(found(same, "terminated", (t) => t)).toBeUndefined(); // the clock is in the observation
    expect(found(various, "terminated", unseen)).toBeUndefined(); // hidden, as in games of luck
    expect(found(various, "truncated", unseen)).toBeUndefined(); // limits may be drawn
  });

  it("are taken for the other one where they behave like it", () => {
    expect(found(various, "truncated", seen)).toBe("truncated");
    expect(found(same, "terminated", unseen)).toBe("terminated");
    expect(found(same.slice(0, 4), "terminated", unseen)).toBeUndefined(); // too few episodes
  });
});

it("random play keeps what a step looked like, and what episodes gave", () => {
  const { steps, returns } = playRandomly(makeEnv("CartPole-v1"), 1, new Findings());
  const ends = steps.filter(({ terminated, truncated }) => terminated || truncated);
  expect(returns).toEqual(ends.map(({ t }) => t));
  expect(steps[0]!.t).toBe(1);
});
