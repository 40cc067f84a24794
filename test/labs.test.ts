/** `limpid lab`, as a user calls it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { limpid } from "./support/command.ts";
import { expectMistake } from "./support/outcomes.ts";

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "limpid-labs-"));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...args: string[]) => limpid(["lab", ...args], { cwd });

describe("limpid lab", () => {
  it("prints question, figures and verdict, and writes them as a page and as JSON", async () => {
    const { code, stdout, stderr } = await run("derivatives", "--json", "--seed", "2", "--out", "found", "--figures");
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/^How is the derivative .*\?\n\nWhat would count as an answer: /);
    expect(stderr).toMatch(/\nVerdict: supported\. \d+ of \d+ claims hold\.\n/);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ lab: "derivatives", seed: 2, thorough: false, verdict: { outcome: "holds" } });
    const { files, ...rest } = result;
    expect(files).toMatchObject({ page: join("found", "derivatives.html"), json: join("found", "derivatives.json") });
    // As SVG, and as PNG too where there is a font.
    const drawn = files.figures.filter((path: string) => path.endsWith(".svg"));
    expect(drawn).toHaveLength(rest.charts.length);
    expect([drawn.length, 2 * drawn.length]).toContain(files.figures.length);
    expect(readdirSync(join(cwd, "found", "derivatives")).sort()).toEqual(
      files.figures.map((path: string) => basename(path)).sort(),
    );
    expect(JSON.parse(readFileSync(join(cwd, files.json), "utf8"))).toEqual(rest);
    expect(readFileSync(join(cwd, files.page), "utf8")).toMatch(/^<!doctype html>[\s\S]*<svg [\s\S]*<\/html>\n$/);
  });

  it("refuses what it does not know in one sentence", async () => {
    expectMistake(await run("derivative"), /lab must be one of .*; got "derivative"\. Did you mean "derivatives"\?$/);
    expectMistake(await run("derivatives", "--seed", "x"), /--seed must be an integer from 0 on; got "x"$/);
  });
});
