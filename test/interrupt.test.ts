import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { limpid, type Outcome, start } from "./support/command.ts";

/** About two seconds of training in 60 iterations. */
const TRAIN = ["train", "ppo", "CartPole-v1", "--steps", "15000", "--seed", "2"];

let cwd: string;
/** What the run ends with when nobody interrupts it. */
let uninterrupted: Record<string, unknown>;
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "limpid-interrupt-"));
  uninterrupted = (await limpid([...TRAIN, "--out", "whole", "--json"], { cwd })).json();
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const argsFor = (out: string) =>
  existsSync(join(cwd, out, "config.json")) ? ["train", "--resume", out, "--json"] : [...TRAIN, "--out", out, "--json"];

/** Starts or resumes the run, waits until it is training and a little longer, and sends the signals. */
async function interrupted(
  out: string,
  wait: number,
  signals: NodeJS.Signals[],
  extra: string[] = [],
): Promise<Outcome> {
  const { child, outcome } = start([...argsFor(out), ...extra], { cwd });
  await new Promise((ready) => {
    child.stderr?.once("data", ready);
    child.once("close", ready);
  });
  await sleep(wait);
  for (const signal of signals) child.kill(signal);
  return outcome;
}

/** Waits until the run has a checkpoint. */
async function saved(out: string): Promise<void> {
  const checkpoints = join(cwd, out, "checkpoints");
  while (!existsSync(checkpoints) || !readdirSync(checkpoints).some((name) => name.startsWith("step-"))) await sleep(5);
}

async function expectLoadable(out: string): Promise<void> {
  const { code, stderr, json } = await limpid(["evaluate", out, "--episodes", "1", "--json"], { cwd });
  expect(code, stderr).toBe(0);
  expect(json()).toMatchObject({ episodes: 1 });
}

/** Whatever happened to the run before: it ends as the uninterrupted one, and tells of each step once. */
async function expectSameEnd(out: string): Promise<void> {
  const outcome = await limpid(argsFor(out), { cwd });
  expect(outcome.code, outcome.stderr).toBe(0);
  const { steps, evaluation, parametersSha256 } = uninterrupted;
  expect(outcome.json()).toMatchObject({ steps, evaluation, parametersSha256 });
  const lines = (run: string) =>
    readFileSync(join(cwd, run, "metrics.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => {
        const { "time/seconds": _, "time/stepsPerSecond": __, ...row } = JSON.parse(line);
        return row;
      });
  expect(lines(out)).toEqual(lines("whole"));
  expect(readdirSync(join(cwd, out)).filter((name) => name.startsWith(".") || name === "run.lock")).toEqual([]);
}

describe("a run that is interrupted again and again", () => {
  it("by Ctrl-C: saves at once, says how to go on, and ends as if nothing had happened", async () => {
    let stops = 0;
    for (const wait of [0, 90, 333, 17, 150]) {
      const outcome = await interrupted("ctrl-c", wait, ["SIGINT"]);
      if (outcome.code === 0) break; // a fast machine: it was done
      stops++;
      expect(outcome.code, outcome.stderr).toBe(130);
      expect(outcome.json()).toMatchObject({ run: "ctrl-c", interrupted: "SIGINT", evaluation: null });
      const { steps } = outcome.json();
      const said = outcome.stderr.trimEnd().split("\n").slice(-2);
      expect(said[0]).toMatch(/^Stopped by SIGINT after [\d,]+ steps; saved in ctrl-c\.$/);
      expect(said[1]).toMatch(/^To go on: .* train --resume ctrl-c$/);
      const newest = `step-${String(steps).padStart(12, "0")}.safetensors`;
      expect(readdirSync(join(cwd, "ctrl-c", "checkpoints"))).toContain(newest);
    }
    expect(stops).toBeGreaterThan(0);
    await expectLoadable("ctrl-c");
    await expectSameEnd("ctrl-c");
  });

  it("by SIGTERM: the same, with exit code 143", async () => {
    const outcome = await interrupted("term", 50, ["SIGTERM"]);
    expect(outcome.code).toBe(143);
    await expectLoadable("term");
    await expectSameEnd("term");
  });

  it("by several signals for one Ctrl-C, as under npm: still saves", async () => {
    const { child, outcome } = start([...TRAIN, "--out", "twice", "--json", "--checkpoint-every", "256"], { cwd });
    await saved("twice");
    child.kill("SIGINT");
    child.kill("SIGINT");
    await sleep(2);
    child.kill("SIGINT");
    expect((await outcome).code).toBe(130);
    expect((await outcome).json()).toMatchObject({ interrupted: "SIGINT" });
    await expectLoadable("twice");
    await expectSameEnd("twice");
  });

  it("by being killed: loses nothing but the steps since the last checkpoint", async () => {
    for (const wait of [120, 3, 61, 240, 0]) {
      const { code, signal } = await interrupted("killed", wait, ["SIGKILL"], ["--checkpoint-every", "256"]);
      if (code === 0) break;
      expect(signal).toBe("SIGKILL");
      const saved = readdirSync(join(cwd, "killed", "checkpoints")).filter((name) => name.endsWith(".safetensors"));
      if (saved.length > 0) await expectLoadable("killed");
    }
    await expectSameEnd("killed");
  });
});

