import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ConfigError } from "../errors.ts";
import { isEnvModule, loadEnvModule } from "./env-module.ts";

// That the package itself is found is tested where it is installed (test/packaging.test.ts).
const limpid = { kind: "the limpid that is running" };
vi.mock("./own-modules.ts", () => ({ ownModules: async () => ({ limpid }) }));

/** Any environment as TypeScript, with its own counter to tell instances apart. */
const body = `
  observationSpace: { kind: "box" }, actionSpace: { kind: "discrete" }, count: 0,
  reset() { return { observation: [++this.count, helper()], info: {} }; },
  step(action: number) { return { observation: [action], reward: 0, terminated: false, truncated: false, info: {} }; },
`;
const members = `
  observationSpace = { kind: "box" }; actionSpace = { kind: "discrete" }; count = 0;
  reset() { return { observation: [++this.count], info: {} }; }
  step() { return { observation: [0], reward: 0, terminated: false, truncated: false, info: {} }; }
`;
const files: Record<string, string> = {
  "package.json": "{}",
  "helper.ts": "let calls = 0;\nexport const helper = (): number => ++calls;\n",
  "object.ts": `import { helper } from "./helper.ts";\nenum Level { Easy = 3 }\nexport const level: Level = Level.Easy;\nexport default {${body}};\n`,
  "class.ts": `abstract class Base<T> { constructor(readonly kept?: T) {} }\nexport class Maze extends Base<number> {${members}}\nexport const size = 3;\n`,
  "class.js": `export default class {${members}}\n`,
  "arrow.ts": `export default class { observationSpace = {}; actionSpace = {}; reset = () => ({ observation: [7] }); step = () => ({}); }\n`,
  "factory.ts": `class Maze {${members}}\nexport default function make() { return new Maze(); }\nexport const later = async () => new Maze();\n`,
  "commonjs.js": `module.exports = class {${members}};\n`,
  "module/package.json": '{ "type": "module" }',
  "module/object.js": `import { helper } from "../helper.ts";\nexport default {${body.replace(": number", "")}};\n`,
  "await.ts": `const helper = await Promise.resolve(() => 1);\nexport default {${body}};\n`,
  "limpid.ts": `import * as limpid from "limpid";\nimport { helper } from "./helper.ts";\nexport default { limpid, ${body} };\n`,
  "syntax.ts": "export const a: number = 1;\n\nexport default { step( };\n",
  "throws.ts": "const settings: any = undefined;\n\nexport default { level: settings.level };\n",
  "throws-later.ts": "export default function make() {\n  throw new Error('no joystick');\n}\n",
  "imports.ts": 'import missing from "no-such-package-anywhere";\nexport default missing;\n',
  "partial.ts": "export default { observationSpace: {}, reset() {}, step: 3 };\n",
  "throws-elsewhere.ts": "export default function make() {\n  return JSON.parse('no json');\n}\n",
  "undefined.ts": "export default undefined;\nexport const none = null;\n",
  "number.ts": "export default 42;\n",
  "nothing.ts": "export {};\n",
};

