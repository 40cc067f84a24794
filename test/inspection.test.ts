/** `limpid train --inspect` and `limpid inspect`, as a user calls them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { InspectionRecord, Summary } from "../src/inspection/index.ts";
import { loadPngWriter } from "../src/node/animation/png.ts";
import { limpid } from "./support/command.ts";
import { expectMistake } from "./support/outcomes.ts";

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "limpid-inspection-"));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...args: string[]) => limpid(args, { cwd });
const SHORT = ["--set", "preset=none", "--set", "nSteps=128", "--set", "nEpochs=2", "--seed", "3"];
const PPO = ["train", "ppo", "CartPole-v1", "--json", ...SHORT];
const recordsIn = (path: string): InspectionRecord[] =>
  readFileSync(join(cwd, path, "inspection.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("limpid train --inspect", () => {
  it("gives the same parameters as without, and says what is next", async () => {
    const [looked, plain] = await Promise.all([
      run(...PPO, "--steps", "640", "--inspect-every", "128", "--out", "looked"),
      run(...PPO, "--steps", "640", "--out", "plain"),
    ]);
    expect(looked.code, looked.stderr).toBe(0);
    const digest = ({ stdout }: typeof looked) => JSON.parse(stdout.trim().split("\n").at(-1)!).parametersSha256;
    expect(digest(looked)).toBe(digest(plain));
    expect(looked.stderr).toMatch(/Looking at an iteration every 128 steps/);
    expect(looked.stderr).toMatch(/inspect looked/);
    const records = recordsIn("looked");
    expect(new Set(records.map(({ record }) => record))).toEqual(
      new Set(["header", "update", "group", "sample", "layer", "parameter"]),
    );
    expect([...new Set(records.map(({ step }) => step))]).toEqual([128, 256, 384, 512, 640]);
    expect(readdirSync(join(cwd, "plain"))).not.toContain("inspection.jsonl");
  });

  it("writes each record once where a run is gone on with", async () => {
    await run(...PPO, "--steps", "256", "--inspect", "--inspect-every", "128", "--out", "half");
    const resumed = await run(...["train", "--resume", "half", "--steps", "640", "--json", "--inspect-every", "128"]);
    expect(resumed.code, resumed.stderr).toBe(0);
    const updates = (path: string) =>
      recordsIn(path).flatMap((r) => (r.record === "update" ? [{ step: r.step, update: r.update }] : []));
    expect(updates("half")).toEqual(updates("looked"));
  });
});

describe("limpid inspect", () => {
  it("prints the table and draws the figures", async () => {
    const { code, stdout, stderr } = await run("inspect", "looked", "--json");
    expect(code, stderr).toBe(0);
    const summary: Summary & { figures: string[] } = JSON.parse(stdout);
    expect(summary).toMatchObject({ runs: 1, iterations: 5, over: "iterations" });
    const choices = summary.groups.filter(({ by, period }) => by === "choice" && period === "all");
    expect(choices.map(({ group }) => group)).toEqual(["exploratory", "greedy"]);
    for (const { norm, fraction } of choices) {
      expect(norm.low).toBeLessThanOrEqual(norm.mean);
      expect(norm.mean).toBeLessThanOrEqual(norm.high);
      expect(fraction.mean).toBeGreaterThan(0);
    }
    expect(stderr).toMatch(/Exploratory against greedy samples\n.*gradient norm/);
    expect(stderr).toMatch(/under each measure of its errors\n.*mse: norm/);
    const drawn = (ending: string) => summary.figures.filter((path) => path.endsWith(ending));
    expect(drawn(".svg").length).toBeGreaterThan(10);
    for (const path of drawn(".svg")) expect(readFileSync(join(cwd, path), "utf8")).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    // On a machine without fonts there are none.
    const hasFonts = (await loadPngWriter())!.hasFonts;
    expect(drawn(".png")).toEqual(hasFonts ? drawn(".svg").map((path) => path.replace(/svg$/, "png")) : []);
    expect(stderr).toMatch(hasFonts ? /, each as SVG and as PNG\.\n/ : /this machine has none\.\n/);
    for (const path of drawn(".png"))
      expect(readFileSync(join(cwd, path)).subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
  });

  it("takes several runs together, with intervals over them", async () => {
    const seeds = [...PPO.filter((arg) => arg !== "--json"), "--steps", "256", "--seeds", "2", "--inspect"];
    expect((await run(...seeds, "--out", "group")).code).toBe(0);
    const { code, stdout, stderr } = await run("inspect", "group", "--json", "--out", "drawn");
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ runs: 2, over: "runs" });
    expect(readdirSync(join(cwd, "drawn")).length).toBeGreaterThan(10);
  });

  it("does not mix runs that differ in more than the seed", async () => {
    const { code } = await run(...PPO, "--steps", "128", "--inspect", "--set", "gamma=0.9", "--out", "other");
    expect(code).toBe(0);
    const said =
      /runs must be several that differ in nothing but the seed; (steps|gamma) is not that of looked; got "other"/;
    expectMistake(await run("inspect", "looked", "other"), said);
  });

  it("says what to do with a run that nobody looked at", async () => {
    expectMistake(await run("inspect", "plain"), /run must be one that was trained with --inspect; got "plain"/);
  });

  it("is refused to algorithms that tell nothing of their steps", async () => {
    expectMistake(
      await run("train", "q-learning", "FrozenLake-v1", "--inspect"),
      /listener must be left out with q-learning/,
    );
  });
});