/** Environments that keep an iteration from ending: each step may take its time, in one of several ways. */
const SLOW_ENVS = `
  import { execSync } from "node:child_process";
  import { Box, Discrete } from "limpid";
  class Slow {
    observationSpace = new Box(-1, 1, [1]);
    actionSpace = new Discrete(2);
    #steps = 0;
    reset() { return { observation: [0], info: {} }; }
    wait(steps) {}
    step() {
      this.wait(++this.#steps);
      return { observation: [0], reward: 1, terminated: false, truncated: this.#steps % 8 === 0, info: {} };
    }
  }
  const spin = (ms) => { const end = performance.now() + ms; while (performance.now() < end); };
  export class Slowly extends Slow { wait() { spin(1); } }
  export class Hangs extends Slow { wait(steps) { while (steps > 400); } }
  export class Sleeps extends Slow { wait() { execSync("sleep 30"); } }
  export class Exits extends Slow { wait(steps) { if (steps > 400) process.exit(0); } }
  export class Endless extends Slow { step() { return { ...super.step(), truncated: false }; } }
`;

describe("an iteration without an end in sight", () => {
  beforeAll(() => writeFileSync(join(cwd, "slow.ts"), SLOW_ENVS));

  /** Starts training in one of them and waits until it trains, or has a checkpoint of the given step. */
  async function training(name: string, nSteps: number, step?: number) {
    const out = name.toLowerCase();
    const args = ["train", "ppo", `slow.ts#${name}`, "--out", out, "--json", "--steps", "1000000"];
    const set = ["--set", `nSteps=${nSteps}`, "--set", "batchSize=100", "--checkpoint-every", "100"];
    const { child, outcome } = start([...args, ...set], { cwd });
    await new Promise((ready) => child.stderr?.once("data", ready));
    const checkpoint = join(cwd, out, "checkpoints", `step-${String(step).padStart(12, "0")}.safetensors`);
    while (step !== undefined && !existsSync(checkpoint)) await sleep(5);
    await sleep(100);
    const since = performance.now();
    const ended = outcome.then((result) => ({ ...result, seconds: (performance.now() - since) / 1000 }));
    return { child, ended };
  }

  it("has some seconds to end, and is then given up", async () => {
    const { child, ended } = await training("Slowly", 1_000_000);
    child.kill("SIGINT");
    const { code, seconds, json, stderr } = await ended;
    expect(code, stderr).toBe(130);
    expect(seconds).toBeGreaterThan(4.5);
    expect(seconds).toBeLessThan(9);
    expect(json()).toMatchObject({ run: "slowly", steps: 0, interrupted: "SIGINT", parametersSha256: null });
    expect(stderr).toMatch(
      /\nFinishing the iteration, for at most 5 s; once more stops at once\.\nStopped by SIGINT within an iteration; nothing was saved yet\.\nTo begin anew: .* train --resume slowly --env-module slow\.ts#Slowly\n$/,
    );
    expect(readdirSync(join(cwd, "slowly"))).not.toContain("run.lock");
  });

  it("is given up at the second signal", async () => {
    const { child, ended } = await training("Hangs", 100, 400);
    child.kill("SIGTERM");
    await sleep(700);
    child.kill("SIGTERM");
    const { code, seconds, json, stderr } = await ended;
    expect(code, stderr).toBe(143);
    expect(seconds).toBeLessThan(4);
    expect(json()).toMatchObject({ run: "hangs", steps: 400, interrupted: "SIGTERM" });
    expect(stderr).toContain(
      "\nStopped by SIGTERM within an iteration; the run up to step 400 is in hangs.\nTo go on: ",
    );
    const evaluated = await limpid(["evaluate", "hangs", "--env-module", "slow.ts", "--episodes", "1"], { cwd });
    expect(evaluated.stderr).toMatch(/slow\.ts must have a default export/);
    const parts = ["evaluate", "hangs", "--env-module", "slow.ts#Hangs", "--episodes", "1", "--json"];
    expect((await limpid(parts, { cwd })).json()).toMatchObject({ mean: 8 });
  });

  it.skipIf(process.platform === "win32")("is given up where it waits within the system", async () => {
    const { child, ended } = await training("Sleeps", 100);
    child.kill("SIGINT");
    await sleep(700);
    child.kill("SIGINT");
    const { signal, stderr } = await ended;
    expect(signal).toBe("SIGINT");
    expect(stderr).toContain("Stopped by SIGINT within an iteration; nothing was saved yet.\n");
  });

  it("is no success where the environment ends its thread", async () => {
    const { ended } = await training("Exits", 100);
    const { code, stderr, json } = await ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/\nlimpid: the environment ended the thread that trains \(process\.exit\)\./);
    expect(json()).toEqual({ error: expect.stringContaining("process.exit") });
    expect(readdirSync(join(cwd, "exits"))).not.toContain("run.lock");
  });
});

