import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Figures } from "./figures.ts";
import { median } from "./measure.ts";

/** From starting the command to its first update: the first line of metrics on disk. */
export async function benchStartup(): Promise<Figures> {
  const main = process.argv[1]!; // this command
  const seconds: number[] = [];
  for (let i = 0; i < 5; i++) seconds.push(await firstUpdate(main));
  return { firstUpdateSeconds: median(seconds) };
}

async function firstUpdate(main: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "limpid-bench-"));
  const run = join(folder, "run");
  const start = performance.now();
  const args = [main, "train", "ppo", "CartPole-v1", "--steps", "200000", "--out", run];
  const child = spawn(process.execPath, args, { stdio: "ignore" });
  try {
    while (!hasContent(join(run, "metrics.jsonl"))) {
      if (child.exitCode !== null) throw new Error(`the command ended with ${child.exitCode} before its first update`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return (performance.now() - start) / 1000;
  } finally {
    if (child.exitCode === null) {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await gone;
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

function hasContent(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
