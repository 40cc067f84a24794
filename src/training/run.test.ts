import { beforeAll, describe, expect, it } from "vitest";
import { corridor } from "../../test/support/corridor.ts";
import { datasetOptions } from "../../test/support/datasets.ts";
import { addHillClimbing } from "../../test/support/hill-climbing.ts";
import { algorithms } from "../algorithms/registry.ts";
import { envIds, loadEnv, makeEnv } from "../envs/index.ts";
import { ConfigError, EnvironmentError, FormatError, RunError } from "../errors.ts";
import { readSafetensors, writeSafetensors } from "../nn/index.ts";
import { seal } from "./checkpoint.ts";
import { misfitOf } from "./config.ts";
import { metricDefinition, metrics, type RunInput, resumeRun, train } from "./index.ts";

beforeAll(addHillClimbing);
beforeAll(() => Promise.all(envIds().map(loadEnv)));

const hill: RunInput = { algorithm: "hill-climbing", env: "CartPole-v1", seed: 3 };
/** Small, and with everything that a checkpoint must hold. */
const ppo: RunInput = {
  algorithm: "ppo",
  env: "CartPole-v1",
  preset: false,
  seed: 5,
  steps: 1024,
  nEnvs: 4,
  nSteps: 32,
  batchSize: 48,
  nEpochs: 2,
  normalizeObservation: true,
  normalizeReward: true,
  learningRate: "lin_0.001",
};

function thrown(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}

describe("a run", () => {
  it("is an iterator that ends when the steps are reached, in whole iterations", () => {
    const run = train({ ...hill, steps: 700 });
    expect([run.step, run.done]).toEqual([0, false]);
    expect([...run].map(({ step }) => step)).toEqual([300, 600, 900]);
    expect([run.step, run.done]).toEqual([900, true]);
    expect([...run]).toEqual([]);
    expect(() => run.iterate()).toThrow(/the run is done after 900 of 700 steps\. Resume it with more steps/);
  });

  it("stops where its loop is left, and goes on where it is entered again", () => {
    const whole = train(hill);
    const inPieces = train(hill);
    for (const _ of whole);
    for (const { step } of inPieces) if (step >= 900) break;
    expect(inPieces.step).toBe(900);
    inPieces.iterate();
    for (const _ of inPieces);
    expect(inPieces.step).toBe(3000);
    expect(inPieces.parametersSha256()).toBe(whole.parametersSha256());
  });

  it("is made again from its configuration, and differs for another seed", () => {
    const digest = (input: RunInput) => {
      const run = train(input);
      for (const _ of run);
      return run.parametersSha256();
    };
    const first = train(ppo);
    for (const _ of first);
    expect(first.parametersSha256()).toMatch(/^[0-9a-f]{64}$/);
    expect(digest(JSON.parse(JSON.stringify(first.config)))).toBe(first.parametersSha256());
    expect(digest({ ...ppo, seed: 6 })).not.toBe(first.parametersSha256());
  });

  it("reports raw returns of the last episodes, however rewards are normalised", () => {
    const run = train(ppo);
    const seen = [...run].map(({ metrics }) => metrics);
    const last = seen.at(-1)!;
    // Of CartPole, the raw return is the length.
    expect(last["episode/return"]).toBe(last["episode/length"]);
    expect(last["episode/return"]).toBeGreaterThan(8);
    expect(last["episode/count"]).toBeGreaterThan(seen[0]["episode/count"]);
  });

  it("leaves the return out until an episode has ended", () => {
    const run = train({ ...hill, env: "MountainCar-v0", nSteps: 150, nEnvs: 1, steps: 450 });
    const all = [...run].map(({ metrics }) => metrics);
    expect(all[0]).not.toHaveProperty("episode/return");
    expect(all[0]["episode/count"]).toBe(0);
    expect(all[1]).toMatchObject({ "episode/return": -200, "episode/length": 200, "episode/count": 1 });
  });

  it("takes environments of the user's own", () => {
    const run = train(
      { algorithm: "ppo", env: "corridor", nSteps: 64, batchSize: 64, steps: 6000, seed: 1 },
      { makeEnv: () => corridor() },
    );
    let last = Number.NaN;
    for (const { metrics } of run) last = metrics["episode/return"];
    expect(run.config.env).toBe("corridor");
    expect(last).toBeGreaterThan(0.9);
  });

  it("emits nothing that the registry does not explain", () => {
    const small: Record<string, object> = {
      ppo: { nSteps: 250, steps: 250, targetKl: 0.1 },
      sarsa: { exploration: "boltzmann" },
      dqn: { learningStarts: 0 },
      sac: { learningStarts: 50, batchSize: 8 },
      naf: { learningStarts: 90, batchSize: 8 },
      "cem-q": { learningStarts: 90, batchSize: 8, nSamples: 8 },
      "cql-sac": { batchSize: 8, nActions: 2 },
      "self-play-ppo": { nEnvs: 8, nSteps: 256, steps: 2048, latestShare: 0 },
    };
    const emitted = new Set<string>();
    const kindOf = (id: string) => {
      const { observationSpace, actionSpace } = makeEnv(id);
      return `${observationSpace.kind} ${actionSpace.kind}`;
    };
    for (const algorithm of Object.values(algorithms)) {
      const { name } = algorithm;
      const suitable = envIds().filter((id) => misfitOf(algorithm, makeEnv(id)) === undefined);
      // One environment, the first, for each kind of observations and actions.
      for (const env of new Map(suitable.reverse().map((id) => [kindOf(id), id])).values()) {
        const run = train({ algorithm: name, env, preset: false, ...small[name] }, datasetOptions(name, env));
        for (const metric of Object.keys(run.iterate().metrics)) emitted.add(metric);
      }
    }
    for (const metric of emitted) expect(metricDefinition(metric), metric).toBeDefined();
    // What has an entry is also emitted, here or (evaluation, time) by the command.
    const elsewhere = /^(evaluation|time)\//;
    expect(metrics.map(({ name }) => name).filter((name) => !emitted.has(name) && !elsewhere.test(name))).toEqual([]);
  });
});

