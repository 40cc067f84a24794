import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundle, callInBrowser } from "./support/browser.ts";
import { FLIGHTS } from "./support/lander-flights.ts";
import { callInNode, type NodeMajor } from "./support/node-versions.ts";

const NODES: readonly NodeMajor[] = [20, 24, 26];

/** Calls a module's default export in two fresh processes of every Node and in Chromium: the same code, one bundle. */
async function everywhere<T>(module: string, argument: unknown): Promise<Record<string, T>> {
  const results: Record<string, T> = {};
  for (const major of NODES) {
    for (const process of ["first", "second"]) {
      results[`Node ${major}, ${process} process`] = await callInNode<T>(major, module, argument);
    }
  }
  results.Chromium = await callInBrowser<T>(module, argument, readFileSync(module, "utf8"));
  return results;
}

describe("the same seed gives the same bits in every process and engine", { timeout: 600_000 }, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "limpid-determinism-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const bundled = async (name: string) => {
    const path = join(folder, `${name}.mjs`);
    if (!existsSync(path)) {
      writeFileSync(path, await bundle(fileURLToPath(new URL(`support/${name}.ts`, import.meta.url))));
    }
    return path;
  };

  it("of mathematical functions and random numbers", async () => {
    const module = await bundled("digest-numbers");
    const { "Node 20, first process": first, ...others } = await everywhere<Record<string, string>>(module, {
      seed: 1,
    });
    expect(Object.keys(first!).length).toBeGreaterThan(20);
    for (const [place, digests] of Object.entries(others)) expect(digests, place).toEqual(first);

    // The digests see what they are meant to see: another seed changes all of them.
    const otherSeed = await callInNode<Record<string, string>>(20, module, { seed: 2 });
    for (const [name, digest] of Object.entries(otherSeed)) expect(digest, name).not.toBe(first![name]);
  });

  it.each([
    ["ppo", "CartPole-v1", 10_000],
    ["ppo", "Pendulum-v1", 10_000],
    ["dqn", "CartPole-v1", 3000],
    ["td3", "Pendulum-v1", 2000],
    ["sac", "Pendulum-v1", 1000],
  ])("of training: %s on %s, %i steps", async (algorithm, env, steps) => {
    type Digest = { sha256: string; step: number; metrics: object };
    const module = await bundled("digest-training");
    const config = { algorithm, env, steps, seed: 1 };
    const { "Node 20, first process": first, ...others } = await everywhere<Digest>(module, config);
    expect(first!.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(first!.step).toBeGreaterThanOrEqual(steps);
    for (const [place, digest] of Object.entries(others)) expect(digest, place).toEqual(first);

    const otherSeed = await callInNode<Digest>(20, module, { ...config, seed: 2 });
    expect(otherSeed.sha256).not.toBe(first!.sha256);
  });

  it("of flights of the lunar lander, which are those of the committed digests", async () => {
    const module = await bundled("digest-lander");
    const digests = await everywhere<Record<string, string>>(module, { seed: 1 });
    for (const [place, digest] of Object.entries(digests)) expect(digest, place).toEqual(FLIGHTS);
    const otherSeed = await callInNode<Record<string, string>>(20, module, { seed: 2 });
    for (const [id, digest] of Object.entries(otherSeed)) expect(digest, id).not.toBe(FLIGHTS[id]);
  });

  it("which the engines' own functions do not", async () => {
    // The reason for src/math: the same digest over Math.pow tells Node 20 from Node 24.
    const path = join(folder, "engine-pow.mjs");
    writeFileSync(
      path,
      `export default () => {
        let sum = 0;
        for (let i = 1; i <= 100000; i++) sum = (sum + Math.pow(i / 977, 3.7)) % 1;
        return sum;
      };`,
    );
    expect(await callInNode(20, path, 0)).not.toBe(await callInNode(24, path, 0));
  });
});
