/** `limpid doctor`, as a user calls it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { limpid } from "./support/command.ts";
import { expectMistake } from "./support/outcomes.ts";
import { USER_ENVS } from "./support/user-envs.ts";

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "limpid-doctor-"));
  writeFileSync(join(cwd, "my-env.ts"), USER_ENVS);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...args: string[]) => limpid(args, { cwd });
const doctor = (...args: string[]) => run("doctor", ...args);

describe("limpid doctor", () => {
  it("examines a configuration, prints what it found and ends with 1", async () => {
    const { code, stdout, stderr } = await doctor("ppo", "CartPole-v1", "learningRate=lin_0.1", "--json");
    expect(code, stderr).toBe(1);
    expect(stderr).toMatch(/^Examined:\n {2}the environment: .*\n {2}the learner: 7 probe environments\n {2}the run: /);
    expect(stderr).toMatch(
      /\n1\. .*\. \(learning rate, likely\)\n {5}.*; expected .*\n {3}Remedy: .*\n {3}Confirm: .*doctor ppo /,
    );
    const { diagnoses } = JSON.parse(stdout);
    expect(diagnoses[0]).toMatchObject({ part: "learning rate", hyperparameter: "learningRate", certainty: "likely" });
  });

  it("reads the directory of a run, and what a change would make of it", async () => {
    const trained = await run("train", "q-learning", "FrozenLake-v1", "--steps", "20000", "--out", "run");
    expect(trained.code, trained.stderr).toBe(0);
    const { code, stdout } = await doctor("run");
    expect(stdout).toMatch(/the metrics of \d+ iterations/);
    expect(stdout).toMatch(/\nNothing is out of its range\./);
    expect(code).toBe(0);
    const changed = await doctor("run", "learningRate=0");
    expect(changed.stdout).not.toMatch(/metrics of/);
    expect(changed.stdout).toMatch(/\n1\. .* because of learningRate 0\. \(learning rate, likely\)/);
  });

  it("reads a file with a configuration", async () => {
    writeFileSync(join(cwd, "config.json"), JSON.stringify({ algorithm: "sarsa", env: "CliffWalking-v1" }));
    const { code, stdout } = await doctor("config.json", "--seed", "4");
    expect(stdout).toMatch(/the learner: 7 probe environments/);
    expect(code).toBe(0);
    writeFileSync(join(cwd, "half.json"), "{");
    expectMistake(await doctor("half.json"), /half\.json must be JSON \(/);
    writeFileSync(join(cwd, "other.json"), "[]");
    expectMistake(await doctor("other.json"), /other\.json must be the configuration of a run/);
  });

  it("examines an environment alone, one's own too", async () => {
    expect((await doctor("Acrobot-v1")).code).toBe(0);
    const { code, stdout } = await doctor("--env-module", "./my-env.ts#Nan");
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /\n1\. \.\/my-env\.ts#Nan: observation\[1\] must be a finite number; got NaN\. \(environment, certain\)/,
    );
    expect(stdout).toMatch(/Confirm: .*doctor --env-module '?\.\/my-env\.ts#Nan/);
  });

  it("refuses what it cannot examine in one sentence", async () => {
    expectMistake(await doctor(), /what to examine must be given: a run's directory; a file/);
    expectMistake(await doctor("ppo"), /env must be given behind ppo/);
    expectMistake(await doctor("pppo", "CartPole-v1"), /algorithm must be one of ppo, .*; got "pppo"$/);
    expectMistake(
      await doctor("ppo", "CartPole-v1", "more"),
      /what to examine must be a run's directory; .*; got "more"$/,
    );
    expectMistake(await doctor("ppo", "CartPole-v1", "gama=1"), /gama must be left out.*Did you mean "gamma"\?$/);
    expectMistake(await doctor("CartPole-v1", "gamma=1"), /gamma must be left out where an environment alone/);
    expectMistake(await doctor("CartPole"), /env must be one of .*; got "CartPole"\. Did you mean "CartPole-v1"\?$/);
    expectMistake(await doctor("missing.json"), /config must be a file that exists; got "missing\.json"$/);
    mkdirSync(join(cwd, "empty"));
    expectMistake(await doctor("empty"), /run directory must be a directory that holds a run/);
  });
});
