import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { limpid } from "./support/command.ts";

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "limpid-disk-"));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const TRAIN = ["train", "ppo", "CartPole-v1", "--seed", "1", "--json"];

/** Starts the command, `$@`, as a superuser whom file permissions bind like anyone else. */
const WITHOUT_OVERRIDE = 'set -- setpriv --bounding-set -dac_override,-dac_read_search "$@"';

describe.skipIf(process.platform === "win32")("a disk that takes no more", () => {
  it("ends the run in one sentence, with the last complete checkpoint intact and a way to go on", async () => {
    // A limit on the size of files (in blocks of 512 bytes) stands in for a full disk: checkpoints of the small network fit
    // into it, and the metrics and events outgrow it after some hundred iterations.
    const args = [
      ...TRAIN,
      "--steps",
      "100000",
      "--set",
      "hidden=8",
      "--set",
      "nEpochs=1",
      "--checkpoint-every",
      "2048",
    ];
    const { code, stderr, stdout } = await limpid([...args, "--out", "full"], { cwd, before: "ulimit -f 120" });
    expect(code, stderr).toBe(1);
    const sentence = stderr.trimEnd().split("\n").at(-1);
    expect(sentence).toMatch(/^limpid: full\/\S+ could not be written: the file would be too large \(EFBIG\)\. Raise/);
    expect(JSON.parse(stdout)).toEqual({ error: sentence });
    expect(stderr).not.toMatch(/^\s+at /m);

    const text = readFileSync(join(cwd, "full", "metrics.jsonl"), "utf8");
    expect(text.endsWith("}\n")).toBe(true);
    const evaluated = await limpid(["evaluate", "full", "--episodes", "1", "--json"], { cwd });
    expect(evaluated.code, evaluated.stderr).toBe(0);

    const resumed = await limpid(["train", "--resume", "full", "--json"], { cwd });
    const whole = await limpid([...args, "--out", "whole"], { cwd });
    expect(resumed.json().parametersSha256).toBe(whole.json().parametersSha256);
  });

  it("that has no room for the first checkpoint leaves nothing torn behind", async () => {
    const { code, stderr } = await limpid([...TRAIN, "--steps", "512", "--out", "tiny"], {
      cwd,
      before: "ulimit -f 20",
    });
    expect(code).toBe(1);
    expect(stderr.trimEnd().split("\n").at(-1)).toMatch(
      /^limpid: tiny\/checkpoints\/step-\d{12}\.safetensors could not be written: the file would be too large \(EFBIG\)\./,
    );
    expect(readdirSync(join(cwd, "tiny", "checkpoints"))).toEqual([]);
    expect(existsSync(join(cwd, "tiny", "run.lock"))).toBe(false);
    const resumed = await limpid(["train", "--resume", "tiny", "--json"], { cwd });
    expect(resumed.json()).toMatchObject({ steps: 512 });
  });

  it("that may not be written to is named", async () => {
    mkdirSync(join(cwd, "sealed"));
    chmodSync(join(cwd, "sealed"), 0o500);
    // The superuser may write anywhere, unless that right is taken from the process.
    const before = process.getuid?.() === 0 ? WITHOUT_OVERRIDE : "true";
    const { code, stderr } = await limpid([...TRAIN, "--steps", "512", "--out", "sealed/run"], { cwd, before });
    expect(code, stderr).toBe(1);
    expect(stderr).toMatch(/^limpid: sealed\/run could not be created: permission is denied \(EACCES\)\./);
  });
});