describe("the registry of metrics", () => {
  it("explains every metric in full, and each once", () => {
    expect(new Set(metrics.map(({ name }) => name)).size).toBe(metrics.length);
    for (const { name, definition, unit, range, whatChangesIt } of metrics) {
      const groups =
        "episode|rollout|evaluation|time|loss|policy|value|gradient|dynamics|heldOut|schedule|update|selfPlay";
      expect(name).toMatch(new RegExp(`^(${groups})/[a-zA-Z]+$`));
      for (const text of [definition, range, whatChangesIt]) expect(text, name).toMatch(/^\S.*\.$/);
      expect(unit, name).not.toBe("");
    }
    expect(metricDefinition("toString")).toBeUndefined();
  });
});

describe("a checkpoint", () => {
  it.each([
    ["ppo", ppo],
    ["ppo on Pendulum-v1", { ...ppo, env: "Pendulum-v1", targetKl: 0.02, clipRangeVf: 0.2 }],
    ["ppo, as tuned, on MountainCarContinuous-v0", { algorithm: "ppo", env: "MountainCarContinuous-v0", steps: 640 }],
    ["reinforce", { algorithm: "reinforce", env: "CartPole-v1", nEnvs: 8, steps: 4000, seed: 2 }],
    ["hill climbing", { ...hill, normalizeObservation: true, steps: 2400 }],
  ])("taken at any iteration gives the same bits as the uninterrupted run: %s", (_name, input) => {
    const whole = train(input);
    const saved = [whole.checkpoint(), ...Array.from(whole, () => whole.checkpoint())];
    expect(saved.length).toBeGreaterThan(6);
    for (const bytes of saved.filter((_, i) => i % 3 === 0 || i === saved.length - 1)) {
      const resumed = resumeRun(bytes);
      expect(resumed.checkpoint()).toEqual(bytes);
      for (const _ of resumed);
      expect(resumed.checkpoint()).toEqual(whole.checkpoint());
      expect(resumed.parametersSha256()).toBe(whole.parametersSha256());
    }
  });

  it("changes nothing where it is taken", () => {
    const [watched, alone] = [train(ppo), train(ppo)];
    for (const _ of watched) watched.checkpoint();
    for (const _ of alone);
    expect(watched.parametersSha256()).toBe(alone.parametersSha256());
  });

  it("goes on in the episodes of a user's environment that can be saved, and in fresh ones otherwise", () => {
    const input: RunInput = { algorithm: "hill-climbing", nSteps: 30, steps: 900, seed: 2 };
    for (const saves of [true, false]) {
      const makeEnv = () => corridor({ saves, length: 40 });
      const whole = train(input, { makeEnv });
      whole.iterate();
      const bytes = whole.checkpoint();
      const resumed = resumeRun(bytes, { makeEnv });
      const again = resumeRun(bytes, { makeEnv });
      const [expected, got] = [[...whole], [...resumed]];
      expect([...again]).toEqual(got);
      if (saves) expect(got).toEqual(expected);
      else expect(got).not.toEqual(expected);
    }
  });

  it("can be gone on with to a higher number of steps", () => {
    const run = train({ ...hill, steps: 600 });
    for (const _ of run);
    const more = resumeRun(run.checkpoint(), { steps: 1500 });
    expect(more.done).toBe(false);
    for (const _ of more);
    expect(more.step).toBe(1500);
    expect(more.config).toEqual({ ...run.config, steps: 1500 });
    expect(thrown(() => resumeRun(run.checkpoint(), { steps: -1 }))).toBeInstanceOf(ConfigError);
  });

  it("is refused by an environment of other spaces", () => {
    const bytes = train(hill).checkpoint();
    const error = thrown(() => resumeRun(bytes, { makeEnv: () => corridor() }));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toMatch(/^observationSpace of CartPole-v1 must be the one that the checkpoint was made with/);
  });
});

