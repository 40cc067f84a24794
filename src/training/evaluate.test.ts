import { beforeAll, describe, expect, it } from "vitest";
import { corridor } from "../../test/support/corridor.ts";
import { addHillClimbing } from "../../test/support/hill-climbing.ts";
import type { Policy } from "../algorithms/index.ts";
import { makeEnv, timeLimit } from "../envs/index.ts";
import { ConfigError, EnvironmentError, RunError } from "../errors.ts";
import { type EvaluationMoment, evaluate, loadPolicy, resumeRun, train } from "./index.ts";

beforeAll(addHillClimbing);

/** A policy that does the same whatever it sees. */
function constant(env: string, action: unknown): Policy {
  const { observationSpace, actionSpace } = makeEnv(env);
  const nothing = () => {};
  return { observationSpace, actionSpace, act: () => action, reseed: nothing, load: nothing, parameters: () => ({}) };
}

const right = { ...constant("CartPole-v1", 1), observationSpace: corridor().observationSpace };

describe("evaluate", () => {
  it("plays whole episodes and sums their raw rewards", () => {
    const { returns, lengths, ...summary } = evaluate(right, { env: () => corridor(), episodes: 3 });
    expect(lengths).toEqual([6, 6, 6]);
    for (const value of returns) expect(value).toBeCloseTo(0.95, 12);
    expect(summary.episodes).toBe(3);
    expect(summary.std).toBeCloseTo(0, 12);
  });

  it("shows every moment to whoever watches, and comes to the same", () => {
    const moments: unknown[] = [];
    const watch = ({ env, ...moment }: EvaluationMoment) => void moments.push({ ...moment, env: typeof env.step });
    const result = evaluate(right, { env: () => corridor(), episodes: 2, watch });
    expect(result).toEqual(evaluate(right, { env: () => corridor(), episodes: 2 }));
    expect(moments).toHaveLength(14);
    const common = { env: "function" };
    expect(moments.slice(0, 2)).toEqual([
      { episode: 0, step: 0, isOver: false, ...common },
      { episode: 0, step: 1, action: 1, isOver: false, ...common },
    ]);
    expect(moments.slice(6, 8)).toEqual([
      { episode: 0, step: 6, action: 1, isOver: true, ...common },
      { episode: 1, step: 0, isOver: false, ...common },
    ]);
  });

  it("respects the time limit of a registered environment", () => {
    const { lengths, returns } = evaluate(constant("MountainCar-v0", 1), { env: "MountainCar-v0", episodes: 2 });
    expect(lengths).toEqual([200, 200]);
    expect(returns).toEqual([-200, -200]);
  });

  it("gives mean, population deviation and extremes of the returns", () => {
    const { episodes, mean, std, min, max, returns } = evaluate(constant("CartPole-v1", 1), {
      env: "CartPole-v1",
      seed: 4,
    });
    expect(returns).toHaveLength(20);
    expect(episodes).toBe(20);
    expect(mean).toBeCloseTo(returns.reduce((a, b) => a + b) / 20, 12);
    const variance = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 20;
    expect(std).toBeCloseTo(Math.sqrt(variance), 12);
    expect(std).toBeGreaterThan(0);
    expect([min, max]).toEqual([Math.min(...returns), Math.max(...returns)]);
  });

  it("sums up more episodes than a function may have arguments", () => {
    let reward = 0;
    const env = {
      ...corridor(),
      reset: () => ({ observation: [0, 0], info: {} }),
      step: () => ({ observation: [0, 0], reward: reward++, terminated: true, truncated: false, info: {} }),
    };
    const { min, max, mean } = evaluate(right, { env: () => env, episodes: 200_000 });
    expect([min, max, mean]).toEqual([0, 199_999, 99_999.5]);
  });

  it("begins each episode from seed and number alone", () => {
    const left = evaluate(constant("CartPole-v1", 0), { env: "CartPole-v1", episodes: 10 });
    expect(evaluate(constant("CartPole-v1", 0), { env: "CartPole-v1", episodes: 4 }).returns).toEqual(
      left.returns.slice(0, 4),
    );
    expect(evaluate(constant("CartPole-v1", 0), { env: "CartPole-v1", episodes: 10, seed: 1 }).returns).not.toEqual(
      left.returns,
    );
  });

  it("is a function of its seed with sampled actions too, and changes nothing in a run", () => {
    const [watched, alone] = [
      train({ algorithm: "ppo", env: "CartPole-v1" }),
      train({ algorithm: "ppo", env: "CartPole-v1" }),
    ];
    for (let i = 0; i < 10; i++) alone.iterate();
    const options = { env: "CartPole-v1", episodes: 5, deterministic: false };
    for (let i = 0; i < 10; i++) {
      watched.iterate();
      const first = evaluate(watched.policy, options);
      expect(evaluate(watched.policy, options)).toEqual(first);
      expect(evaluate(watched.policy, { ...options, seed: 1 })).not.toEqual(first);
    }
    expect(watched.parametersSha256()).toBe(alone.parametersSha256());
  });

  it("uses the mask of the environment", () => {
    const seen: (number[] | undefined)[] = [];
    const watching: Policy = {
      ...right,
      act: (_observation, options) => {
        seen.push(options?.mask && [...options.mask]);
        return 1;
      },
    };
    evaluate(watching, { env: () => ({ ...corridor(), actionMask: () => Uint8Array.of(0, 1) }), episodes: 1 });
    evaluate(watching, { env: () => corridor(), episodes: 1 });
    expect(seen).toEqual([...Array(6).fill([0, 1]), ...Array(6).fill(undefined)]);
    const env = () => ({ ...corridor(), actionMask: () => Uint8Array.of(0, 0) });
    expect(() => evaluate(watching, { env })).toThrow(EnvironmentError);
  });

  it("refuses what it cannot do", () => {
    expect(() => evaluate(right, { env: "CartPole-v1" })).toThrow(
      /observationSpace of CartPole-v1 must be that of the policy/,
    );
    expect(() => evaluate(constant("CartPole-v1", 0), { env: "CartPol-v1" })).toThrow(/Did you mean "CartPole-v1"/);
    expect(() => evaluate(right, { env: () => corridor(), episodes: 0 })).toThrow(ConfigError);
    expect(() => evaluate(right, { env: () => corridor(), watch: "all" as never })).toThrow(
      /^watch must be a function/,
    );
    expect(() => evaluate(right, { env: () => corridor(), seed: -1 })).toThrow(/seed must be/);
  });

  it("does not wait for an episode without end", () => {
    const env = () => corridor({ fault: "no end" });
    expect(() => evaluate(right, { env, maxEpisodeSteps: 500 })).toThrow(RunError);
    expect(() => evaluate(right, { env, maxEpisodeSteps: 500 })).toThrow(
      /did not end within 500 steps\. Give the environment a time limit/,
    );
    expect(evaluate(right, { env: () => timeLimit(env(), 70), episodes: 1 }).lengths).toEqual([70]);
  });

  it.each([
    ["nan observation", /observation\[1\] of the environment must be a finite number; got NaN/],
    ["nan reward", /reward of the environment must be a finite number/],
    ["exception", /step of the environment failed: TypeError: the door is stuck/],
  ] as const)("says what the environment did: %s", (fault, sentence) => {
    expect(() => evaluate(right, { env: () => corridor({ fault }) })).toThrow(sentence);
  });

  it("takes an environment as it is, or by id, or from a function", () => {
    const policy = constant("CartPole-v1", 1);
    const options = { episodes: 5, seed: 3 };
    const expected = evaluate(policy, { ...options, env: "CartPole-v1" });
    const env = makeEnv("CartPole-v1");
    expect(evaluate(policy, { ...options, env })).toEqual(expected);
    expect(evaluate(policy, { ...options, env })).toEqual(expected);
    expect(evaluate(policy, { ...options, env: () => makeEnv("CartPole-v1") })).toEqual(expected);
  });

  it("says what it was given in the wrong place", () => {
    const run = train({ algorithm: "ppo", env: "CartPole-v1" });
    const options = { env: "CartPole-v1" };
    const call =
      (...given: unknown[]) =>
      () =>
        (evaluate as (...given: unknown[]) => unknown)(...given);
    for (const [given, sentence] of [
      [[run, options], "the first argument of evaluate must be a policy. A run has one: evaluate(run.policy, …)."],
      [[undefined, options], "the first argument of evaluate must be a policy. Take run.policy, or loadPolicy(bytes)."],
      [[run.policy], "the options of evaluate must be an object with any of env, episodes"],
      [
        [run.policy, "CartPole-v1"],
        'any of env, episodes, seed, deterministic, maxEpisodeSteps, watch; got "CartPole-v1"',
      ],
      [
        [run.policy, {}],
        'env must be a registered id such as "CartPole-v1", an environment, or a function that makes one',
      ],
      [[run.policy, { env: () => undefined }], "or a function that makes one; got"],
      [[run.policy, { ...options, episode: 3 }], 'evaluate has no such option. Did you mean "episodes"?'],
      [
        [run.policy, { env: { ...corridor(), observationSpace: undefined } }],
        "observationSpace of the environment must be",
      ],
    ] as const) {
      expect(call(...given)).toThrow(ConfigError);
      expect(call(...given)).toThrow(sentence);
    }
  });
});

