import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const biome = join(dirname(createRequire(import.meta.url).resolve("@biomejs/biome/package.json")), "bin", "biome");

/** What `npm run lint` says if these files stood in the repository, one list of messages for each. */
function lint(files: readonly (readonly [name: string, code: string])[]): string[][] {
  const folder = mkdtempSync(join(tmpdir(), "limpid-lint-"));
  try {
    const config = JSON.parse(readFileSync(join(root, "biome.json"), "utf8"));
    writeFileSync(join(folder, "biome.json"), JSON.stringify({ ...config, vcs: { enabled: false } }));
    cpSync(join(root, "scripts", "lint"), join(folder, "scripts", "lint"), { recursive: true });
    for (const [name, code] of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), `${code}\n`);
    }
    const args = [biome, "lint", "--reporter=json", "--colors=off", "--max-diagnostics=none", "."];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
    const report = /^\{.*\}$/m.exec(stdout)?.[0];
    if (!report) throw new Error(`biome gave no report: ${stdout}${stderr}`);
    type Diagnostic = { category: string; message: string; location: { path: string } };
    const found = (JSON.parse(report).diagnostics as Diagnostic[]).filter(({ category }) =>
      /^plugin|Globals$/.test(category),
    );
    return files.map(([name]) =>
      found.filter(({ location }) => location.path === name).map(({ category, message }) => `${category}: ${message}`),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("the lint of what engines differ in", () => {
  it.each([
    ["export const a = Math.exp(1);", /use src\/math/],
    ["export const a = [1, 2].map(Math.sin);", /use src\/math/],
    ["export const a = Math.pow(2, 0.5);", /use src\/math/],
    ["export const a = Math.hypot(3, 4);", /use src\/math/],
    ["export const a = Math.random();", /use src\/math \(or src\/random\)/],
    ["export const a = Math.thatDoesNotExistYet(1);", /use src\/math/],
    ["export const a = Math?.exp(1);", /plain dot/],
    ['export const a = Math["exp"](1);', /Name the function/],
    ["const M = Math;\nexport const a = M.exp(1);", /another name/],
    ["export const { exp } = Math;", /another name/],
    ["export const a = globalThis.Math.exp(1);", /noRestrictedGlobals/],
    ["export const power = (x: number) => 1 + x ** 2;", /Engines differ in \*\*/],
    ["export const a = 2 ** 0.5;", /Engines differ in \*\*/],
    ["export let a = 2;\na **= 3;", /Engines differ in \*\*/],
    ["export const a = Date.now();", /noRestrictedGlobals/],
    ["export const a = new Date();", /noRestrictedGlobals/],
    ["export const a = performance.now();", /noRestrictedGlobals/],
    ["export const a = crypto.getRandomValues(new Uint8Array(1));", /noRestrictedGlobals/],
    ["export const a = process.env;", /noRestrictedGlobals/],
    ["export const a = document.title;", /noRestrictedGlobals/],
  ])("refuses %j in every room that training may come by", (code, message) => {
    const places = ["src/training/x.ts", "src/math/x.ts", "src/index.ts"].map((name) => [name, code] as const);
    for (const messages of lint(places)) expect(messages).toEqual([expect.stringMatching(message)]);
  });

  it("accepts what is exact", () => {
    const code = [
      "export const a = Math.sqrt(2) + Math.fround(Math.PI) + Math.imul(3, 4) + Math.max(1, 2) + Math.clz32(5);",
      "export const b = 2 ** 53 - 1 + 2 ** -3 + Number(2n ** 64n);",
      'export const c = "Math.exp(1) ** Date.now()"; // Math.exp(1)',
      "export const d = (Date: number, process: number) => Date + process;",
    ].join("\n");
    expect(lint([["src/training/x.ts", code]])).toEqual([[]]);
  });

  it("does not bother tests, and the rooms for one runtime", () => {
    const code = "export const a = Math.exp(1) ** Math.random() + Date.now();";
    const places = ["src/math/exp.test.ts", "src/cli/x.ts", "src/node/x.ts", "test/x.ts"];
    expect(lint(places.map((name) => [name, code]))).toEqual(places.map(() => []));
  });
});
