import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { train } from "../src/index.ts";
import { limpid } from "./support/command.ts";
import { readGif } from "./support/gif.ts";
import { expectMistake } from "./support/outcomes.ts";
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

  it("says when one iteration is more than there is to train, and how to go on from there", async () => {
    const { stdout } = await run("train", "ppo", "CartPole-v1", "--steps", "100", "--out", "short", ...SMALL);
    expect(stdout).toMatch(/\nOne iteration takes 512 steps, more than the 100 to train: it is the only one\.\n/);
    expect(stdout).toMatch(/ train --resume short --steps 1024\n$/);
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

  it("goes on with no run that its directory describes otherwise, and says so", async () => {
    await run("train", "ppo", "CartPole-v1", "--steps", "1024", "--out", "edited", ...SMALL);
    const file = join(cwd, "edited", "config.json");
    const config = JSON.parse(readFileSync(file, "utf8"));
    const write = (changes: object) => writeFileSync(file, JSON.stringify({ ...config, ...changes }));
    const resume = (...args: string[]) => run("train", "--resume", "edited", ...args);
    const checkpoints = readdirSync(join(cwd, "edited", "checkpoints"));

    write({ gamma: 0.5 });
    expectMistake(
      await resume("--steps", "2048"),
      /it was made with gamma 0\.99, where edited.config\.json says 0\.5; a run goes on as it began$/,
    );
    write({ gamma: "high" });
    expectMistake(await resume(), /edited.config\.json cannot be used: gamma must be a number .*; got "high"$/);
    write({});
    expectMistake(await resume("--steps", "512"), /steps must be more than the 1024 that the run has done; got 512$/);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(config);
    expect(readdirSync(join(cwd, "edited", "checkpoints"))).toEqual(checkpoints);

    // The newest file is of another run: it is passed over for the run's own.
    await run("train", "ppo", "CartPole-v1", "--steps", "1024", "--seed", "8", "--out", "other", ...SMALL);
    const foreign = readFileSync(join(cwd, "other", "checkpoints", "step-000000001024.safetensors"));
    writeFileSync(join(cwd, "edited", "checkpoints", "step-000000009999.safetensors"), foreign);
    const { code, stdout } = await resume("--steps", "1536");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^Going on with edited at step 1,024 of 1,536\.\nPassed over .*: it was made with seed 8, .*\.\n/,
    );

    rmSync(join(cwd, "edited", "checkpoints"), { recursive: true });
    expect((await resume()).stdout).toMatch(/ at step 0 of 1,536\.\nIt has no checkpoint, so it begins anew\.\n/);
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

  it("records the first episodes as an animation", async () => {
    const { code, stdout, stderr } = await run("evaluate", "e", "--episodes", "3", "--record", "e/cart.gif");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(
      /\nRecorded the first 3 episodes in e\/cart\.gif: [\d.]+ s, \d+ pictures of 600 × 400, \d+ kB\.\n$/,
    );
    const { json } = await run("evaluate", "e", ...["--record", "cut.GIF", "--record-seconds", "0.5", "--json"]);
    const { record, ...evaluated } = json() as { record: Record<string, unknown> };
    expect(evaluated).toEqual((await run("evaluate", "e", "--json")).json());
    const bytes = readFileSync(join(cwd, "cut.GIF"));
    const { width, height, frames } = readGif(bytes);
    expect(record).toMatchObject({ file: "cut.GIF", episodes: 1, isCut: true, width, height, bytes: bytes.length });
    expect([record.frames, frames.length]).toEqual([14, 14]);
    expect(frames.reduce((sum, { delay }) => sum + delay, 0)).toBe(152);
  });

  it("refuses an animation that it could not write, before anything is played", async () => {
    const record = (...args: string[]) => run("evaluate", "e", "--record", ...args);
    expectMistake(await record("a.mp4"), /--record must be the name of a file that ends in \.gif; got "a\.mp4"$/);
    expectMistake(await record("no/a.gif"), /--record must be in a directory that exists; got "no\/a\.gif"$/);
    expectMistake(await record("a.gif", "--record-seconds", "0"), /--record-seconds must be a positive number up to/);
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
    if (process.platform === "linux")
      expectMistake(await run("evaluate", "/dev/zero"), /run must be a run directory or a file; got "\/dev\/zero"$/);
    expectMistake(await run("evaluate"), /missing required argument 'run'/);
  });
});

describe("limpid list", () => {
  it("tells what there is, for people and as JSON", async () => {
    const { stdout } = await run("list");
    for (const name of ["ppo: ", "CartPole-v1: ", "episode/return [reward]"]) expect(stdout).toContain(name);
    expect(stdout).toMatch(
      /\n {2} +actions +observations\n +discrete +multi-discrete +.* box +masks +discrete .* needs\n/,
    );
    expect(stdout).toMatch(/\n {2}ppo +yes +yes +yes +yes +yes +yes +yes +yes +yes +yes\n/);
    expect(stdout).toMatch(/\n {2}value-iteration +yes +· +· +· +· +yes +· +· +· +· +model\n/);
    const ppo = await run("list", "ppo", "--json");
    expect(ppo.stderr).toContain('learningRate (a number or a schedule such as "lin_0.001"; default 0.0003)');
    expect(ppo.stderr).toMatch(
      /\n {2}actions: discrete, multi-discrete, multi-binary, box\n {2}observations: all\n {2}action masks: kept to\n/,
    );
    expect(ppo.json()).toMatchObject({ masks: true });
    const all = (await run("list", "--json")).json();
    expect(Object.keys(all)).toEqual(["algorithms", "envs", "metrics", "labs"]);
    expect(ppo.json()).toEqual((all.algorithms as { name: string }[]).find(({ name }) => name === "ppo"));
    for (const kind of ["algorithms", "envs", "metrics", "labs"]) {
      const { json, stderr } = await run("list", kind, "--json");
      expect(json()).toEqual(all[kind]);
      expect(stderr).not.toBe("");
    }
    expect((all.envs as { id: string }[]).map(({ id }) => id)).toContain("Pendulum-v1");
    // Loaded for its spaces alone.
    const lander = (all.envs as { id: string }[]).find(({ id }) => id === "LunarLander-v3");
    expect(lander).toMatchObject({ maxEpisodeSteps: 1000, actionSpace: { kind: "discrete", n: 4 } });
    expectMistake(
      await run("list", "games"),
      /what to list must be one of algorithms, envs, metrics, labs, or the name of an algorithm; got "games"$/,
    );
  });
});

describe("limpid check-env", () => {
  it("finds nothing wrong with a good environment", async () => {
    for (const env of ["CartPole-v1", "LunarLander-v3", "envs.ts"]) {
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
