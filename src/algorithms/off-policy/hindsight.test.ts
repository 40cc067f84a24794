import { describe, expect, it } from "vitest";
import { makeEnv } from "../../envs/index.ts";
import { ConfigError } from "../../errors.ts";
import { evaluate, resumeRun, train } from "../../training/index.ts";

const env = "BitFlipping8-v0";

/** Share of episodes that reach the goal: the last step of such a one costs nothing. */
function successRate(config: object, seed: number): number {
  const run = train({ algorithm: "dqn", env, seed, ...config });
  for (const _ of run);
  const { returns } = evaluate(run.policy, { env, episodes: 100, seed: 7 });
  return returns.filter((value) => value > -8).length / returns.length;
}

describe("deep Q-learning of bit flipping", () => {
  it.each([1, 2, 3])("reaches nine goals of ten with hindsight, seed %d", (seed) => {
    expect(successRate({}, seed)).toBeGreaterThanOrEqual(0.9);
  });

  it.each([1, 2, 3])("hardly any without, seed %d", (seed) => {
    expect(successRate({ replayStrategy: "none" }, seed)).toBeLessThanOrEqual(0.3);
  });

  it.each(["final", "episode"])("works with the strategy %s", (replayStrategy) => {
    expect(successRate({ replayStrategy }, 1)).toBeGreaterThanOrEqual(0.9);
  });

  it("goes on from a checkpoint with the same bits", () => {
    const start = () => train({ algorithm: "dqn", env, seed: 3, steps: 600 });
    const whole = start();
    for (const _ of whole);
    const first = start();
    for (let i = 0; i < 4; i++) first.iterate();
    const second = resumeRun(first.checkpoint());
    for (const _ of second);
    expect(second.parametersSha256()).toBe(whole.parametersSha256());
  });
});

describe("hindsight", () => {
  const config = { algorithm: "dqn", steps: 100, replayStrategy: "future" } as const;

  it("is refused where there are no goals", () => {
    expect(() => train({ ...config, env: "CartPole-v1" })).toThrow(ConfigError);
    expect(() => train({ ...config, env: "CartPole-v1" })).toThrow(
      'replayStrategy must be "none": CartPole-v1 has no goals, or normalisation hides them; got "future"',
    );
    expect(() => train({ ...config, env, normalizeReward: true })).toThrow(/normalisation hides them/);
  });

  it("works in an environment of one's own with rules of goals", () => {
    const own = () => makeEnv("BitFlipping8-v0");
    const run = train({ ...config, steps: 300, learningStarts: 50 }, { makeEnv: own });
    for (const _ of run);
    expect(run.step).toBe(300);
  });
});