describe("loadPolicy and resumeRun", () => {
  const bytes = () => train({ algorithm: "ppo", env: "CartPole-v1" }).checkpoint();

  it("take an ArrayBuffer as well", () => {
    const buffer = bytes().slice().buffer;
    expect(loadPolicy(buffer).parameters()).toEqual(loadPolicy(bytes()).parameters());
    expect(resumeRun(buffer).checkpoint()).toEqual(bytes());
  });

  it("ask for bytes where they are given a name, and refuse unknown options", () => {
    for (const open of [loadPolicy, resumeRun] as ((...given: unknown[]) => unknown)[]) {
      expect(() => open("runs/a/last.safetensors")).toThrow(ConfigError);
      expect(() => open("runs/a/last.safetensors")).toThrow(
        /^file must be the bytes of a file, not its name; got .*fetch/,
      );
      expect(() => open(bytes(), { sead: 1 })).toThrow("sead must be left out, because");
    }
  });
});

describe("loadPolicy", () => {
  it.each([
    ["ppo", "CartPole-v1", false],
    ["ppo", "Pendulum-v1", true],
    ["hill-climbing", "CartPole-v1", true],
  ])(
    "acts as the policy that was saved: %s on %s, observations normalised: %j",
    (algorithm, env, normalizeObservation) => {
      const run = train({ algorithm, env, preset: false, nSteps: 128, normalizeObservation, seed: 8 });
      for (let i = 0; i < 3; i++) run.iterate();
      const policy = loadPolicy(run.checkpoint());
      for (const deterministic of [true, false]) {
        const options = { env, episodes: 4, deterministic };
        expect(evaluate(policy, options)).toEqual(evaluate(run.policy, options));
      }
      expect(policy.parameters()).toEqual(run.policy.parameters());
    },
  );

  it("keeps the statistics of the moment, while those of the run go on", () => {
    const run = train({ algorithm: "ppo", env: "Pendulum-v1", preset: false, nSteps: 64, normalizeObservation: true });
    run.iterate();
    const bytes = run.checkpoint();
    const before = evaluate(loadPolicy(bytes), { env: "Pendulum-v1", episodes: 2 });
    run.iterate();
    expect(evaluate(loadPolicy(bytes), { env: "Pendulum-v1", episodes: 2 })).toEqual(before);
    expect(evaluate(run.policy, { env: "Pendulum-v1", episodes: 2 })).not.toEqual(before);
  });

  it("samples actions of its own for each seed", () => {
    const run = train({ algorithm: "ppo", env: "Pendulum-v1", preset: false, nSteps: 64 });
    const actions = (seed: number) => {
      const policy = loadPolicy(run.checkpoint(), { seed });
      return Array.from({ length: 5 }, () => policy.act([1, 0, 0]));
    };
    expect(actions(1)).toEqual(actions(1));
    expect(actions(1)).not.toEqual(actions(2));
  });
});
