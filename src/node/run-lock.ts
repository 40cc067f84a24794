/**
 * A lock file, so that two processes never write the same run. Node has no `flock`, so the file names its owner, and a file
 * whose owner no longer lives counts for nothing: a run that was killed can be resumed at once.
 */

import { randomUUID } from "node:crypto";
import { closeSync, linkSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { RunError } from "../errors.ts";
import { temporaryName } from "./atomic-write.ts";
import { systemCode, systemFailure } from "./system-failure.ts";

export const LOCK_FILE = "run.lock";

/** An owner writes its name within microseconds; an empty file older than this was left by a power cut. */
const WRITING_MS = 5_000;

interface Owner {
  /** Distinguishes owners that are alike in everything else. */
  readonly token: string;
  readonly host: string;
  readonly pid: number;
  /** Tells a process from a later one with the same number; empty where the system does not say. */
  readonly start: string;
}

/** A lock that this process holds; `release` gives it back, and does nothing the second time. */
export interface RunLock {
  release(): void;
}

/**
 * Takes the lock of the run in `directory`.
 * @throws RunError if a living process holds it, or one on another machine, of which nothing can be known from here.
 */
export function acquireRunLock(directory: string): RunLock {
  const path = join(directory, LOCK_FILE);
  const owner: Owner = { token: randomUUID(), host: hostname(), pid: process.pid, start: startOf(process.pid) ?? "" };
  for (;;) {
    if (create(path, JSON.stringify(owner))) break;
    const content = read(path);
    if (content === undefined) continue; // released in between
    if (!isStale(path, content)) throw heldBy(directory, path, content);
    remove(path, content);
  }
  return {
    release: () => {
      if (parse(read(path))?.token === owner.token) rmSync(path, { force: true });
    },
  };
}

/** Gives back the lock that a thread of this process took, and could not give back itself. */
export function releaseOwnLock(directory: string): void {
  const path = join(directory, LOCK_FILE);
  const owner = parse(read(path));
  if (owner?.pid === process.pid && owner.host === hostname()) rmSync(path, { force: true });
}

/** Whether the file could be created with this content; false where it exists. */
function create(path: string, content: string): boolean {
  try {
    const file = openSync(path, "wx");
    try {
      writeFileSync(file, content);
    } finally {
      closeSync(file);
    }
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw systemFailure(path, "created", error);
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw systemFailure(path, "read", error);
  }
}

function parse(content: string | undefined): Owner | undefined {
  try {
    const { token, host, pid, start } = JSON.parse(content ?? "");
    if (typeof token !== "string" || typeof host !== "string" || !Number.isSafeInteger(pid)) return undefined;
    return { token, host, pid, start: typeof start === "string" ? start : "" };
  } catch {
    return undefined;
  }
}

function isStale(path: string, content: string): boolean {
  const owner = parse(content);
  if (!owner) {
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    return age > WRITING_MS;
  }
  if (owner.host !== hostname()) return false;
  const start = startOf(owner.pid);
  return start === undefined || (owner.start !== "" && start !== "" && start !== owner.start);
}

/**
 * Removes a stale lock, and only that one: two processes may find it at once, and the slower must not remove the lock that
 * the faster has put in its place. What was moved away is therefore looked at again, and put back if it is not stale.
 */
function remove(path: string, content: string): void {
  const moved = temporaryName(path);
  try {
    renameSync(path, moved);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return;
    throw systemFailure(path, "replaced", error);
  }
  if (read(moved) !== content) {
    try {
      linkSync(moved, path);
    } catch (error) {
      if (systemCode(error) !== "EEXIST") throw systemFailure(path, "put back", error);
    }
  }
  rmSync(moved, { force: true });
}

/** Undefined if no such process lives, otherwise what tells it from others that had or will have its number. */
function startOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (systemCode(error) === "ESRCH") return undefined;
  }
  try {
    // proc(5): the 2nd field may contain spaces and ends with the last parenthesis, the 3rd is the state (Z has ended), the
    // 22nd the start time since boot.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").pop()!.split(" ");
    if (fields[0] === "Z") return undefined;
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}:${fields[19]}`;
  } catch {
    return "";
  }
}

function heldBy(directory: string, path: string, content: string): RunError {
  const owner = parse(content);
  const who = owner ? `process ${owner.pid}${owner.host === hostname() ? "" : ` on ${owner.host}`}` : "another process";
  return new RunError(
    `${directory} is being written by ${who}. Wait until it ends, or remove ${path} if you are sure that it no longer runs.`,
  );
}
