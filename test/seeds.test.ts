import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { limpid, start } from "./support/command.ts";
import { expectMistake } from "./support/outcomes.ts";

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "limpid-seeds-"));
  writeFileSync(join(cwd, "envs.ts"), ENVS);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...args: string[]) => limpid(args, { cwd });
const SHORT = ["--steps", "1024", "--set", "preset=none", "--set", "nSteps=256", "--set", "nEpochs=2"];

/** A walk to the right: one whose thread dies once on the way, and one that fails where the right end is reached. */
const ENVS = `
  import { existsSync, writeFileSync } from "node:fs";
  import { Box, Discrete } from "limpid";
  class Walk {
    observationSpace = new Box(-1, 1, [1]);
    actionSpace = new Discrete(2);
    position = 0;
    steps = 0;
    all = 0;
    reset() { this.position = 0; this.steps = 0; return { observation: [0], info: {} }; }
    disturb() {}
    step(action) {
      this.position += action === 1 ? 0.1 : -0.1;
      this.all++;
      this.disturb();
      const terminated = Math.abs(this.position) > 0.95;
      return { observation: [this.position], reward: this.position > 0.95 ? 1 : 0, terminated, truncated: ++this.steps >= 50, info: {} };
    }
    state() { return [this.position, this.steps, this.all]; }
    restore([position, steps, all]) { Object.assign(this, { position, steps, all }); }
  }
  export default Walk;
  export class Mortal extends Walk {
    disturb() {
      if (this.all !== 700 || existsSync("died")) return;
      writeFileSync("died", "");
      process.exit(7);
    }
  }
  export class Doomed extends Walk { disturb() { if (this.all === 300) process.exit(7); } }
  export class Hanging extends Walk { disturb() { while (this.all > 300); } }
  export class Broken extends Walk { disturb() { if (this.all === 300) throw new Error("the floor gave way"); } }
`;

interface Seeds {
  seeds: number[];
  results: { seed: number; evaluation: { mean: number }; parametersSha256: string; [time: string]: unknown }[];
  failures: { seed: number; error: string }[];
  summary: { mean: number; interquartileMean: number; interval: number[] } | null;
}

