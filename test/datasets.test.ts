import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readDataset } from "../src/data/index.ts";
import { limpid } from "./support/command.ts";
import { expectMistake } from "./support/outcomes.ts";

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "limpid-datasets-"));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...args: string[]) => limpid(args, { cwd });

describe("limpid record", () => {
  it("keeps random actions, then those of a run that learned from them; the same seed, the same bytes", async () => {
    const random = await run(
      "record",
      "CartPole-v1",
      "--steps",
      "400",
      "--seed",
      "3",
      "--out",
      "random.safetensors",
      "--json",
    );
    expect(random.code, random.stderr).toBe(0);
    expect(random.json()).toMatchObject({ dataset: "random.safetensors", env: "CartPole-v1", seed: 3, steps: 400 });
    expect(random.stderr).toMatch(
      /Recorded 400 transitions in \d+ episodes of CartPole-v1, return .*train behaviour-cloning/s,
    );
    const dataset = readDataset(readFileSync(join(cwd, "random.safetensors")));
    expect(dataset).toMatchObject({ env: "CartPole-v1", seed: 3, policy: { algorithm: "random", random: 1 } });

    const short = ["--set", "hidden=8", "--steps", "150", "--out", "cql"];
    const trained = await run("train", "cql", "CartPole-v1", "--dataset", "random.safetensors", ...short, "--json");
    expect(trained.code, trained.stderr).toBe(0);
    expect(trained.json()).toMatchObject({ steps: 150, evaluation: { episodes: 20 } });

    const deep = ["--set", "hidden=8", "--steps", "150", "--out", "dqn", "--json"];
    const unlike = await run("train", "dqn", "CartPole-v1", "--dataset", "random.safetensors", ...deep);
    expect(unlike.code, unlike.stderr).toBe(0);
    expect(unlike.json()).toMatchObject({ steps: 150, evaluation: { episodes: 20 } });

    const again = ["record", "cql", "--steps", "100", "--random", "0.5", "--stochastic"];
    for (const out of ["one", "two"]) expect((await run(...again, "--out", out)).code).toBe(0);
    expect(readFileSync(join(cwd, "one"))).toEqual(readFileSync(join(cwd, "two")));
    const { policy } = readDataset(readFileSync(join(cwd, "one")));
    expect(policy).toEqual({ algorithm: "cql", step: 150, seed: 0, random: 0.5, deterministic: false });
  }, 60_000);

  it("lets a run go on with the file where it was or is now, and with no other content", async () => {
    const more = ["train", "--resume", "cql", "--steps", "250"];
    renameSync(join(cwd, "random.safetensors"), join(cwd, "moved.safetensors"));
    expectMistake(await run(...more), /dataset must be a file that exists; got "random.safetensors"/);
    expectMistake(
      await run(...more, "--dataset", "one"),
      /dataset must be the one that the run began with, whose SHA-256/,
    );
    const resumed = await run(...more, "--dataset", "moved.safetensors", "--json");
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(resumed.json()).toMatchObject({ steps: 250 });
  }, 60_000);

  it("refuses what it cannot use, and writes nothing then", async () => {
    writeFileSync(join(cwd, "text"), "no dataset");
    const before = readdirSync(cwd);
    expectMistake(
      await run("train", "cql", "CartPole-v1"),
      /dataset must be given: cql learns from transitions that were/,
    );
    expectMistake(await run("train", "cql", "CartPole-v1", "--dataset", "text"), /text is no whole dataset: /);
    expectMistake(
      await run("train", "cql", "Acrobot-v1", "--dataset", "one"),
      /the dataset's observationSpace must be that of/,
    );
    expectMistake(
      await run("train", "ppo", "CartPole-v1", "--dataset", "one"),
      /dataset must be left out, because ppo/,
    );
    expectMistake(await run("record"), /run must be given: a run's directory, a checkpoint, or an environment/);
    expectMistake(
      await run("record", "CartPole-v1", "--out", "one"),
      /--out must be a file that does not exist yet; got "one"/,
    );
    expectMistake(await run("record", "CartPole-v1", "--steps", "0"), /steps must be a positive integer; got "0"/);
    expectMistake(await run("record", "nowhere"), /run must be an existing run directory or checkpoint; got "nowhere"/);
    expect(readdirSync(cwd)).toEqual(before);
    expect(existsSync(join(cwd, "runs"))).toBe(false);
  }, 60_000);
});