describe("loadEnvModule", () => {
  let cwd: string;
  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), "limpid-env-module-"));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(cwd, name)), { recursive: true });
      writeFileSync(join(cwd, name), text);
    }
  });
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));
  const loadFrom = (specifier: string) => loadEnvModule(specifier, { cwd });

  it.each(["./class.ts#Maze", "class.js", "./factory.ts", "./factory.ts#default", "./commonjs.js"])(
    "makes independent environments from %s",
    async (specifier) => {
      const make = await loadFrom(specifier);
      const [a, b] = [make(), make()];
      expect([a.reset({}), a.reset({}), b.reset({})].map(({ observation }) => observation)).toEqual([[1], [2], [1]]);
    },
  );

  it.each(["./object.ts", "./module/object.js"])(
    "makes independent environments from the one object of %s",
    async (file) => {
      const make = await loadFrom(file);
      const [a, b, c] = [make(), make(), make()];
      // The second number counts in a module that the file imports: that one is not shared either.
      expect([a, a, b, c].map((env) => env.reset({}).observation)).toEqual([
        [1, 1],
        [2, 2],
        [1, 1],
        [1, 1],
      ]);
    },
  );

  it("gives every environment the limpid that is running", async () => {
    const make = (await loadFrom("./limpid.ts")) as unknown as () => { limpid: typeof limpid };
    expect([make().limpid.kind, make().limpid.kind]).toEqual([limpid.kind, limpid.kind]);
  });

  it("takes an absolute path, and methods that are fields", async () => {
    expect((await loadEnvModule(join(cwd, "arrow.ts")))().reset({}).observation).toEqual([7]);
  });

  it("loads a file that waits at its top, once", async () => {
    const make = await loadFrom("./await.ts");
    expect(make().reset({}).observation).toEqual([1, 1]);
    expect(make).toThrow(ConfigError);
    expect(make).toThrow(
      /await\.ts \(default export\) is one object and a second is needed.*Export a class or a function/,
    );
  });

  it.each([
    [
      "./none.ts",
      /^environment module must be a file that exists; got "\.\/none\.ts"\. There is no file .*none\.ts\.$/,
    ],
    ["./module", /must be a file that exists/],
    ["./class.ts", /^\.\/class\.ts must have a default export, or be followed by # .*\. It exports Maze, size\.$/],
    ["./class.ts#Labyrinth", /^\.\/class\.ts#Labyrinth must have an export Labyrinth\. It exports Maze, size\.$/],
    ["./class.ts#toString", /must have an export toString/],
    ["./nothing.ts", /It exports nothing\.$/],
    ["./syntax.ts", /^\.\/syntax\.ts could not be loaded: ParseError: .* \(.*syntax\.ts:3:\d+\)$/],
    ["./throws.ts", /^\.\/throws\.ts could not be loaded: Cannot read properties of undefined.* \(.*throws\.ts:3\)$/],
    [
      "./throws-later.ts",
      /^\.\/throws-later\.ts \(default export\) could not be made: no joystick \(.*throws-later\.ts:2\)$/,
    ],
    [
      "./imports.ts",
      /^\.\/imports\.ts could not be loaded: Cannot find module 'no-such-package-anywhere' \(.*imports\.ts:1\)$/,
    ],
    ["./throws-elsewhere.ts", /could not be made: Unexpected token .* \(.*throws-elsewhere\.ts:2\)$/],
    ["./undefined.ts", /^\.\/undefined\.ts \(default export\) must be an environment, .*; got "undefined"$/],
    ["./undefined.ts#none", /^\.\/undefined\.ts#none must be an environment, .*; got null$/],
    ["./class.ts#", /^\.\/class\.ts# must have a default export, or be followed by # and the name of an export\./],
    ["./class.ts#size", /^\.\/class\.ts#size must be an environment, a class .*; got 3$/],
    ["./number.ts", /^\.\/number\.ts \(default export\) must be an environment, .*; got 42$/],
    [
      "./partial.ts",
      /must be an environment with observationSpace, actionSpace, reset, step\. It lacks actionSpace \(an object\), step \(a function\)\.$/,
    ],
    ["./factory.ts#later", /It lacks .* It is a promise: return the environment itself\.$/],
  ])("refuses %s in one clear message", async (specifier, message) => {
    const error = await loadFrom(specifier).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).message).toMatch(message);
    expect((error as ConfigError).message).not.toContain("\n");
  });
});

describe("isEnvModule", () => {
  it("tells files from registered names", () => {
    const files = ["./my-env.ts", "envs/maze.js#Maze", "C:\\maze.mts", "a.cjs", "./my-env", "../maze", "/envs/maze"];
    const names = ["CartPole-v1", "ts", "maze.tsx", "js#x", "..maze", "envs/maze"];
    expect(files.filter((name) => !isEnvModule(name))).toEqual([]);
    expect(names.filter(isEnvModule)).toEqual([]);
  });
});
