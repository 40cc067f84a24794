import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { limpid } from "./support/command.ts";
import { expectFailure, expectMistake } from "./support/outcomes.ts";
import { USER_ENVS } from "./support/user-envs.ts";

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "limpid-mistakes-"));
  writeFileSync(join(cwd, "envs.ts"), USER_ENVS);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...args: string[]) => limpid(args, { cwd });
/** A short run of PPO: 512 steps each iteration. */
const SMALL = ["--set", "preset=none", "--set", "nSteps=512", "--set", "nEpochs=2"];

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
    [
      ["ppo", "CartPole-v1", "--steps", "9", "--set", "steps=8"],
      /steps must be left out of --set, since 9 is given for it already; got 8$/,
    ],
    [
      ["ppo", "CartPole-v1", "--set", "env=Pendulum-v1"],
      /env must be left out of --set, since "CartPole-v1" is given for it already; got "Pendulum-v1"$/,
    ],
    [["ppo", "CartPole-v1", "--out", ""], /--out must be a directory, new or empty; got ""$/],
    [["ppo", "CartPole-v1", "--checkpoint-every", ""], /checkpointEvery must be a positive integer; got ""$/],
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
    [
      ["ppo", "CartPole-v1", "--set", "nSteps=1000000000"],
      /nSteps must be smaller: this run needs more memory .*; got 1000000000$/,
    ],
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
    const outcome = await run("train", "ppo", "--env-module", env, ...args);
    expectFailure(outcome, 1, sentence);
    expect(outcome.stdout).toContain(`\nThe run up to step 256 is in ${name}.\n`);
    const { code, stdout } = await run("evaluate", name, "--env-module", "envs.ts", "--episodes", "1");
    expect([code, stdout.slice(0, 40)]).toEqual([0, `ppo on ${env} after 256 steps, 1 episode with`.slice(0, 40)]);
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
