/**
 * Replacing a file so that a crash, a full disk or a power cut at any moment leaves either the old file or the new one, whole.
 */

import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { systemCode, systemFailure } from "./system-failure.ts";

const SUFFIX = ".tmp";

/**
 * Writes `bytes` to `path`: a temporary file in the same directory (a rename is atomic only within one file system), fsync (the data must
 * be on disk before its name is), rename, and fsync of the directory (so that the rename itself survives a power cut).
 *
 * @throws RunError in one sentence; the temporary file is then gone and what `path` held before is untouched.
 */
export function atomicWrite(path: string, bytes: Uint8Array | string): void {
  const temporary = temporaryName(path);
  try {
    const file = openSync(temporary, "wx");
    try {
      writeFileSync(file, bytes);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    discard(temporary);
    throw systemFailure(path, "written", error);
  }
  syncDirectory(dirname(path));
}

/** A name beside `path` that nobody else uses and that `isLeftover` knows. */
export function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomUUID()}${SUFFIX}`);
}

/** Whether a file's name is that of a write that was cut short; such a file may be removed. */
export function isLeftover(name: string): boolean {
  return name.startsWith(".") && name.endsWith(SUFFIX);
}

/** Removes a file as well as it can: a second refusal must not hide the first. */
function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The leftover keeps a name that isLeftover knows.
  }
}

/** Makes the names in a directory durable where the system offers that: Windows and some network disks refuse the call. */
function syncDirectory(path: string): void {
  try {
    const directory = openSync(path, "r");
    try {
      fsyncSync(directory);
    } finally {
      closeSync(directory);
    }
  } catch (error) {
    const notOffered = ["EISDIR", "EPERM", "EACCES", "EINVAL", "ENOTSUP", "ENOSYS"];
    if (!notOffered.includes(systemCode(error) ?? "")) throw systemFailure(path, "made durable", error);
  }
}
