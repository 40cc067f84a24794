import * as fs from "node:fs";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RunError } from "../errors.ts";
import { atomicWrite, isLeftover } from "./atomic-write.ts";

// Spies around the real calls, so that a test can make one of them fail as a full or broken disk would.
vi.mock("node:fs", { spy: true });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "limpid-atomic-"));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

function failing(code: string): () => never {
  return () => {
    throw Object.assign(new Error(`${code}: as the system says it, write`), { code });
  };
}

describe("atomicWrite", () => {
  it("writes a new file and replaces an old one, and leaves nothing else", () => {
    const path = join(folder, "a.bin");
    atomicWrite(path, new Uint8Array([1, 2, 3]));
    expect(readFileSync(path)).toEqual(Buffer.from([1, 2, 3]));
    atomicWrite(path, "text");
    expect(readFileSync(path, "utf8")).toBe("text");
    expect(readdirSync(folder)).toEqual(["a.bin"]);
  });

  it("flushes the data before the rename and the directory after it", () => {
    atomicWrite(join(folder, "a.bin"), "x");
    const order = (mock: unknown) => vi.mocked(mock as () => void).mock.invocationCallOrder;
    const [data, directory] = order(fs.fsyncSync) as [number, number];
    const [rename] = order(fs.renameSync) as [number];
    expect(data).toBeLessThan(rename);
    expect(rename).toBeLessThan(directory);
  });

  const { openSync, writeFileSync: writeSync, fsyncSync, renameSync } = fs;
  const calls = { openSync, writeFileSync: writeSync, fsyncSync, renameSync };
  it.each([
    [
      "writeFileSync",
      "ENOSPC",
      "no space is left on the device (ENOSPC). Free some space or choose another directory.",
    ],
    ["writeFileSync", "EDQUOT", "the disk quota is used up (EDQUOT). "],
    ["openSync", "EACCES", "permission is denied (EACCES). Change the permissions or choose another directory."],
    ["openSync", "EROFS", "the file system is read-only (EROFS). "],
    ["fsyncSync", "EIO", "the device reports an input/output error (EIO). "],
    ["renameSync", "EPERM", "the operation is not permitted (EPERM). "],
    ["renameSync", "EWEIRD", "EWEIRD: as the system says it, write (EWEIRD). "],
  ] as const)("keeps the old file and removes its own when %s fails with %s", (call, code, sentence) => {
    const path = join(folder, "a.bin");
    writeFileSync(path, "old");
    vi.mocked(calls[call] as () => never).mockImplementationOnce(failing(code));
    let caught: unknown;
    try {
      atomicWrite(path, "new");
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(RunError);
    expect((caught as RunError).message).toContain(`${path} could not be written: ${sentence}`);
    expect((caught as RunError).exitCode).toBe(1);
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["a.bin"]);
  });

  it("refuses a path whose directory is missing or a file, and a path that is a directory", () => {
    writeFileSync(join(folder, "file"), "");
    mkdirSync(join(folder, "directory"));
    expect(() => atomicWrite(join(folder, "none", "a"), "x")).toThrow(/there is no such file or directory \(ENOENT\)/);
    expect(() => atomicWrite(join(folder, "file", "a"), "x")).toThrow(/not a directory \(ENOTDIR\)/);
    expect(() => atomicWrite(join(folder, "directory"), "x")).toThrow(RunError);
    expect(readdirSync(folder).sort()).toEqual(["directory", "file"]);
  });

  it("does without flushing the directory where the system refuses that, but not when the disk fails", () => {
    const refuse = (code: string) =>
      vi
        .mocked(fs.fsyncSync)
        .mockImplementationOnce(() => {})
        .mockImplementationOnce(failing(code));
    refuse("EINVAL");
    atomicWrite(join(folder, "a.bin"), "x");
    refuse("EIO");
    expect(() => atomicWrite(join(folder, "a.bin"), "y")).toThrow(/could not be made durable: .* \(EIO\)/);
  });

  it("knows the leftovers of a process that was killed", () => {
    vi.mocked(fs.writeFileSync).mockImplementationOnce(failing("EKILLED"));
    vi.mocked(fs.rmSync).mockImplementationOnce(() => {});
    expect(() => atomicWrite(join(folder, "a.bin"), "x")).toThrow(RunError);
    expect(readdirSync(folder).map(isLeftover)).toEqual([true]);
    expect(["a.bin", ".hidden", "a.tmp"].map(isLeftover)).toEqual([false, false, false]);
  });
});
