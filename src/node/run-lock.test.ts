import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RunError } from "../errors.ts";
import { acquireRunLock, LOCK_FILE } from "./run-lock.ts";

describe("acquireRunLock", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "limpid-lock-"));
    path = join(folder, LOCK_FILE);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const owner = (fields: object) =>
    writeFileSync(path, JSON.stringify({ token: "t", host: hostname(), pid: 1, start: "", ...fields }));

  it("is held by one, and given back", () => {
    const lock = acquireRunLock(folder);
    expect(() => acquireRunLock(folder)).toThrow(RunError);
    expect(() => acquireRunLock(folder)).toThrow(`${folder} is being written by process ${process.pid}. Wait until`);
    lock.release();
    expect(existsSync(path)).toBe(false);
    acquireRunLock(folder).release();
  });

  it("is not released by one that has lost it", () => {
    const lost = acquireRunLock(folder);
    rmSync(path);
    const lock = acquireRunLock(folder);
    lost.release();
    expect(() => acquireRunLock(folder)).toThrow(RunError);
    lock.release();
  });

  it("of a living process is respected, of a dead one taken over", async () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    await once(child, "spawn");
    owner({ pid: child.pid });
    expect(() => acquireRunLock(folder)).toThrow(`process ${child.pid}`);
    child.kill("SIGKILL");
    await once(child, "exit");
    const lock = acquireRunLock(folder);
    expect(JSON.parse(readFileSync(path, "utf8")).pid).toBe(process.pid);
    expect(readdirSync(folder)).toEqual([LOCK_FILE]);
    lock.release();
  });

  it.runIf(process.platform === "linux")("of a dead process whose number lives again is taken over", () => {
    owner({ pid: process.pid, start: "another boot:12345" });
    acquireRunLock(folder).release();
  });

  it("of another machine is respected, for nothing can be known about it", () => {
    owner({ host: "elsewhere", pid: 999_999_999 });
    expect(() => acquireRunLock(folder)).toThrow(
      /by process 999999999 on elsewhere\. .* or remove .*run\.lock if you are sure/,
    );
  });

  it("without a name is respected while its owner may be writing it, and taken over later", () => {
    writeFileSync(path, "");
    const now = Date.now() / 1000;
    utimesSync(path, now + 3600, now + 3600);
    expect(() => acquireRunLock(folder)).toThrow(/by another process/);
    utimesSync(path, now - 3600, now - 3600);
    acquireRunLock(folder).release();
  });

  it("fails in one sentence where the directory cannot be written", () => {
    expect(() => acquireRunLock(join(folder, "none"))).toThrow(/run\.lock could not be created: there is no such file/);
  });
});