describe("a damaged checkpoint", () => {
  const rewrite = (change: (metadata: Record<string, string>) => void) => {
    const { tensors, metadata } = readSafetensors(train(ppo).checkpoint());
    const { sha256: _, ...texts } = metadata;
    change(texts);
    return seal(tensors, texts);
  };
  const json = (text: string, change: (value: Record<string, unknown>) => void) => {
    const value = JSON.parse(text);
    change(value);
    return JSON.stringify(value);
  };

  it.each<[string, () => Uint8Array, RegExp]>([
    ["nothing", () => new Uint8Array(), /safetensors file must be at least 8 bytes/],
    ["half a file", () => train(ppo).checkpoint().slice(0, 9000), /must be|cannot be used/],
    [
      "another safetensors file",
      () => writeSafetensors({}),
      /checkpoint format must be "limpid checkpoint 1"; got "none"/,
    ],
    [
      "another version",
      () => rewrite((m) => (m.format = "limpid checkpoint 7")),
      /checkpoint format must be .*; got "limpid checkpoint 7"/,
    ],
    ["no config", () => rewrite((m) => delete m.config), /checkpoint config must be JSON/],
    [
      "another algorithm",
      () => rewrite((m) => (m.config = json(m.config, (c) => (c.algorithm = "magic")))),
      /algorithm must be one of/,
    ],
    [
      "another network",
      () => rewrite((m) => (m.config = json(m.config, (c) => (c.hidden = [8])))),
      /does not fit|must be/,
    ],
    [
      "no step",
      () => rewrite((m) => (m.run = json(m.run, (r) => (r.step = "5")))),
      /checkpoint step must be a non-negative integer; got "5"/,
    ],
    [
      "a step that is not the learner's",
      () => rewrite((m) => (m.run = json(m.run, (r) => (r.step = 5)))),
      /the learner's step must be 5; got 0/,
    ],
    [
      "no environments",
      () => rewrite((m) => (m.run = json(m.run, (r) => (r.env = null)))),
      /must be a JSON object; got null/,
    ],
    [
      "strange spaces",
      () => rewrite((m) => (m.run = json(m.run, (r) => (r.actionSpace = { kind: "cube" })))),
      /space\.kind must be one of/,
    ],
    ["no learner", () => rewrite((m) => (m.learner = "null")), /the checkpoint cannot be used/],
  ])("is refused in one sentence: %s", (_name, make, sentence) => {
    const error = thrown(() => resumeRun(make()));
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toMatch(sentence);
    expect(error.message).not.toContain("\n");
  });

  it("is refused where one bit of it is flipped, wherever that is", () => {
    const run = train(hill);
    run.iterate();
    const bytes = run.checkpoint();
    for (let i = 0; i < bytes.length; i += 7) {
      const flipped = bytes.slice();
      flipped[i] ^= 1 << (i % 8);
      const error = thrown(() => resumeRun(flipped));
      expect(error, `byte ${i}`).toBeInstanceOf(FormatError);
      expect(error.message).not.toContain("\n");
    }
  });
});

