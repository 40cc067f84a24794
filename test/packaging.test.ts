import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withPage } from "./support/browser.ts";
import { callInNode, type NodeMajor, nodeBinary } from "./support/node-versions.ts";
import { installPackage, packPackage } from "./support/package.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The example of the design, short, as a user's own file. */
const TRAIN = `
import { evaluate, train } from "limpid";

export default function main() {
  const run = train({ algorithm: "ppo", env: "CartPole-v1", steps: 2000, seed: 1 });
  const steps: number[] = [];
  for (const { step, metrics } of run) {
    if (!(metrics["episode/return"]! > 0)) throw new Error("no return");
    steps.push(step);
  }
  const { mean, returns } = evaluate(run.policy, { env: "CartPole-v1", episodes: 3, seed: 7 });
  const action = run.policy.act(new Float32Array(4), { deterministic: true });
  return { steps, mean, episodes: returns.length, action, sha256: run.parametersSha256() };
}
`;

interface Trained {
  steps: number[];
  mean: number;
  episodes: number;
  action: unknown;
  sha256: string;
}

describe("the package", { timeout: 600_000 }, () => {
  let folder: string;
  let project: string;
  let installed: string;
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "limpid-package-")));
    project = join(folder, "project");
    installPackage(project, packPackage(folder));
    installed = join(project, "node_modules", "limpid");
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const file = (name: string, text: string) => {
    const path = join(project, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  };
  /** Strips types as the consumer's own build would; the type check below reads the same text. */
  const script = (name: string, text: string) => file(name, text.replace(": number[]", "").replaceAll("]!", "]"));
  const sane = ({ steps, mean, episodes, action, sha256 }: Trained) => {
    expect(steps.length).toBeGreaterThan(1);
    expect(steps.at(-1)).toBeGreaterThanOrEqual(2000);
    expect(episodes).toBe(3);
    expect(mean).toBeGreaterThan(8);
    expect([0, 1]).toContain(action);
    return sha256;
  };

  it("holds what it says, and neither tests nor sources", () => {
    const files = readdirSync(installed, { recursive: true, encoding: "utf8" });
    const { exports, bin, main } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
    expect(main).toBeUndefined();
    for (const target of [...Object.values<string>(exports), ...Object.values<string>(bin)]) {
      expect(files).toContain(target.replace("./", ""));
    }
    const wrong = files.filter((name) =>
      /\.test\.|\.map$|assembly|(?<!\.d)\.ts$|^(src|test|scripts|bench)\b/.test(name),
    );
    expect(wrong).toEqual([]);
    expect(["README.md", "CHANGELOG.md", "LICENSE"].filter((name) => !files.includes(name))).toEqual([]);
  });

  it("brings along few other packages", () => {
    const packages = readdirSync(join(project, "node_modules")).filter((name) => !name.startsWith("."));
    // @napi-rs: what piscina can do without, and npm installs where it can.
    const needed = packages.filter((name) => name !== "@napi-rs");
    expect(needed.sort()).toEqual(["@noble", "commander", "jiti", "limpid", "piscina", "zod"]);
  });

  it.each<NodeMajor>([20, 24, 26])("imports by every name, and trains, on Node %i", async (major) => {
    const names = Object.keys(JSON.parse(readFileSync(join(installed, "package.json"), "utf8")).exports)
      .filter((name) => name !== "./package.json")
      .map((name) => `limpid${name.slice(1)}`);
    expect(names.length).toBeGreaterThan(10);
    const importAll = `export default async (names) => {
      const counts = {};
      for (const name of names) counts[name] = Object.keys(await import(name)).length;
      return counts;
    };`;
    const counts = await callInNode<Record<string, number>>(major, file("import-all.js", importAll), names);
    for (const name of names) expect(counts[name], name).toBeGreaterThan(0);
    sane(await callInNode<Trained>(major, script("train.js", TRAIN), 0));
  });

  it("does not load what only Node needs, unless asked", async () => {
    const code = `import { registerHooks } from "node:module";
      const read = [];
      export default async () => {
        registerHooks({ load: (url, context, next) => (read.push(url), next(url, context)) });
        await import("limpid");
        return read;
      };`;
    const loaded = await callInNode<string[]>(24, file("loaded.js", code), 0);
    expect(loaded.length).toBeGreaterThan(20);
    expect(
      loaded.filter((url) =>
        /^node:|jiti|commander|gifenc|napi-rs|(lunar-lander|mujoco)\/(?!descriptions)|limpid\/dist\/(node|cli)\//.test(
          url,
        ),
      ),
    ).toEqual([]);
  });

  it("has types that a strict project accepts", () => {
    file("consumer.ts", TRAIN);
    const names = Object.keys(JSON.parse(readFileSync(join(installed, "package.json"), "utf8")).exports);
    const imports = names.filter((name) => name !== "./package.json").map((name) => `import "limpid${name.slice(1)}";`);
    file("imports.ts", imports.join("\n"));
    file(
      "wrong.ts",
      `import { train } from "limpid";
      train({ algorithm: "ppo", env: "CartPole-v1", steps: "many", seed: 1 });
      train({ algorithm: "ppo", env: "CartPole-v1", gamma: "high" });
      train({ algorithm: "reinforce", env: "CartPole-v1", baseline: "mean" });`,
    );
    const types = join(root, "node_modules", "@types");
    const check = (lib: string[], ...files: string[]) => {
      const compilerOptions = {
        strict: true,
        skipLibCheck: false,
        noEmit: true,
        target: "es2022",
        lib,
        module: "nodenext",
        typeRoots: [types],
        types: ["node"],
      };
      file("tsconfig.json", JSON.stringify({ compilerOptions, files }));
      const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
      return spawnSync(process.execPath, [tsc, "-p", project], { encoding: "utf8" }).stdout;
    };
    const page = ["es2023", "dom", "dom.iterable"];
    expect(check(page, "consumer.ts", "imports.ts")).toBe("");
    expect(check(["es2023"], "consumer.ts", "imports.ts")).toBe("");
    const wrong = check(page, "wrong.ts");
    for (const line of [2, 3, 4]) expect(wrong).toMatch(new RegExp(`wrong\\.ts\\(${line},\\d+\\): error TS2322`));
  });

  it("runs its command", () => {
    const command = join(project, "node_modules", ".bin", "limpid");
    const output = execFileSync(nodeBinary(20), [realpathSync(command), "list", "--json"], {
      cwd: project,
      encoding: "utf8",
      stdio: "pipe",
    });
    expect(JSON.stringify(JSON.parse(output.trim().split("\n").at(-1)!))).toContain("CartPole-v1");
  });

  it("says what installs the library that MuJoCo's environments need, and lists them without it", () => {
    const command = realpathSync(join(project, "node_modules", ".bin", "limpid"));
    const run = (...args: string[]) =>
      spawnSync(nodeBinary(20), [command, ...args], { cwd: project, encoding: "utf8" });
    const { status, stderr } = run("train", "ppo", "Hopper-v5");
    expect(status).toBe(2);
    expect(stderr).toMatch(/env "Hopper-v5" needs a library that is not installed: npm install @mujoco\/mujoco@3/);
    expect(run("list", "envs").stdout).toMatch(/Hopper-v5: Hop forward/);
  });

  it("says what installs the libraries that draw an animation", () => {
    const command = realpathSync(join(project, "node_modules", ".bin", "limpid"));
    const run = (...args: string[]) =>
      spawnSync(nodeBinary(20), [command, ...args], { cwd: project, encoding: "utf8" });
    expect(run("train", "mc-control", "FrozenLake-v1", "--steps", "100", "--out", "lake").status).toBe(0);
    const { status, stderr } = run("evaluate", "lake", "--record", "lake.gif");
    expect(status).toBe(2);
    expect(stderr).toBe(
      "limpid: an animation needs libraries that are not installed: npm install @napi-rs/canvas@1.1.1 gifenc@1.0.3\n",
    );
  });

  it("draws the figures of a run without the library that PNG needs, and says what installs it", () => {
    const command = realpathSync(join(project, "node_modules", ".bin", "limpid"));
    const run = (...args: string[]) =>
      spawnSync(nodeBinary(20), [command, ...args], { cwd: project, encoding: "utf8" });
    const short = ["--steps", "64", "--set", "preset=none", "--set", "nSteps=64", "--inspect", "--out", "looked"];
    expect(run("train", "ppo", "CartPole-v1", ...short).status).toBe(0);
    const { status, stdout } = run("inspect", "looked");
    expect(status).toBe(0);
    expect(stdout).toMatch(/\. They are SVG; as PNG too they need .*: npm install @napi-rs\/canvas@1\.1\.1\n/);
    const kinds = new Set(readdirSync(join(project, "looked", "figures")).map((name) => name.slice(-4)));
    expect([...kinds]).toEqual([".svg"]);
  });

  it("gives a user's TypeScript environment the limpid that is running, on Node 20 too", async () => {
    const env = `import { Box, Discrete } from "limpid";
      import type { Env } from "limpid";
      enum Move { Left, Right }
      export class Corridor implements Env<Float32Array, number> {
        readonly observationSpace = new Box(0, 1, [1]);
        readonly actionSpace = new Discrete(2);
        static kinds = [Box, Discrete];
        private at = 0;
        reset() { this.at = 0; return { observation: new Float32Array([0]), info: {} }; }
        step(action: number) {
          this.at += action === Move.Right ? 0.25 : 0;
          return { observation: new Float32Array([this.at]), reward: -1, terminated: this.at >= 1, truncated: false, info: {} };
        }
      }`;
    mkdirSync(join(folder, "elsewhere"), { recursive: true });
    writeFileSync(join(folder, "elsewhere", "corridor.ts"), env);
    const code = `import { Box } from "limpid";
      import { loadEnvModule } from "limpid/node";
      export default async (cwd) => {
        const env = (await loadEnvModule("./corridor.ts#Corridor", { cwd }))();
        env.reset({});
        return { same: env.constructor.kinds[0] === Box, isBox: env.observationSpace instanceof Box, step: env.step(1).reward };
      };`;
    for (const major of [20, 24] as const) {
      const result = await callInNode(major, file("load-env.js", code), join(folder, "elsewhere"));
      expect(result).toEqual({ same: true, isBox: true, step: -1 });
    }
  });

  it("trains in a page built by Vite", async () => {
    const page = join(project, "page");
    file(
      "page/index.html",
      '<!doctype html><link rel="icon" href="data:,"><script type="module" src="./main.ts"></script>',
    );
    file("page/train.ts", TRAIN);
    file(
      "page/main.ts",
      'import main from "./train";\n(window as unknown as { trained: unknown }).trained = main();\n',
    );
    await build({ root: page, configFile: false, logLevel: "error", build: { outDir: "built" } });
    const trained = await withPage(join(page, "built"), async (page) => {
      const handle = await page.waitForFunction<Trained>("window.trained");
      return (await handle.jsonValue()) as Trained;
    });
    const inNode = await callInNode<Trained>(20, script("train.js", TRAIN), 0);
    expect(sane(trained)).toBe(sane(inNode));
  });

  it("brings physics into a page only when it is asked for", async () => {
    const page = join(project, "lander");
    const flown = `
      import { loadEnv, makeEnv } from "limpid";
      export default async () => {
        await loadEnv("LunarLander-v3");
        const env = makeEnv("LunarLander-v3");
        env.reset({ seed: 1 });
        return [...env.step(2).observation];
      };`;
    file(
      "lander/index.html",
      '<!doctype html><link rel="icon" href="data:,"><script type="module" src="./main.js"></script>',
    );
    file("lander/fly.js", flown);
    file("lander/main.js", 'import fly from "./fly.js";\nwindow.fly = fly;\n');
    await build({ root: page, configFile: false, logLevel: "error", build: { outDir: "built" } });
    const requests: string[] = [];
    const { before, observation } = await withPage(join(page, "built"), async (page) => {
      await page.waitForFunction("window.fly");
      page.on("request", (request) => requests.push(request.url()));
      const before = await page.evaluate<number>("performance.getEntriesByType('resource').length");
      return { before, observation: await page.evaluate<number[]>("window.fly()") };
    });
    expect(before).toBeGreaterThan(0);
    expect(requests.some((url) => /lunar-lander/.test(url))).toBe(true);
    expect(observation).toEqual(await callInNode<number[]>(20, script("fly.js", flown), 0));
    const assets = join(page, "built", "assets");
    const physics = readdirSync(assets).filter((name) =>
      /RevoluteJoint|revolute-joint/.test(readFileSync(join(assets, name), "utf8")),
    );
    expect(physics).toEqual([expect.stringMatching(/^lunar-lander/)]);
  });
});
