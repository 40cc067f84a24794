/** Policies that were trained before. */

import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ConfigError, FormatError } from "../errors.ts";
import { RunDirectory } from "../node/run-directory.ts";
import { systemFailure } from "../node/system-failure.ts";
import { type LoadedPolicy, openPolicy } from "../training/index.ts";
import { isGroup } from "./group-file.ts";
import type { Output } from "./output.ts";
import { skippedNotes } from "./session.ts";

/** The newest policy of a run, or that of one checkpoint. */
export function loadSavedPolicy(path: string, output: Output): LoadedPolicy {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (!entry) throw new ConfigError({ field: "run", value: path, allowed: "an existing run directory or checkpoint" });
  if (entry.isFile()) return readFile(path);
  if (isGroup(path)) {
    const allowed = `one run; this directory holds several, ${join(path, "seed-…")}`;
    throw new ConfigError({ field: "run", value: path, allowed });
  }
  if (!entry.isDirectory()) throw new ConfigError({ field: "run", value: path, allowed: "a run directory or a file" });
  const latest = RunDirectory.open(path).latestCheckpoint((bytes) => openPolicy(bytes));
  for (const note of latest ? skippedNotes(latest) : []) output.say(note);
  if (latest) return latest.checkpoint;
  throw new ConfigError({ field: "run", value: path, allowed: "a run that has saved a checkpoint" });
}

function readFile(path: string): LoadedPolicy {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw systemFailure(path, "read", error);
  }
  try {
    return openPolicy(bytes);
  } catch (error) {
    if (error instanceof FormatError)
      throw new FormatError(`${path} is no whole checkpoint: ${error.message}`, { cause: error });
    throw error;
  }
}
