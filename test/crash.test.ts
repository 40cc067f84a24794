import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readSafetensors } from "../src/nn/safetensors.ts";
import { RunDirectory } from "../src/node/index.ts";

const script = fileURLToPath(new URL("support/endless-run.ts", import.meta.url));
const jiti = fileURLToPath(import.meta.resolve("jiti/register"));

describe("a run whose process is killed at any moment", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "limpid-crash-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("loads its newest checkpoint, whole, and goes on from there", async () => {
    const path = join(folder, "run");
    let last = 0;
    for (let round = 0; round < 6; round++) {
      const child = spawn(process.execPath, ["--import", jiti, script, path], { stdio: ["ignore", "pipe", "inherit"] });
      await once(child.stdout, "data");
      await sleep(round * 3.7);
      child.kill("SIGKILL");
      await once(child, "close");

      const run = RunDirectory.resume(path);
      const latest = run.latestCheckpoint(readSafetensors)!;
      expect(latest.skipped).toEqual([]);
      expect(latest.step).toBeGreaterThan(last);
      const data = latest.checkpoint.tensors.data!.data as Float64Array;
      expect(data.every((value) => value === latest.step)).toBe(true);
      run.rewind(latest.step);
      expect(run.metrics.rows().map((row) => row.step)).toEqual(Array.from({ length: latest.step }, (_, i) => i + 1));
      run.close();
      expect(readdirSync(path).sort()).toEqual(["checkpoints", "config.json", "metrics.jsonl"]);
      last = latest.step;
    }
  });
});
