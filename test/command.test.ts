import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { train } from "../src/index.ts";
import { limpid, type Outcome } from "./support/command.ts";
import { USER_ENVS } from "./support/user-envs.ts";

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "limpid-command-"));
  writeFileSync(join(cwd, "envs.ts"), USER_ENVS);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...args: string[]) => limpid(args, { cwd });
/** A short run of PPO: 512 steps each iteration. */
const SMALL = ["--set", "preset=none", "--set", "nSteps=512", "--set", "nEpochs=2"];

/** What the user gave wrong, or what failed: one sentence, on stderr alone, and never a stack trace. */
function expectFailure(outcome: Outcome, code: 1 | 2, sentence: RegExp): void {
  expect(outcome.code, outcome.stderr).toBe(code);
  const lines = outcome.stderr.trimEnd().split("\n");
  expect(lines.at(-1)).toMatch(sentence);
  expect(lines.at(-1)).toMatch(/^limpid: /);
  expect(outcome.stderr).not.toMatch(/^\s+at /m);
}

function expectMistake(outcome: Outcome, sentence: RegExp): void {
  expectFailure(outcome, 2, sentence);
  expect(outcome.stderr.trimEnd()).not.toContain("\n");
  expect(outcome.stdout).toBe("");
}

describe("limpid train", () => {
  it("trains, keeps the run, evaluates it, and says what to do next", async () => {
    const { code, stdout, stderr } = await run(
      "train",
      "ppo",
      "CartPole-v1",
      "--steps",
      "1000",
      "--seed",
      "3",
      ...SMALL,
    );
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^Training ppo on CartPole-v1 for 1,000 steps \(seed 3\)\. Ctrl-C saves and stops\.\n/);
    expect(stdout).toMatch(/\n1,024\/1,000 steps · return [\d.]+ [▁-█]+ · [\d,]+ steps\/s\n/);
    expect(stdout).toMatch(/\nTrained 1,024 steps in [\d.]+ s \([\d,]+ steps\/s\)\.\n/);
    expect(stdout).toMatch(
      /\nEvaluated over 20 episodes: return [\d.]+ ± [\d.]+ \(lowest [\d.]+, highest [\d.]+\)\.\n/,
    );
    expect(stdout).toMatch(
      /\nThe run is in runs\/ppo-CartPole-v1-3\. Next:\n.* evaluate runs\/ppo-CartPole-v1-3 --episodes 100\n/,
    );
    expect(stdout).toMatch(/ train --resume runs\/ppo-CartPole-v1-3 --steps 2000\n$/);

    const directory = join(cwd, "runs", "ppo-CartPole-v1-3");
    expect(readdirSync(directory).map((name) => name.replace(/tfevents.*/, "tfevents"))).toEqual([
      "checkpoints",
      "config.json",
      "events.out.tfevents",
      "metrics.jsonl",
    ]);
    expect(readdirSync(join(directory, "checkpoints"))).toContain("step-000000001024.safetensors");
    const rows = readFileSync(join(directory, "metrics.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .map((row) => JSON.parse(row));
    expect(rows.map(({ step }) => step)).toEqual([512, 1024, 1024]);
    expect(rows[1]["episode/return"]).toBeGreaterThan(8);
    expect(rows[2]["evaluation/mean"]).toBeGreaterThan(8);
  });

  it("gives the run that the library gives, and with --json one value on the last line", async () => {
    const { code, stdout, stderr, json } = await run(
      "train",
      "ppo",
      "CartPole-v1",
      "--steps",
      "1024",
      "--out",
      "a",
      "--json",
      ...SMALL,
    );
    expect(code, stderr).toBe(0);
    expect(stdout.trimEnd()).not.toContain("\n");
    expect(stderr).toContain("Evaluated over 20 episodes");
    const result = json();
    expect(Object.keys(result)).toEqual([
      ...["run", "algorithm", "env", "seed", "steps", "seconds", "stepsPerSecond", "evaluation", "parametersSha256"],
    ]);
    expect(result).toMatchObject({ run: "a", algorithm: "ppo", env: "CartPole-v1", seed: 0, steps: 1024 });
    expect(Object.keys(result.evaluation as object)).toEqual(["episodes", "mean", "std", "min", "max"]);
    const config = JSON.parse(readFileSync(join(cwd, "a", "config.json"), "utf8"));
    const own = train(config);
    for (const _ of own);
    expect(result.parametersSha256).toBe(own.parametersSha256());
  });

  it("goes on with a run to a higher number of steps, and writes each metric once", async () => {
    const first = await run("train", "ppo", "CartPole-v1", "--steps", "1024", "--out", "b", "--json", ...SMALL);
    const again = await run("train", "--resume", "b", "--steps", "2048", "--json");
    expect(again.code, again.stderr).toBe(0);
    expect(again.stderr).toContain("Going on with b at step 1,024 of 2,048.");
    expect(again.stderr).toMatch(/\nTrained 1,024 steps in .* steps\/s\), 2,048 in all\.\n/);
    expect(again.json()).toMatchObject({ run: "b", steps: 2048 });
    expect(again.json().parametersSha256).not.toBe(first.json().parametersSha256);
    const rows = readFileSync(join(cwd, "b", "metrics.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .map((row) => JSON.parse(row).step);
    expect(rows).toEqual([512, 1024, 1024, 1536, 2048, 2048]);
    expect(JSON.parse(readFileSync(join(cwd, "b", "config.json"), "utf8")).steps).toBe(2048);

    // A run that is done has nothing left to train.
    const done = await run("train", "ppo", "CartPole-v1", "--resume", "b", "--json");
    expect(done.stderr).toContain("Nothing was left to train: the run has its 2,048 steps.");
    expect(done.json()).toMatchObject({ steps: 2048, parametersSha256: again.json().parametersSha256 });
  });

  it("learns in an environment of the user's own, saved under its name", async () => {
    const args = [
      "train",
      "ppo",
      "--env-module",
      "./envs.ts",
      "--steps",
      "3000",
      "--set",
      "nSteps=250",
      "--set",
      "batchSize=50",
    ];
    const { code, stderr, json } = await run(...args, "--out", "own", "--json");
    expect(code, stderr).toBe(0);
    expect(json()).toMatchObject({
      env: "./envs.ts",
      evaluation: { mean: expect.closeTo(0.95, 6), min: expect.closeTo(0.95, 6) },
    });
    expect(stderr).toContain("evaluate own --episodes 100 --env-module ./envs.ts");

    // Its file holds code: a run cannot have it loaded by itself.
    expectMistake(
      await run("evaluate", "own"),
      /made with an environment of its own, \.\/envs\.ts, .* --env-module \.\/envs\.ts\.$/,
    );
    expectMistake(await run("train", "--resume", "own"), /which is not loaded unasked/);
    const evaluated = await run("evaluate", "own", "--env-module", "./envs.ts", "--episodes", "3", "--json");
    expect(evaluated.json()).toMatchObject({ episodes: 3, mean: expect.closeTo(0.95, 6) });
    const resumed = await run("train", "--resume", "own", "--env-module", "./envs.ts", "--steps", "3250", "--json");
    expect(resumed.json()).toMatchObject({ env: "./envs.ts", steps: 3250 });
  });

  it("takes the file in the place of <env> too", async () => {
    const { code, stderr, json } = await run(
      "train",
      "ppo",
      "envs.ts#default",
      "--steps",
      "64",
      "--set",
      "nSteps=64",
      "--json",
    );
    expect(code, stderr).toBe(0);
    expect(json().env).toBe("envs.ts#default");
  });
});

describe("limpid evaluate", () => {
  beforeAll(async () => {
    await run("train", "ppo", "CartPole-v1", "--steps", "2000", "--out", "e", ...SMALL);
  });

  it("plays episodes with the newest policy of a run, or with that of a checkpoint", async () => {
    const { code, stdout, stderr } = await run("evaluate", "e");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(
      /^ppo on CartPole-v1 after 2,048 steps, 20 episodes with best actions: return [\d.]+ ± [\d.]+ \(/,
    );

    const whole = await run("evaluate", "e", "--json", "--episodes", "5");
    expect(Object.keys(whole.json())).toEqual(["episodes", "mean", "std", "min", "max", "returns"]);
    expect(whole.json().returns).toHaveLength(5);
    const one = await run("evaluate", "e/checkpoints/step-000000002048.safetensors", "--json", "--episodes", "5");
    expect(one.json()).toEqual(whole.json());
    const other = await run("evaluate", "e", "--json", "--episodes", "5", "--seed", "1");
    expect(other.json()).not.toEqual(whole.json());
  });

  it("repeats sampled actions from the seed", async () => {
    const sampled = () => run("evaluate", "e", "--json", "--episodes", "3", "--stochastic", "--seed", "4");
    const first = (await sampled()).json();
    expect((await sampled()).json()).toEqual(first);
    expect((await run("evaluate", "e", "--json", "--episodes", "3", "--seed", "4")).json()).not.toEqual(first);
  });

  it("skips a newest checkpoint that is torn, and refuses one that was asked for", async () => {
    const torn = join("e", "checkpoints", "step-000000009999.safetensors");
    writeFileSync(join(cwd, torn), readFileSync(join(cwd, "e", "checkpoints", "step-000000002048.safetensors")));
    truncateSync(join(cwd, torn), 5000);
    const { stdout } = await run("evaluate", "e", "--episodes", "1");
    expect(stdout).toMatch(
      /^Passed over e\/checkpoints\/step-000000009999\.safetensors: .+\.\nppo on CartPole-v1 after 2,048 steps/,
    );
    expectMistake(
      await run("evaluate", torn),
      /e\/checkpoints\/step-000000009999\.safetensors is no whole checkpoint: /,
    );
    rmSync(join(cwd, torn));
  });

  it("refuses what is no run", async () => {
    writeFileSync(join(cwd, "text.safetensors"), "this is no checkpoint at all");
    mkdirSync(join(cwd, "empty"), { recursive: true });
    expectMistake(
      await run("evaluate", "nowhere"),
      /run must be an existing run directory or checkpoint; got "nowhere"$/,
    );
    expectMistake(await run("evaluate", "empty"), /run directory must be a directory that holds a run/);
    expectMistake(await run("evaluate", "text.safetensors"), /text\.safetensors is no whole checkpoint: /);
    expectMistake(await run("evaluate", "e", "--episodes", "0"), /episodes must be a positive integer; got "0"$/);
    expectMistake(await run("evaluate", "e", "--seed", "x"), /seed must be an integer from 0 on; got "x"$/);
    expectMistake(await run("evaluate"), /missing required argument 'run'/);
  });
});

describe("limpid list", () => {
  it("tells what there is, for people and as JSON", async () => {
    const { stdout } = await run("list");
    for (const name of ["ppo: ", "CartPole-v1: ", "episode/return [reward]", "learningRate ("])
      expect(stdout).toContain(name);
    const all = (await run("list", "--json")).json();
    expect(Object.keys(all)).toEqual(["algorithms", "envs", "metrics"]);
    for (const kind of ["algorithms", "envs", "metrics"]) {
      const { json, stderr } = await run("list", kind, "--json");
      expect(json()).toEqual(all[kind]);
      expect(stderr).not.toBe("");
    }
    expect((all.envs as { id: string }[]).map(({ id }) => id)).toContain("Pendulum-v1");
    expectMistake(await run("list", "games"), /what to list must be one of algorithms, envs, metrics; got "games"$/);
  });
});

describe("limpid check-env", () => {
  it("finds nothing wrong with a good environment", async () => {
    for (const env of ["CartPole-v1", "envs.ts"]) {
      const { code, json, stderr } = await run("check-env", env, "--json");
      expect(code, stderr).toBe(0);
      expect(json()).toMatchObject({ env, ok: true });
      expect(stderr).toMatch(/can be trained on\.\n$/);
    }
  });

  it("reports what would fail, and ends with 1", async () => {
    const { code, stdout } = await run("check-env", "--env-module", "envs.ts#Nan");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^error: observation: observation\[1\] must be a finite number; got NaN\. /);
    expect(stdout).toMatch(/\nenvs\.ts#Nan cannot be trained on as it is\.\n$/);
    const broken = await run("check-env", "envs.ts#Broken", "--json");
    expect(broken.json()).toMatchObject({
      findings: [{ message: expect.stringMatching(/^step threw Error: the door is stuck \(.*[\\/]envs\.ts:22\)$/) }],
    });
    expectMistake(await run("check-env"), /env must be given: a registered id, or a file of your own$/);
    expectMistake(await run("check-env", "CartPol-v1"), /Did you mean "CartPole-v1"\?$/);
    expectMistake(await run("check-env", "envs.ts#Nothing"), /envs\.ts#Nothing must be an environment/);
  });
});

describe("a mistake is one sentence, with exit code 2 and nothing written:", () => {
  it.each<[string[], RegExp]>([
    [["ppo", "CartPole-v1", "--set", "clipRange=abc"], /clipRange must be a number, .*; got "abc"$/],
    [["ppo", "CartPole-v1", "--set", "gamma=2"], /gamma must be a number from 0 to 1; got 2$/],
    [
      ["ppo", "CartPole-v1", "--set", "lerningRate=1"],
      /lerningRate must be left out, .* Did you mean "learningRate"\?$/,
    ],
    [["ppo", "CartPole-v1", "--set", "gamma"], /--set must be name=value/],
    [["ppo", "CartPole-v1", "--steps", "-5"], /steps must be a positive integer; got -5$/],
    [["ppo", "CartPole-v1", "--steps", "many"], /steps must be a positive integer; got "many"$/],
    [["ppo", "CartPole-v1", "--seed", "1.5"], /seed must be an integer of at least 0; got 1\.5$/],
    [["ppo", "CartPole-v1", "--checkpoint-every", "0"], /checkpointEvery must be a positive integer; got "0"$/],
    [["ppo", "CartPole-v1", "--sed", "3"], /unknown option '--sed' \(Did you mean .*--seed.*\)\. See limpid --help\.$/],
    [["ppo", "CartPole-v1", "extra"], /too many arguments .* but got 3\. See limpid --help\.$/],
    [["ppo", "CartPole-v1", "--out"], /option '--out <directory>' argument missing/],
    [["ppo", "CartPol-v1"], /env must be one of .*; got "CartPol-v1"\. Did you mean "CartPole-v1"\?$/],
    [["pppo", "CartPole-v1"], /algorithm must be one of .*; got "pppo"\. Did you mean "ppo"\?$/],
    [["ppo"], /env must be given: one of "CartPole-v1", .*, or a file of your own such as \.\/my-env\.ts$/],
    [["pppo"], /algorithm must be one of .*; got "pppo"\. Did you mean "ppo"\?$/],
    [
      ["CartPole-v1", "ppo"],
      /algorithm must be the name .*It stands before the environment: .*train ppo CartPole-v1\.$/,
    ],
    [["envs.ts"], /It stands before the environment: .*train ppo envs\.ts\.$/],
    [["ppo", "CartPole-v1", "--set", "gamma=1", "nSteps=8"], /Give each hyperparameter with a --set of its own\.$/],
    [["ppo", "--set", "gamma=1", "nSteps=8"], /nSteps must be given with --set of its own: --set nSteps=8$/],
    [[], /algorithm must be one of/],
    [["ppo", "missing.ts"], /environment module must be a file that exists; got "missing.ts"/],
    [
      ["ppo", "CartPole-v1", "--env-module", "envs.ts"],
      /env must be left out, since --env-module envs\.ts is given; got "CartPole-v1"$/,
    ],
    [["ppo", "envs.ts#Nowhere"], /envs\.ts#Nowhere must have an export Nowhere\. It exports/],
    [["--resume", "nowhere"], /run directory must be a directory that holds a run/],
  ])("limpid train %j", async (args, sentence) => {
    const before = readdirSync(cwd);
    expectMistake(await run("train", ...args), sentence);
    expect(readdirSync(cwd)).toEqual(before);
  });

  it("an --out that is in use", async () => {
    mkdirSync(join(cwd, "full"));
    writeFileSync(join(cwd, "full", "thesis.txt"), "all my work");
    const mistake = (out: string) => run("train", "ppo", "CartPole-v1", "--steps", "512", "--out", out, ...SMALL);
    expectMistake(
      await mistake("full"),
      /--out must be a directory that is new or empty; got "full"\. Choose another directory\.$/,
    );
    expect(readdirSync(join(cwd, "full"))).toEqual(["thesis.txt"]);
    expectMistake(await mistake("envs.ts"), /--out must be a directory, new or empty; got "envs\.ts"$/);
    mkdirSync(join(cwd, "free"));
    mkdirSync(join(cwd, "free", "checkpoints"));
    writeFileSync(join(cwd, "free", "run.lock"), JSON.stringify({ token: "x", host: hostname(), pid: 2 ** 22 + 1 }));
    expect((await mistake("free")).code).toBe(0);
    expectMistake(await mistake("free"), /To go on with the run in it, use --resume free\.$/);
    expectMistake(await run("train", "--resume", "free", "--out", "x"), /--out must be left out with --resume/);
    expectMistake(
      await run("train", "--resume", "free", "--seed", "9"),
      /seed must be left out or 0, as in the run that is resumed; got 9\./,
    );
    expectMistake(
      await run("train", "ppo", "Pendulum-v1", "--resume", "free"),
      /env must be left out or "CartPole-v1"/,
    );
  });

  it("no command, or one that does not exist", async () => {
    const none = await run();
    expect([none.code, none.stdout]).toEqual([2, ""]);
    expectMistake(await run("trian"), /unknown command 'trian' \(Did you mean train\?\)\. See limpid --help\.$/);
  });

  it("with --json, also as JSON", async () => {
    const { code, json, stderr } = await run("train", "ppo", "CartPol-v1", "--json");
    expect(code).toBe(2);
    expect(json().error).toBe(stderr.trimEnd());
  });

  it.skipIf(process.platform !== "linux")("and so is an output that takes no more", async () => {
    const full = await limpid(["list"], { cwd, before: "exec >/dev/full" });
    expect([full.code, full.stderr]).toEqual([
      1,
      "limpid: the output could not be written: no space is left on the device (ENOSPC). Free some space or choose another directory.\n",
    ]);
  });

  it("and shows where it arose only when asked to", async () => {
    const { stderr } = await limpid(["train", "ppo", "CartPol-v1"], { cwd, env: { LIMPID_DEBUG: "1" } });
    expect(stderr).toMatch(/^\s+at /m);
    const args = ["train", "ppo", "envs.ts#Broken", "--set", "nSteps=512"];
    const broken = await limpid(args, { cwd, env: { LIMPID_DEBUG: "1" } });
    expect(broken.stderr).toMatch(/^\s+at .*envs\.ts:22:/m);
  });
});

describe("an environment that fails while training ends the run in one sentence, and the last checkpoint loads:", () => {
  it.each([
    ["Nan", /observation\[1\] of environment 0 \(envs\.ts#Nan\) must be a finite number; got NaN$/],
    ["Wide", /observation of environment 0 \(envs\.ts#Wide\) must be a flat array of 2 numbers; got \[0,0,0\]$/],
    ["NanReward", /reward of environment 0 \(envs\.ts#NanReward\) must be a finite number; got NaN$/],
    ["Broken", /step of environment 0 \(envs\.ts#Broken\) failed: Error: the door is stuck \(.*[\\/]envs\.ts:22\)$/],
  ])("%s", async (name, sentence) => {
    const env = `envs.ts#${name}`;
    const args = ["--set", "nSteps=64", "--checkpoint-every", "64", "--out", name];
    expectFailure(await run("train", "ppo", "--env-module", env, ...args), 1, sentence);
    const { code, stdout } = await run("evaluate", name, "--env-module", "envs.ts", "--episodes", "1");
    expect([code, stdout.slice(0, 40)]).toEqual([0, `ppo on ${env} after 256 steps, 1 episodes`.slice(0, 40)]);
    expect(existsSync(join(cwd, name, "run.lock"))).toBe(false);
  });

  it("numbers that leave the finite range", async () => {
    const args = [
      "--set",
      "learningRate=1e30",
      "--set",
      "maxGradNorm=1e30",
      "--steps",
      "5000",
      "--out",
      "diverged",
      ...SMALL,
    ];
    const outcome = await run("train", "ppo", "CartPole-v1", ...args);
    expectFailure(
      outcome,
      1,
      /became (NaN|-?Infinity) at step \d+, so training stopped; .* What usually helps: a lower learningRate/,
    );
  });
});
