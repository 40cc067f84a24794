import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
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
