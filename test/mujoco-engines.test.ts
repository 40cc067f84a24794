/** MuJoCo's environments run, and give the same bits, on every Node and in a page that Vite has built. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Rollup } from "vite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mujocoDescriptions } from "../src/envs/mujoco/descriptions.ts";
import { withPage } from "./support/browser.ts";
import digestMujoco from "./support/digest-mujoco.ts";
import { callInNode, type NodeMajor } from "./support/node-versions.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const entry = join(root, "test", "support", "digest-mujoco.ts");
const given = { ids: mujocoDescriptions.map(({ id }) => id), steps: 60, seed: 1 };

/** What MuJoCo 3.14.0 gives; another version may well give other bits. */
const DIGESTS = {
  "InvertedPendulum-v5": "34c4d2889a0529b647fad54ab9ace22aae2f5eef0ae6902326f0bf5d8c3b68d0",
  "InvertedDoublePendulum-v5": "ba07f0f448bc8221f249e108d32dc6d9ab862be34b557f97417c6eaf3813061f",
  "Reacher-v5": "6a2b84fd8da40048696131d1d18a74d6175dfe09ff0090b98bdf2da3ee78ca99",
  "Hopper-v5": "099825b8276f1cbd273deffc9841fb842b08d3a2963bcac59a1ccb110dcef58d",
  "HalfCheetah-v5": "37c69e63fdc78c8e4653cdbc36bf4ad71ce423c785f2624f6727fc6da4fc4cae",
  "Walker2d-v5": "2d661fa61be812eb71238500c03c6d29f4374d401077bbb7a54db244c18e4539",
  "Ant-v5": "68c97281e3b12c0941c0edc19f6abc5be99974634e47c12a3b189a6433424f1f",
};

/** In this repository, so that Node finds the package from there. */
let folder: string;
beforeAll(() => {
  const cache = join(root, "node_modules", ".cache", "limpid");
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, "mujoco-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("the same seed gives the same bits in every engine", { timeout: 600_000 }, async () => {
  const here = await digestMujoco(given);
  expect(here).toEqual(DIGESTS);

  const module = join(folder, "digest.mjs");
  const result = await build({
    configFile: false,
    logLevel: "error",
    build: {
      write: false,
      minify: false,
      target: "es2022",
      lib: { entry, formats: ["es"], fileName: "digest" },
      rollupOptions: { external: ["@mujoco/mujoco"], output: { codeSplitting: false } },
    },
  });
  writeFileSync(module, (result as Rollup.RollupOutput[])[0]!.output[0].code);
  for (const major of [20, 24, 26] satisfies NodeMajor[]) {
    expect(await callInNode(major, module, given), `Node ${major}`).toEqual(here);
  }

  const page = join(folder, "page");
  mkdirSync(page);
  const script = `import digest from ${JSON.stringify(entry)};\ndigest(${JSON.stringify(given)}).then((result) => { window.result = result; });`;
  writeFileSync(join(page, "main.js"), script);
  const html = '<!doctype html><link rel="icon" href="data:,"><script type="module" src="./main.js"></script>';
  writeFileSync(join(page, "index.html"), html);
  await build({ root: page, configFile: false, logLevel: "error", build: { outDir: "built" } });
  const inPage = await withPage(join(page, "built"), async (opened) => {
    const handle = await opened.waitForFunction("window.result");
    return handle.jsonValue();
  });
  expect(inPage, "Chromium").toEqual(here);

  // The digests see what they are meant to see: another seed changes all of them.
  const others = await digestMujoco({ ...given, seed: 2 });
  for (const id of given.ids) expect(others[id]).not.toBe(here[id]);
});
