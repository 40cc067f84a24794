import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConfigError, FormatError, RunError } from "../errors.ts";
import { RunDirectory } from "./run-directory.ts";

const config = { algorithm: "ppo", env: "CartPole-v1", seed: 1, steps: 1000 };

/** A stand-in for reading a checkpoint: whole where it ends with "end". */
function whole(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString();
  if (!text.endsWith("end")) throw new FormatError({ field: "file", value: text, allowed: "whole" });
  return text;
}

describe("RunDirectory", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "limpid-runs-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const create = (name = "run") => RunDirectory.create(join(root, name), config);
  const save = (run: RunDirectory, step: number, text = `${step} end`, keepLast?: number) =>
    run.saveCheckpoint(step, Buffer.from(text), keepLast);

  it("keeps the configuration", () => {
    const run = create("deep/er/run");
    expect(run.config()).toEqual(config);
    run.close();
    expect(RunDirectory.open(run.path).config()).toEqual(config);
    expect(readdirSync(run.path).sort()).toEqual(["checkpoints", "config.json"]);
  });

  it("refuses to start where a run is, and says how to go on with that one", () => {
    const run = create();
    run.close();
    expect(() => create()).toThrow(ConfigError);
    expect(() => create()).toThrow(
      /^run directory must be one that holds no run yet; got ".*run". .* --resume .*run\.$/,
    );
    expect(existsSync(join(run.path, "run.lock"))).toBe(false);
  });

  it("starts in a directory that holds other things", () => {
    mkdirSync(join(root, "run"));
    writeFileSync(join(root, "run", "notes.txt"), "mine");
    create().close();
    expect(readFileSync(join(root, "run", "notes.txt"), "utf8")).toBe("mine");
  });

  it("names runs after what they are, and never overwrites one", () => {
    const names = [1, 2, 3].map(() => {
      const run = RunDirectory.createDefault(config, join(root, "runs"));
      run.close();
      return basename(run.path);
    });
    expect(names).toEqual(["ppo-CartPole-v1-1", "ppo-CartPole-v1-1-2", "ppo-CartPole-v1-1-3"]);
    const run = RunDirectory.createDefault({ ...config, env: "../../my envs/maze-ä.ts#My Env" }, join(root, "runs"));
    run.close();
    expect(basename(run.path)).toBe("ppo-maze--My-Env-1");
    expect(readdirSync(root)).toEqual(["runs"]);
  });

  it("is written by one process at a time, and read by any", () => {
    const run = create();
    expect(() => RunDirectory.resume(run.path)).toThrow(RunError);
    const reader = RunDirectory.open(run.path);
    expect(reader.config()).toEqual(config);
    expect(() => save(reader, 1)).toThrow(/opened for reading/);
    expect(() => reader.rewind(0)).toThrow(/opened for reading/);
    run.close();
    RunDirectory.resume(run.path).close();
  });

  it("refuses a directory without a run", () => {
    expect(() => RunDirectory.open(join(root, "none"))).toThrow(ConfigError);
    expect(() => RunDirectory.resume(root)).toThrow(
      /^run directory must be a directory that holds a run \(config\.json is missing\)/,
    );
  });

  it("refuses a damaged configuration", () => {
    const run = create();
    run.close();
    writeFileSync(join(run.path, "config.json"), '{"algorithm":');
    expect(() => RunDirectory.open(run.path).config()).toThrow(FormatError);
    expect(() => RunDirectory.open(run.path).config()).toThrow(/config\.json must be JSON \(/);
  });

  it("fails in one sentence where a file is in the way", () => {
    writeFileSync(join(root, "run"), "");
    expect(() => create()).toThrow(/run could not be created: a file of that name exists/);
  });

  it("fails in one sentence where no directory can be made", () => {
    writeFileSync(join(root, "file"), "");
    expect(() => create("file/run")).toThrow(/run could not be created: a part of the path is not a directory/);
    expect(() => create("x".repeat(300))).toThrow(/could not be created: the name is too long \(ENAMETOOLONG\)\. /);
  });

  it.skipIf(process.platform !== "linux")("gives up where a file system takes no names", () => {
    expect(() => RunDirectory.create("/proc/limpid/run", config)).toThrow(/^\/proc\/limpid could not be created: /);
  });

  it("fails in one sentence where a file stands in the place of the checkpoints", () => {
    const run = create();
    run.close();
    rmSync(join(run.path, "checkpoints"), { recursive: true });
    expect(run.listCheckpoints()).toEqual([]);
    writeFileSync(join(run.path, "checkpoints"), "");
    expect(() => run.listCheckpoints()).toThrow(/checkpoints could not be read: a part of the path is not a directory/);
  });

  it("keeps the last checkpoints", () => {
    const run = create();
    for (const step of [10, 20, 30, 40]) save(run, step, undefined, 2);
    expect(readdirSync(join(run.path, "checkpoints")).sort()).toEqual([
      "step-000000000030.safetensors",
      "step-000000000040.safetensors",
    ]);
    expect(save(run, 50, undefined, 0)).toBe(join(run.path, "checkpoints", "step-000000000050.safetensors"));
    expect(run.listCheckpoints().map(({ step }) => step)).toEqual([50]);
    run.close();
  });

  it("finds the newest checkpoint that can be read, and says what it passed over", () => {
    const run = create();
    expect(run.latestCheckpoint(whole)).toBeUndefined();
    save(run, 10);
    save(run, 20);
    writeFileSync(join(run.path, "checkpoints", "step-000000000030.safetensors"), "to");
    writeFileSync(join(run.path, "checkpoints", ".step-000000000040.safetensors.x.tmp"), "40 end");
    writeFileSync(join(run.path, "checkpoints", "notes.txt"), "50 end");
    const latest = run.latestCheckpoint(whole)!;
    expect([latest.step, latest.checkpoint, basename(latest.path)]).toEqual([
      20,
      "20 end",
      "step-000000000020.safetensors",
    ]);
    expect(latest.skipped).toEqual([
      { path: join(run.path, "checkpoints", "step-000000000030.safetensors"), reason: 'file must be whole; got "to"' },
    ]);
    run.close();
  });

  it("fails where no checkpoint can be read, and passes on errors that are no matter of format", () => {
    const run = create();
    save(run, 10, "torn");
    expect(() => run.latestCheckpoint(whole)).toThrow(FormatError);
    expect(() => run.latestCheckpoint(whole)).toThrow(
      /none of the 1 checkpoints in .*run can be read: file must be whole/,
    );
    const broken = () => {
      throw new TypeError("a bug");
    };
    expect(() => run.latestCheckpoint(broken)).toThrow(TypeError);
    run.close();
  });

  it("goes on from a checkpoint as if nothing had been written after it", () => {
    const run = create();
    for (const step of [10, 20]) {
      run.metrics.append({ step });
      save(run, step);
    }
    run.metrics.append({ step: 30 });
    run.close();
    writeFileSync(join(run.path, "checkpoints", "step-000000000030.safetensors"), "to");
    writeFileSync(join(run.path, "checkpoints", ".step-000000000030.safetensors.x.tmp"), "left over");

    const resumed = RunDirectory.resume(run.path);
    resumed.rewind(resumed.latestCheckpoint(whole)!.step);
    resumed.metrics.append({ step: 25 });
    save(resumed, 25, undefined, 1);
    expect(resumed.metrics.rows()).toEqual([{ step: 10 }, { step: 20 }, { step: 25 }]);
    expect(readdirSync(join(run.path, "checkpoints"))).toEqual(["step-000000000025.safetensors"]);
    resumed.close();
  });
});
