// The same training in headless Chromium and in this Node: `node bench/browser.mjs`, as a part of `npm run bench`. One bundle for
// both, in turn, so that a neighbour on the core disturbs both alike; prints one flat object.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createJiti } from "jiti";

const here = fileURLToPath(new URL(".", import.meta.url));
const { bundle, callInBrowser } = await createJiti(import.meta.url).import("../test/support/browser.ts");

const RUNS = {
  ppo: { algorithm: "ppo", env: "CartPole-v1", preset: false, steps: 20_000 },
  dqn: { algorithm: "dqn", env: "CartPole-v1", steps: 6_000 },
  sac: { algorithm: "sac", env: "Pendulum-v1", preset: false, hidden: [64, 64], batchSize: 100, steps: 2_000 },
  pixels: { algorithm: "ppo", env: "PongFrames-v0", steps: 40_960 },
};
const ROUNDS = 5;
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

const folder = mkdtempSync(join(tmpdir(), "limpid-bench-"));
try {
  const module = join(here, "page.mjs");
  const bundled = join(folder, "page.mjs");
  writeFileSync(bundled, await bundle(module));
  const { default: stepsPerSecond } = await import(pathToFileURL(bundled).href);
  const figures = {};
  for (const [name, config] of Object.entries(RUNS)) {
    const speeds = { node: [], chromium: [] };
    for (let seed = 1; seed <= ROUNDS; seed++) {
      speeds.node.push(stepsPerSecond({ ...config, seed }));
      speeds.chromium.push(await callInBrowser(module, { ...config, seed }));
    }
    figures[`${name}ChromiumStepsPerSecond`] = median(speeds.chromium);
    figures[`${name}ChromiumShareOfNode`] = median(speeds.chromium.map((speed, i) => speed / speeds.node[i]));
  }
  console.log(JSON.stringify(figures));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