describe("the evaluation after training", () => {
  beforeAll(() => writeFileSync(join(cwd, "slow.ts"), SLOW_ENVS));
  const args = ["--steps", "128", "--set", "nSteps=64", "--json"];

  it("is cut short by a signal; the run is there", async () => {
    const { child, outcome } = start(["train", "ppo", "slow.ts#Endless", "--out", "endless", ...args], { cwd });
    await new Promise<void>((told) => {
      child.stderr?.on("data", (text: string) => text.includes("Trained 128 steps") && told());
    });
    child.kill("SIGINT");
    const { code, stderr, json } = await outcome;
    expect(code, stderr).toBe(130);
    expect(stderr).toMatch(
      /\nStopped by SIGINT during the evaluation; the run up to step 128 is in endless\.\nTo go on: /,
    );
    expect(json()).toMatchObject({ steps: 128, interrupted: "SIGINT", evaluation: null });
    expect(json().parametersSha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it("that finds no end of an episode does not undo the training", async () => {
    const { code, stderr, json } = await limpid(["train", "ppo", "slow.ts#Endless", "--out", "whole2", ...args], {
      cwd,
    });
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(
      /\nNot evaluated: an episode of .* did not end within 1000000 steps\. .*\nThe run is in whole2\./,
    );
    expect(json()).toMatchObject({ steps: 128, evaluation: null });
  });
});

describe("a run that one process writes", () => {
  it("is refused to another, but can be evaluated", async () => {
    const { child, outcome } = start([...TRAIN, "--out", "busy", "--json", "--steps", "1000000"], { cwd });
    await saved("busy");
    const other = await limpid(["train", "--resume", "busy"], { cwd });
    expect(other.code).toBe(1);
    expect(other.stderr).toMatch(/^limpid: busy is being written by process \d+\. Wait until it ends/);
    await expectLoadable("busy");
    child.kill("SIGINT");
    expect((await outcome).code).toBe(130);
  });
});
