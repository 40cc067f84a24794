/** README and guide hold: every code block runs, and prints what stands below it. Rules: docs/guide/README.md. */

import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withPage } from "./support/browser.ts";
import { readersFolder, runBlock, typeErrors } from "./support/documents.ts";
import { readGif } from "./support/gif.ts";
import { type Block, isPrinted, readBlocks, replaceBlock, withoutTimes } from "./support/markdown.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const guide = readdirSync(join(root, "docs", "guide")).filter((name) => name.endsWith(".md"));
const documents = ["README.md", ...guide.map((name) => `docs/guide/${name}`)];
/** Writes what the programs print into the documents, instead of comparing. */
const update = process.env.UPDATE_DOCUMENTS !== undefined;

let home: string;
const folderOf = (document: string) => join(home, document.replaceAll("/", "-"));
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "limpid-documents-"));
  for (const document of documents) {
    mkdirSync(folderOf(document));
    readersFolder(folderOf(document));
    cpSync(join(root, "examples"), join(folderOf(document), "examples"), { recursive: true });
  }
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const rules = "docs/guide/README.md";
describe.each(documents.filter((document) => document !== rules))("%s", (document) => {
  let markdown = readFileSync(join(root, document), "utf8");
  const blocks = readBlocks(markdown);
  const changed: [Block, string][] = [];
  afterAll(() => {
    for (const [block, text] of changed.reverse()) markdown = replaceBlock(markdown, block, text);
    if (changed.length > 0) writeFileSync(join(root, document), markdown);
  });

  blocks.forEach((block, i) => {
    const previous = blocks[i - 1];
    if (block.language === "text" && (previous?.language === "sh" || previous?.language === "ts")) return;
    it(`line ${block.line}: ${block.text.split("\n")[0]}`, { timeout: 120_000 }, async () => {
      const printed = await runBlock(block, folderOf(document));
      const below = blocks[i + 1]?.language === "text" ? blocks[i + 1] : undefined;
      if (printed === undefined || below === undefined || isPrinted(below.text, printed)) return;
      if (!update) expect(printed.trimEnd(), "see UPDATE_DOCUMENTS in docs/guide/README.md").toBe(below.text);
      changed.push([below, withoutTimes(printed)]);
    });
  });
});

