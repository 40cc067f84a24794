import { beforeAll, describe, expect, it } from "vitest";
import { addHillClimbing } from "../../test/support/hill-climbing.ts";
import { algorithms } from "../algorithms/registry.ts";
import { envIds, loadEnv, makeEnv } from "../envs/index.ts";
import { ConfigError } from "../errors.ts";
import { checkSuits, misfitOf, parseConfig, type ResolvedConfig } from "./config.ts";
import { describeFields } from "./config-error.ts";
import { describeSchema } from "./describe-schema.ts";

beforeAll(addHillClimbing);
beforeAll(() => Promise.all(envIds().map(loadEnv)));

const ppo = { algorithm: "ppo", env: "CartPole-v1" };

function refusal(input: unknown): ConfigError {
  try {
    parseConfig(input);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error as ConfigError;
  }
  throw new Error("it was accepted");
}

describe("parseConfig", () => {
  it("puts the preset before the algorithm's defaults and the user before both", () => {
    const config = parseConfig({ ...ppo, nSteps: 64 });
    expect(config).toMatchObject({ nSteps: 64, nEnvs: 8, batchSize: 256, gamma: 0.98, gaeLambda: 0.8, seed: 0 });
    expect(config).toMatchObject({ vfCoef: 0.5, maxGradNorm: 0.5, hidden: [64, 64], steps: 100_000 });
  });

  it.each([false, "none"])("gives Stable-Baselines3's defaults without a preset (%j)", (preset) => {
    const config = parseConfig({ ...ppo, preset });
    expect(config).not.toHaveProperty("preset");
    expect(config).toMatchObject({
      nEnvs: 1,
      nSteps: 2048,
      batchSize: 64,
      nEpochs: 10,
      learningRate: 3e-4,
      gamma: 0.99,
      gaeLambda: 0.95,
      clipRange: 0.2,
      clipRangeVf: null,
      entCoef: 0,
      vfCoef: 0.5,
      maxGradNorm: 0.5,
      normalizeAdvantage: true,
      targetKl: null,
    });
  });

  it("parses what it returned to itself, also through JSON, for every pair there is", () => {
    for (const algorithm of Object.values(algorithms)) {
      const { name } = algorithm;
      const suitable = envIds().filter((id) => misfitOf(algorithm, makeEnv(id)) === undefined);
      expect(suitable.length, name).toBeGreaterThan(0);
      for (const env of suitable) {
        const config = parseConfig({ algorithm: name, env });
        expect(parseConfig(JSON.parse(JSON.stringify(config)))).toEqual(config);
        expect(parseConfig({ ...config, preset: false })).toEqual(config);
      }
    }
  });

  it("takes a field that is undefined as left out", () => {
    expect(parseConfig({ ...ppo, gamma: undefined, seed: undefined })).toEqual(parseConfig(ppo));
  });

  it("takes one number where a list of numbers is expected", () => {
    expect(parseConfig({ ...ppo, hidden: 32 }).hidden).toEqual([32]);
    expect(parseConfig({ ...ppo, hidden: [] }).hidden).toEqual([]);
  });

  it("does not look up the name of an environment of the user's own", () => {
    expect(parseConfig({ algorithm: "ppo", env: "./maze.ts#Maze" }, { customEnv: true }).env).toBe("./maze.ts#Maze");
    expect(parseConfig({ algorithm: "ppo" }, { customEnv: true }).env).toBe("custom");
  });
});

