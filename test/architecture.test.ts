import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const { rooms, forbidden, options } = createRequire(import.meta.url)("../.dependency-cruiser.cjs");

async function check(baseDir: string): Promise<{ violations: string[]; modules: number }> {
  const { output } = await cruise(["src"], { ...options, baseDir, validate: true, ruleSet: { forbidden } });
  const { summary, modules } = output as ICruiseResult;
  return {
    violations: summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`).sort(),
    modules: modules.length,
  };
}

/** TypeScript files under a folder of the repository, paths from its root. */
function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".generated.ts") && !name.includes("node_modules"))
    .map((name) => join(folder, name));
}

describe("the house", () => {
  it("has only the rooms of the plan", () => {
    const rest = readdirSync(join(root, "src")).filter((name) => !rooms.includes(name.replace(".test.ts", ".ts")));
    expect(rest).toEqual([]);
  });

  it("lets a room import only from rooms above it", async () => {
    const { violations, modules } = await check(root);
    expect(violations).toEqual([]);
    expect(modules).toBeGreaterThan(40);
  });

  it("keeps files small: none over 400 lines, the median under 150", () => {
    const lines = (path: string) => readFileSync(join(root, path), "utf8").split("\n").length - 1;
    const library = sources("src").filter((path) => !path.endsWith(".test.ts"));
    const sizes = library.map(lines).sort((a, b) => a - b);
    expect(sizes[sizes.length >> 1]).toBeLessThan(150);
    const large = ["src", "test", "bench"].flatMap(sources).filter((path) => lines(path) > 400);
    expect(large).toEqual([]);
  });
});

describe("the check of the house", () => {
  const files: Record<string, string> = {
    "package.json": '{ "type": "module", "dependencies": { "zod": "4", "jiti": "2" } }',
    "node_modules/jiti/package.json": '{ "name": "jiti", "type": "module", "exports": "./index.js" }',
    "node_modules/jiti/index.js": "export const createJiti = () => {};",
    "node_modules/lodash/package.json": '{ "name": "lodash", "main": "./index.js" }',
    "node_modules/lodash/index.js": "module.exports = {};",
    "test/support.ts": "export const support = 1;",
    "src/errors.ts": "export class Fault extends Error {}",
    "src/math/index.ts": 'import { tensor } from "../tensor/index.ts";\nexport const exp = () => tensor;',
    "src/tensor/index.ts": 'import { readFileSync } from "node:fs";\nexport const tensor = readFileSync;',
    "src/nn/index.ts": 'import type { Run } from "../training/index.ts";\nexport type Layer = Run;',
    "src/training/index.ts": 'import { createJiti } from "jiti";\nexport type Run = 1;\nexport const run = createJiti;',
    "src/envs/one.ts": 'import { two } from "./two.ts";\nexport const one = () => two;',
    "src/envs/two.ts": 'import { one } from "./one.ts";\nexport const two = () => one;',
    "src/spaces/one.ts": 'import type { Two } from "./two.ts";\nexport interface One { two: Two }',
    "src/spaces/two.ts": 'import type { One } from "./one.ts";\nexport interface Two { one: One }',
    "src/data/index.ts":
      'import lodash from "lodash";\nimport { gone } from "./gone.ts";\nexport default [lodash, gone];',
    "src/labs/index.ts": 'import { support } from "../../test/support.ts";\nexport default support;',
    "src/index.ts": 'export * from "./tensor/index.ts";\nexport * from "./cli/main.ts";',
    "src/cli/main.ts":
      'import { readFileSync } from "node:fs";\nimport { Fault } from "../errors.ts";\nexport default [readFileSync, Fault];',
    "src/cli/main.test.ts": 'import "../studio/index.ts";\nimport "../../test/support.ts";',
    "src/studio/index.ts": "export {};",
  };
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "limpid-house-"));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("reports every kind of wrong import, and nothing else", async () => {
    expect((await check(folder)).violations).toEqual([
      "import-direction-index.ts: src/index.ts → src/cli/main.ts",
      "import-direction-math: src/math/index.ts → src/tensor/index.ts",
      "import-direction-nn: src/nn/index.ts → src/training/index.ts",
      "inside-the-house: src/labs/index.ts → test/support.ts",
      "no-cycles: src/envs/one.ts → src/envs/two.ts",
      "node-only-below: src/tensor/index.ts → fs",
      "package-jiti: src/training/index.ts → node_modules/jiti/index.js",
      "package-unlisted: src/data/index.ts → node_modules/lodash/index.js",
      "resolvable: src/data/index.ts → ./gone.ts",
    ]);
  });
});