describe("limpid train --seeds", () => {
  it("trains each seed as a run by itself would be, with the same numbers whatever the number of workers", async () => {
    const outcome = await run(
      "train",
      "ppo",
      "CartPole-v1",
      "--seeds",
      "3",
      "--seed",
      "5",
      "--out",
      "two",
      "--json",
      ...SHORT,
    );
    expect(outcome.code, outcome.stderr).toBe(0);
    const two = outcome.json() as unknown as Seeds;
    const args = ["--seeds", "3", "--seed", "5", "--workers", "1", "--out", "one", "--json", ...SHORT];
    const one = (await run("train", "ppo", "CartPole-v1", ...args)).json() as unknown as Seeds;
    const timeless = ({ results, summary }: Seeds) => ({
      results: results.map(({ run: _, seconds: __, stepsPerSecond: ___, ...result }) => result),
      summary,
    });
    expect(timeless(one)).toEqual(timeless(two));
    expect(two.seeds).toEqual([5, 6, 7]);
    expect(new Set(two.results.map((result) => result.parametersSha256)).size).toBe(3);

    const alone = await run("train", "ppo", "CartPole-v1", "--seed", "6", "--out", "alone", "--json", ...SHORT);
    expect(two.results[1]).toMatchObject({ seed: 6, parametersSha256: alone.json().parametersSha256 });
    expect(two.results[1]!.evaluation).toEqual(alone.json().evaluation);

    const means = two.results.map(({ evaluation }) => evaluation.mean);
    const mean = (means[0]! + means[1]! + means[2]!) / 3;
    expect(two.summary!.mean).toBeCloseTo(mean, 9);
    expect(two.summary!.interquartileMean).toBeCloseTo(mean, 9);
    const [low, high] = two.summary!.interval as [number, number];
    expect([low >= Math.min(...means), high <= Math.max(...means), low <= mean, mean <= high]).toEqual(
      Array(4).fill(true),
    );

    expect(outcome.stderr).toMatch(/\nseed {2}steps +time +return +± std\n +5 +1,024 /);
    expect(outcome.stderr).toMatch(/\nmean [\d.]+ · interquartile mean [\d.]+ \(95 % interval [\d.]+ to [\d.]+\)\n/);
    expect(JSON.parse(readFileSync(join(cwd, "two", "summary.json"), "utf8"))).toEqual(two);
    expect((await run("evaluate", "two/seed-5", "--episodes", "1")).code).toBe(0);
  });

  it("reports a worker that dies and runs its seed again, to the same end", async () => {
    const args = ["--seeds", "2", "--workers", "2", "--checkpoint-every", "256", "--json", ...SHORT];
    const outcome = await run("train", "ppo", "envs.ts#Mortal", "--out", "mortal", ...args);
    expect(outcome.code, outcome.stderr).toBe(0);
    expect(outcome.stderr).toMatch(
      /\nThe worker of seed [01] died \(worker exited with code: 7\); the seed is run again\.\n/,
    );
    expect(existsSync(join(cwd, "died"))).toBe(true);
    const whole = await run("train", "ppo", "envs.ts#Mortal", "--out", "whole", ...args);
    expect(whole.stderr).not.toContain("died");
    const hashes = (outcome: { json(): unknown }) => (outcome.json() as Seeds).results.map((r) => r.parametersSha256);
    expect(hashes(outcome)).toEqual(hashes(whole));
  });

  it("gives up a seed that cannot be trained, and says so", async () => {
    for (const [name, reason] of [
      ["Doomed", /^Seed 0 failed: its worker died 3 times \(worker exited with code: 7\)$/m],
      ["Broken", /^Seed 0 failed: step of environment 0 \(envs\.ts#Broken\) failed: Error: the floor gave way \(/m],
    ] as const) {
      const out = name.toLowerCase();
      const { code, stderr, json } = await run(
        "train",
        "ppo",
        `envs.ts#${name}`,
        "--seeds",
        "1",
        "--out",
        out,
        "--json",
        ...SHORT,
      );
      expect(code, stderr).toBe(1);
      expect(stderr).toMatch(reason);
      expect(json()).toMatchObject({ results: [], failures: [{ seed: 0 }], summary: null });
      expect(readdirSync(join(cwd, out, "seed-0"))).not.toContain("run.lock");
    }
  });

  it("saves every seed at Ctrl-C, and goes on with the group to the same end", async () => {
    const args = ["ppo", "CartPole-v1", "--seeds", "3", "--workers", "2", "--steps", "6000", "--json"];
    const { child, outcome } = start(["train", ...args, "--out", "stopped"], { cwd });
    const checkpoints = join(cwd, "stopped", "seed-0", "checkpoints");
    while (!existsSync(checkpoints) || readdirSync(checkpoints).length === 0)
      await new Promise((r) => setTimeout(r, 5));
    child.kill("SIGINT");
    const { code, stderr, json } = await outcome;
    expect(code, stderr).toBe(130);
    expect(stderr).toMatch(
      /\nStopped by SIGINT; \d of 3 seeds are done, in stopped\.\nTo go on: .* train --resume stopped\n$/,
    );
    expect(json()).toMatchObject({ interrupted: "SIGINT" });
    const resumed = await run("train", "--resume", "stopped", "--json");
    expect(resumed.code, resumed.stderr).toBe(0);
    const whole = await run("train", ...args, "--out", "unstopped");
    const hashes = (outcome: { json(): unknown }) => (outcome.json() as Seeds).results.map((r) => r.parametersSha256);
    expect(hashes(resumed)).toHaveLength(3);
    expect(hashes(resumed)).toEqual(hashes(whole));
  });

  it("gives up iterations without an end at the second signal", async () => {
    const args = ["train", "ppo", "envs.ts#Hanging", "--seeds", "3", "--workers", "2", "--out", "hanging", "--json"];
    const { child, outcome } = start([...args, "--checkpoint-every", "256", ...SHORT], { cwd });
    const saved = (seed: number) =>
      join(cwd, "hanging", `seed-${seed}`, "checkpoints", "step-000000000256.safetensors");
    while (!existsSync(saved(0)) || !existsSync(saved(1))) await new Promise((r) => setTimeout(r, 5));
    // What was just saved still listens, and would stop at once: both must be in the iteration that hangs.
    await new Promise((r) => setTimeout(r, 200));
    child.kill("SIGINT");
    await new Promise((r) => setTimeout(r, 700));
    child.kill("SIGINT");
    const { code, stderr, json } = await outcome;
    expect(code, stderr).toBe(130);
    expect(stderr).toMatch(
      /\nFinishing the iteration, .*\nStopped by SIGINT; 0 of 3 seeds are done, in hanging\.\nTo go on: .* --resume hanging --env-module envs\.ts#Hanging\n$/,
    );
    expect(json()).toMatchObject({ interrupted: "SIGINT", results: [], failures: [], summary: null });
    for (const seed of [0, 1]) expect(readdirSync(join(cwd, "hanging", `seed-${seed}`))).not.toContain("run.lock");
    expect(existsSync(join(cwd, "hanging", "seed-2"))).toBe(false);
  });

  it("finds mistakes once, before anything is written", async () => {
    const before = readdirSync(cwd);
    const mistake = async (sentence: RegExp, ...args: string[]) => expectMistake(await run("train", ...args), sentence);
    await mistake(/seeds must be a positive integer; got "none"$/, "ppo", "CartPole-v1", "--seeds", "none");
    await mistake(
      /workers must be a positive integer; got "0"$/,
      "ppo",
      "CartPole-v1",
      "--seeds",
      "2",
      "--workers",
      "0",
    );
    await mistake(/--workers must be left out without --seeds; got "2"$/, "ppo", "CartPole-v1", "--workers", "2");
    await mistake(
      /gamma must be a number from 0 to 1; got 2$/,
      "ppo",
      "CartPole-v1",
      "--seeds",
      "2",
      "--set",
      "gamma=2",
    );
    await mistake(/--seeds must be left out with --resume; got "2"$/, "--resume", "two", "--seeds", "2");
    await mistake(
      /--out must be a directory that is new or empty; got "two"/,
      "ppo",
      "CartPole-v1",
      "--seeds",
      "2",
      "--out",
      "two",
    );
    expectMistake(
      await run("evaluate", "two"),
      /run must be one run; this directory holds several, two.seed-…; got "two"$/,
    );
    await mistake(/give --env-module envs\.ts#Mortal\.$/, "--resume", "mortal");
    expect(readdirSync(cwd)).toEqual(before);
  });
});