describe("parseConfig refuses, in one sentence that names field, value and what is allowed,", () => {
  it.each([
    ["clipRange", "abc", /^clipRange must be a number, "lin_0\.001", .*; got "abc"$/],
    ["gamma", "abc", /^gamma must be a number from 0 to 1; got "abc"$/],
    ["gamma", 1.5, /^gamma must be a number from 0 to 1; got 1.5$/],
    ["gamma", Number.NaN, /^gamma must be a number from 0 to 1; got NaN$/],
    ["steps", "-5", /^steps must be a positive integer; got "-5"$/],
    ["steps", 0, /^steps must be a positive integer; got 0$/],
    ["seed", -1, /^seed must be an integer of at least 0; got -1$/],
    ["seed", 0.5, /^seed must be an integer of at least 0; got 0.5$/],
    ["nEnvs", null, /^nEnvs must be an integer from 1 to 65536; got null$/],
    ["nEnvs", 1e9, /^nEnvs must be an integer from 1 to 65536; got 1000000000$/],
    ["batchSize", 1, /^batchSize must be at least 2 where normalizeAdvantage is true; got 1\. One advantage alone/],
    [
      "learningRate",
      -1e-3,
      /^learningRate must be a number of at least 0, or a schedule that never falls below 0; got/,
    ],
    ["clipRange", { schedule: "linear", from: 0.2, to: -0.1 }, /^clipRange must be .* never falls below 0; got {/],
    ["clipRangeVf", -0.2, /^clipRangeVf must be .* never falls below 0 or null; got -0\.2$/],
    ["maxGradNorm", 0, /^maxGradNorm must be a number above 0; got 0$/],
    ["targetKl", "x", /^targetKl must be a number above 0 or null; got "x"$/],
    ["clipRangeVf", {}, /^clipRangeVf must be a number, "lin_0\.001", .* or null; got {}$/],
    ["normalizeReward", 1, /^normalizeReward must be true or false; got 1$/],
    ["activation", "tan", /^activation must be one of "tanh", "relu", .*; got "tan"$/],
    ["hidden", "wide", /^hidden must be a list of positive integers; got "wide"$/],
    ["hidden[1]", -3, /^hidden\[1\] must be a positive integer; got -3$/],
    ["preset", "rl-zoo", /^preset must be true, false or "none"; got "rl-zoo"$/],
  ])("%s = %j", (field, value, sentence) => {
    const error = refusal({ ...ppo, [field.replace("[1]", "")]: field === "hidden[1]" ? [64, value] : value });
    expect(error.message).toMatch(sentence);
    expect(error.message).not.toContain("\n");
    expect(error).toMatchObject({ field, value, exitCode: 2 });
  });

  it("a hyperparameter that does not exist, with the nearest one that does", () => {
    const error = refusal({ ...ppo, lerningRate: 1e-3 });
    expect(error.message).toBe(
      'lerningRate must be left out, because ppo has no such hyperparameter. Did you mean "learningRate"?',
    );
    expect(refusal({ ...ppo, lr: 1e-3 }).message).toMatch(/Did you mean "learningRate"\?$/);
    expect(error.field).toBe("lerningRate");
    expect(refusal({ ...ppo, constructor: 1 }).message).toMatch(/hyperparameter\. It has .*gamma, .*adamEps\.$/);
  });

  it.each([
    [{ ...ppo, algorithm: "pppo" }, /^algorithm must be one of "ppo", .*; got "pppo"\. Did you mean "ppo"\?$/],
    [{ ...ppo, algorithm: "constructor" }, /^algorithm must be one of "ppo", .*; got "constructor"$/],
    [{ env: "CartPole-v1" }, /^algorithm must be one of "ppo"/],
    [
      { ...ppo, env: "CartPol-v1" },
      /^env must be one of "CartPole-v1", .*; got "CartPol-v1"\. Did you mean "CartPole-v1"\?$/,
    ],
    [
      { algorithm: "ppo" },
      /^env must be given: one of "CartPole-v1", .*\. For an environment of your own: train\(config, \{ makeEnv \}\)\.$/,
    ],
    [{ ...ppo, env: 3 }, /^env must be one of .*; got 3$/],
    ["ppo", /^config must be an object/],
    [null, /^config must be an object/],
    [[ppo], /^config must be an object/],
  ])("%j", (input, sentence) => {
    expect(refusal(input).message).toMatch(sentence);
  });

  it("minibatches larger than the rollout they are cut from, and rollouts of one transition", () => {
    const error = refusal({ ...ppo, preset: false, nSteps: 16, nEnvs: 2 });
    expect(error.message).toBe(
      "batchSize must be at most nSteps × nEnvs = 32, the transitions of one rollout; got 64. Lower batchSize, or raise nSteps or nEnvs.",
    );
    expect(parseConfig({ ...ppo, preset: false, nSteps: 32, nEnvs: 2 }).batchSize).toBe(64);
    expect(refusal({ ...ppo, nSteps: 1, nEnvs: 1, batchSize: 1 })).toMatchObject({ field: "nSteps", value: 1 });
    expect(parseConfig({ ...ppo, batchSize: 1, normalizeAdvantage: false }).batchSize).toBe(1);
  });

  it("an environment whose actions the algorithm cannot choose, with the algorithms that can", () => {
    const { message } = refusal({ algorithm: "hill-climbing", env: "Pendulum-v1" });
    expect(message).toMatch(
      /^env must be an environment whose action space hill-climbing can use \(discrete\); got "Pend/,
    );
    expect(message).toMatch(/The action space of Pendulum-v1 is box: use ppo/);
  });

  it("and, to who wanted a policy, without those that only evaluate one", () => {
    const evaluators = ["policy-evaluation", "td", "n-step-td", "td-lambda", "mc-prediction", "off-policy-evaluation"];
    const { observationSpace, actionSpace } = makeEnv("FrozenLake-v1");
    const offered = (algorithm: string) => {
      try {
        checkSuits({ algorithm, env: "mine" } as ResolvedConfig, { observationSpace, actionSpace });
      } catch (error) {
        return (error as ConfigError).message.match(/: use (.*)\.$/)![1]!.split(", ");
      }
      throw new Error("it was accepted");
    };
    for (const algorithm of ["supervised", "value-iteration"]) {
      const names = offered(algorithm);
      expect(names).toEqual(expect.arrayContaining(["ppo", "q-learning", "value-prediction"]));
      expect(names.filter((name) => evaluators.includes(name))).toEqual([]);
    }
    // Control: they do suit it, and who wanted the values of a policy is told so.
    expect(offered("policy-evaluation")).toEqual(expect.arrayContaining(evaluators.slice(1)));
  });
});

describe("describeSchema", () => {
  it.each([
    [{ type: "number" }, "a number"],
    [{ type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER }, "a positive integer"],
    [{ type: "integer", minimum: 2, maximum: Number.MAX_SAFE_INTEGER }, "an integer of at least 2"],
    [{ type: "integer", minimum: Number.MIN_SAFE_INTEGER, maximum: 3 }, "an integer of at most 3"],
    [{ type: "number", exclusiveMinimum: 0, maximum: 1 }, "a number above 0 and at most 1"],
    [{ type: "number", exclusiveMinimum: 0, exclusiveMaximum: 1 }, "a number above 0 and below 1"],
    [{ type: "array", items: { type: "number" }, minItems: 2 }, "a list of at least 2 numbers"],
    [{ type: "array" }, "a list"],
    [{ anyOf: [{ type: "number" }, { const: "auto" }] }, 'a number or "auto"'],
    [{ anyOf: [{}, { type: "null" }] }, undefined],
    [{ type: "string" }, "a string"],
    [{ type: "object" }, "an object"],
  ])("%j", (schema, words) => {
    expect(describeSchema(schema)).toBe(words);
  });
});

describe("describeFields", () => {
  it("has a default and a line for every hyperparameter of every algorithm", () => {
    for (const algorithm of [algorithms.ppo]) {
      for (const [name, { about, default: value, allowed }] of Object.entries(describeFields(algorithm))) {
        expect(about, name).toMatch(/^\S.*\.$/);
        expect(allowed, name).not.toBe("");
        if (name !== "algorithm" && name !== "env") expect(value, name).toBeDefined();
      }
    }
  });
});