describe("a run that fails", () => {
  it.each([
    [
      "metric",
      /^loss\/total became Infinity at step 900, so training stopped; the last checkpoint, if there is one, is from before\. /,
    ],
    ["parameter", /^parameter weights\[1\] became NaN at step 900, so training stopped/],
    ["unknown metric", /^loss\/unheardOf became NaN at step 900/],
  ])("stops where a number is no longer finite: %s", (fault, sentence) => {
    const run = train({ ...hill, fault, faultAt: 900 });
    run.iterate();
    run.iterate();
    const before = run.checkpoint();
    const error = thrown(() => run.iterate());
    expect(error).toBeInstanceOf(RunError);
    expect(error.message).toMatch(sentence);
    expect(error.message).toMatch(/What usually helps: normalizeReward=true\.$/);
    expect(thrown(() => run.iterate())).toBe(error);
    expect(thrown(() => run.checkpoint())).toBe(error);
    expect(resumeRun(before).step).toBe(600);
  });

  it("names the remedies that the algorithm has", () => {
    const run = train({
      ...ppo,
      normalizeReward: false,
      normalizeObservation: false,
      learningRate: 1e30,
      maxGradNorm: 1e30,
    });
    const error = thrown(() => [...run]);
    expect(error).toBeInstanceOf(RunError);
    expect(error.message).toMatch(/ became (NaN|-?Infinity) at step \d+, so training stopped/);
    expect(error.message).toMatch(
      /What usually helps: a lower learningRate, a smaller maxGradNorm, normalizeReward=true\.$/,
    );
  });

  it("leaves out a metric that does not exist this time", () => {
    const { metrics } = train({ ...hill, fault: "undefined metric" }).iterate();
    expect(metrics).not.toHaveProperty("value/explainedVariance");
    expect(metrics).toHaveProperty("loss/total");
  });

  it.each([
    ["nan observation", /^observation\[1\] of environment 0 \(maze\) must be a finite number; got NaN$/],
    ["wrong shape", /^observation of environment 0 \(maze\) must be a flat array of 2 numbers; got \[0,0,0\]$/],
    ["nan reward", /^reward of environment 0 \(maze\) must be a finite number; got NaN$/],
    ["exception", /^step of environment 0 \(maze\) failed: TypeError: the door is stuck$/],
  ] as const)("says what its environment did: %s", (fault, sentence) => {
    const input = { algorithm: "ppo", env: "maze", nSteps: 32, batchSize: 32 };
    const run = train(input, { makeEnv: () => corridor({ fault }) });
    run.iterate();
    const error = thrown(() => [...run]);
    expect(error).toBeInstanceOf(EnvironmentError);
    expect(error.message).toMatch(sentence);
    expect(thrown(() => run.checkpoint())).toBe(error);
  });

  it("says what to lower where it does not fit into memory, and leaves room for one that does", () => {
    for (const sizes of [{ nSteps: 1e9 }, { hidden: [200_000, 200_000] }]) {
      const error = thrown(() => train({ ...ppo, ...sizes }));
      expect(error).toBeInstanceOf(ConfigError);
      const [[field, value]] = Object.entries(sizes);
      expect(error.message).toMatch(
        new RegExp(
          `^${field} must be smaller: this run needs more memory than there is \\(4 GiB at most\\), with .* beside it; got`,
        ),
      );
      expect((error as ConfigError).value).toEqual(value);
    }
    expect(train(ppo).iterate().step).toBeGreaterThan(0);
  });

  it("refuses unsuitable actions of a user's environment before anything happens", () => {
    const error = thrown(() => train({ algorithm: "hill-climbing", env: "Pendulum-v1" }));
    expect(error).toBeInstanceOf(ConfigError);
  });
});

it("train says what its options must be", () => {
  const call = (options: unknown) => () => train({ algorithm: "ppo" }, options as object);
  expect(call({ makeEnv: makeEnv("CartPole-v1") })).toThrow(
    /^makeEnv must be a function that makes an environment\. One environment/,
  );
  expect(call({ makeenv: 1 })).toThrow(
    'makeenv must be left out, because train has no such option. Did you mean "makeEnv"?',
  );
});