describe("the documents", () => {
  it("have blocks to run", () => {
    for (const document of documents.filter((name) => name !== rules)) {
      const blocks = readBlocks(readFileSync(join(root, document), "utf8"));
      expect(blocks.filter(({ language, notRun }) => language !== "text" && !notRun).length, document).toBeGreaterThan(
        1,
      );
    }
  });

  it("link to files that exist", () => {
    const missing = documents.flatMap((document) => {
      const markdown = readFileSync(join(root, document), "utf8");
      const targets = [...markdown.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(([, target]) => target!);
      const isMissing = (target: string) => !existsSync(new URL(target, new URL(document, pathToFileURL(root))));
      return targets.filter(isMissing).map((target) => `${document}: ${target}`);
    });
    expect(missing).toEqual([]);
  });

  it("have types that a strict compiler accepts", () => {
    // One mistake among them, which must be seen.
    writeFileSync(join(folderOf(rules), "wrong.ts"), 'import { train } from "limpid";\ntrain({ algorithm: 1 });');
    const mistake = expect.stringMatching(/wrong\.ts:2: .*number.*string/);
    expect(typeErrors(documents.map(folderOf))).toEqual([mistake]);
  });
});

describe("the examples", () => {
  const example = async (name: string) => {
    const text = readFileSync(join(root, "examples", name), "utf8");
    return await runBlock({ line: 0, language: "ts", info: "", text, notRun: undefined }, folderOf("README.md"));
  };

  it("cartpole.ts learns to balance", { timeout: 120_000 }, async () => {
    expect(await example("cartpole.ts")).toMatch(/\n20 episodes: 500 ± 0\n$/);
  });

  it("policy-gradient-by-hand.ts learns to walk right", { timeout: 120_000 }, async () => {
    const returns = [...(await example("policy-gradient-by-hand.ts"))!.matchAll(/return ([\d.]+)/g)].map(([, r]) =>
      Number(r),
    );
    expect(returns[0]).toBeLessThan(1);
    expect(returns.at(-1)).toBeGreaterThan(4.5);
  });

  it("pong.ts learns to win, and draws how", { timeout: 120_000 }, async () => {
    const text = readFileSync(join(root, "examples", "pong.ts"), "utf8");
    expect(text.split("\n").length).toBeLessThan(40);
    const short = text.replace("3_500_000", "150_000").replace("episodes: 20", "episodes: 1");
    const printed = await runBlock(
      { line: 0, language: "ts", info: "", text: short, notRun: undefined },
      folderOf("README.md"),
    );
    const [, first] = /^ +\d+ #* (-?[\d.]+)\n/.exec(printed!)!;
    const [, mean, seconds] = /\n20 games: (-?[\d.]+) of 21, the worst -?\d+; pong\.gif shows (\d+) s/.exec(printed!)!;
    expect(Number(first)).toBeLessThan(-18);
    expect(Number(mean)).toBeGreaterThan(0);
    const { frames } = readGif(readFileSync(join(folderOf("README.md"), "pong.gif")));
    const hundredths = frames.reduce((sum, { delay }) => sum + delay, 0);
    expect(Math.abs(hundredths / 100 - Number(seconds))).toBeLessThan(1);
    expect(frames.length).toBeGreaterThan(500);
  });

  it("my-env.ts is sound and can be learned", { timeout: 120_000 }, async () => {
    const text =
      "limpid check-env ./examples/my-env.ts\nlimpid train ppo --env-module ./examples/my-env.ts --steps 30000";
    const printed = await runBlock(
      { line: 0, language: "sh", info: "", text, notRun: undefined },
      folderOf("README.md"),
    );
    expect(printed).not.toMatch(/error|warning/);
    expect(printed).toMatch(/Evaluated over 20 episodes: return 1\.0 ± 0\.0/);
  });

  it("page trains and shows it", { timeout: 120_000 }, async () => {
    const page = join(folderOf("README.md"), "examples", "page");
    await build({ root: page, configFile: false, logLevel: "error", build: { outDir: "built", target: "es2022" } });
    await withPage(join(page, "built"), async (page) => {
      const mean = "Number(document.getElementById('return').textContent)";
      await page.waitForFunction(`${mean} > 60`, null, { timeout: 60_000 });
      await page.getByText("Start again").click();
      await page.waitForFunction(`${mean} < 60`, null, { timeout: 60_000 });
      const colors = (id: string) =>
        `new Set(${id}.getContext("2d").getImageData(0, 0, ${id}.width, ${id}.height).data).size`;
      for (const id of ["world", "curve"]) expect(await page.evaluate(colors(id)), id).toBeGreaterThan(10);
      // Pong from pixels.
      await page.getByText("Pong from pixels").click();
      await page.waitForFunction("/^\\d+ : \\d+/.test(document.getElementById('episode').textContent)");
      const steps = "Number(document.getElementById('steps').textContent.replaceAll(',', ''))";
      await page.waitForFunction(`${steps} > 20000 && ${mean} < -10`, null, { timeout: 60_000 });
      expect(await page.evaluate(colors("world"))).toBeGreaterThan(5);
    });
  });
});

describe("the check of the documents", () => {
  const block = (language: string, text: string, info = ""): Block => ({
    line: 1,
    language,
    info,
    text,
    notRun: undefined,
  });
  const run = (...given: Parameters<typeof block>) => runBlock(block(...given), folderOf("README.md"));

  it("reads blocks, their names, and why one is not run", () => {
    const markdown = "a\n```ts my.ts\nlet a;\n\nlet b;\n```\n\n<!-- not run: needs a robot -->\n\n```sh\nrobot\n```\n";
    expect(readBlocks(markdown)).toEqual([
      { line: 2, language: "ts", info: "my.ts", text: "let a;\n\nlet b;", notRun: undefined },
      { line: 10, language: "sh", info: "", text: "robot", notRun: "needs a robot" },
    ]);
    expect(replaceBlock(markdown, readBlocks(markdown)[0]!, "let c;")).toMatch(/^a\n```ts my.ts\nlet c;\n```\n\n<!--/);
    expect(replaceBlock("```text\n```", readBlocks("```text\n```")[0]!, "b\nc")).toBe("```text\nb\nc\n```");
    expect(() => readBlocks("```ts\nlet a;")).toThrow(/line 1 is not closed/);
  });

  it("compares what is printed, with gaps", () => {
    expect(isPrinted("a\nb … c\n…\nd", "a\nb 1.5 c\nmore\nmore\nd\n")).toBe(true);
    expect(isPrinted("a\n…\nd", "a\nd")).toBe(true);
    for (const wrong of ["a\nb 1 d\nd", "b 1 c\nd", "a\nb 1 c\nd\ne", "a\nb 1\n2 c\nd"]) {
      expect(isPrinted("a\nb … c\n…\nd", wrong), wrong).toBe(false);
    }
    expect(isPrinted(withoutTimes("took 1.52 s (21,000 steps/s)"), "took 0.31 s (9 steps/s)")).toBe(true);
    expect(isPrinted(withoutTimes("took 1.52 s, 21,000 steps"), "took 0.31 s, 9 steps")).toBe(false);
  });

  it("fails where a program, a comment or a command is wrong", async () => {
    await expect(run("ts", 'import { gone } from "limpid";\nconsole.log(gone);')).rejects.toThrow(/gone/);
    await expect(run("ts", "console.log(1 + 1); // 3")).rejects.toThrow(/line 1 says 3, and prints 2/);
    expect(await run("ts", "console.log([1, 1 + 1]); // [ …, 2 ]")).toBe("[ 1, 2 ]\n");
    await expect(run("sh", "npx limpid list nothing")).rejects.toThrow(/exits with 2/);
    await expect(run("sh", "npx limpid list envs # exits with 2")).rejects.toThrow(/exits with 0/);
    await expect(run("sh", "npm run nothing")).rejects.toThrow(/no script "nothing"/);
    await expect(run("sh", "rm -rf .")).rejects.toThrow(/no rule/);
    await expect(run("python", "print()")).rejects.toThrow(/no rule/);
    await expect(run("ts", "document.title = nothing;", "browser")).rejects.toThrow(/nothing is not defined/);
  });
});
