/**
 * The directory of one run: `config.json`, `metrics.jsonl`, `checkpoints/step-000000020000.safetensors`, and whatever else
 * a writer puts beside them. Everything but the metrics is replaced atomically, so the last complete checkpoint always loads.
 */

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfigError, FormatError } from "../errors.ts";
import { atomicWrite, isLeftover } from "./atomic-write.ts";
import { MetricsLog } from "./metrics-log.ts";
import { acquireRunLock, type RunLock } from "./run-lock.ts";
import { systemCode, systemFailure } from "./system-failure.ts";

const CONFIG = "config.json";
const METRICS = "metrics.jsonl";
const INSPECTION = "inspection.jsonl";
const CHECKPOINTS = "checkpoints";
const CHECKPOINT_NAME = /^step-([0-9]{12,})\.safetensors$/;

/** The three fields of a run's configuration that name its directory. */
export interface RunName {
  readonly algorithm: string;
  readonly env: string;
  readonly seed: number | string;
}

/** A checkpoint that was read, and the newer ones that could not be, with the reasons. */
export interface LoadedCheckpoint<T> {
  readonly path: string;
  /** Environment steps done when it was saved. */
  readonly step: number;
  readonly checkpoint: T;
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

/** A run on disk. Reading needs no lock; `create` and `resume` take it, and only with it may anything be written. */
export class RunDirectory {
  /** As the user gave it, relative paths staying relative: it appears in messages and commands. */
  readonly path: string;
  readonly metrics: MetricsLog;
  /** What was seen of the run, where somebody looked. */
  readonly inspection: MetricsLog;
  private lock: RunLock | undefined;

  private constructor(path: string) {
    this.path = path;
    this.metrics = new MetricsLog(join(path, METRICS));
    this.inspection = new MetricsLog(join(path, INSPECTION));
  }

  /**
   * Starts a run in a directory that is new, or at least holds no run.
   * @param config the run's configuration, one JSON value
   * @throws ConfigError if a run is there already, RunError if the disk refuses.
   */
  static create(path: string, config: unknown): RunDirectory {
    make(path);
    const run = new RunDirectory(path);
    run.lock = acquireRunLock(path);
    try {
      if (existsSync(join(path, CONFIG))) {
        const fix = `Choose another directory, or go on with that run by --resume ${path}.`;
        throw new ConfigError({ field: "run directory", value: path, allowed: "one that holds no run yet", fix });
      }
      make(join(path, CHECKPOINTS));
      atomicWrite(join(path, CONFIG), `${JSON.stringify(config, null, 2)}\n`);
    } catch (error) {
      run.close();
      throw error;
    }
    return run;
  }

  /** Starts a run in `root/<algorithm>-<env>-<seed>`, or with -2, -3, … after it where that exists: nothing is overwritten. */
  static createDefault(config: RunName, root = "runs"): RunDirectory {
    return RunDirectory.create(RunDirectory.freePath(config, root), config);
  }

  /** Makes an empty directory of that name, and returns its path. */
  static freePath(run: RunName, root = "runs"): string {
    RunDirectory.make(root);
    const env = run.env.replace(/^.*[\\/]/, "").replace(/\.[cm]?[jt]s(?=#|$)/, ""); // of a file, what names it
    const name = [run.algorithm, env, run.seed].join("-").replace(/[^A-Za-z0-9._-]+/g, "-");
    const base = join(root, name.replace(/^[.-]+/, ""));
    for (let n = 1; ; n++) {
      const path = n === 1 ? base : `${base}-${n}`;
      try {
        mkdirSync(path);
        return path;
      } catch (error) {
        if (systemCode(error) !== "EEXIST") throw systemFailure(path, "created", error);
      }
    }
  }

  /** Makes a directory and those above it, where they are not there. @throws RunError if the disk refuses */
  static make(path: string): void {
    make(path);
  }

  /**
   * Opens a run for reading, also while another process writes it.
   * @throws ConfigError if no run is there.
   */
  static open(path: string): RunDirectory {
    if (!existsSync(join(path, CONFIG))) {
      const allowed = `a directory that holds a run (${CONFIG} is missing)`;
      throw new ConfigError({ field: "run directory", value: path, allowed });
    }
    return new RunDirectory(path);
  }

  /**
   * Opens a run to go on with it, and removes the traces of a crash. Call `rewind` before writing.
   * @throws ConfigError if no run is there, RunError if another process writes it.
   */
  static resume(path: string): RunDirectory {
    const run = RunDirectory.open(path);
    run.lock = acquireRunLock(path);
    make(run.checkpoints);
    for (const directory of [path, run.checkpoints]) {
      for (const name of readdirSync(directory).filter(isLeftover)) rmSync(join(directory, name), { force: true });
    }
    return run;
  }

  /**
   * The run's configuration.
   * @throws FormatError if the file is no JSON.
   */
  config(): unknown {
    const path = join(this.path, CONFIG);
    const text = read(path);
    try {
      return JSON.parse(text.toString("utf8"));
    } catch (error) {
      throw new FormatError({ field: path, allowed: `JSON (${(error as Error).message})` }, { cause: error });
    }
  }

  /**
   * Saves a checkpoint, then removes all but the `keepLast` newest up to it.
   * @returns the file's path
   * @throws RunError if the disk refuses; the checkpoints before it are then all still there.
   */
  saveCheckpoint(step: number, bytes: Uint8Array, keepLast = 3): string {
    this.mustHoldLock();
    this.metrics.flush();
    this.inspection.flush();
    const path = join(this.checkpoints, `step-${String(step).padStart(12, "0")}.safetensors`);
    atomicWrite(path, bytes);
    const older = this.listCheckpoints().filter((other) => other.step <= step);
    for (const { path } of older.slice(Math.max(1, keepLast))) rmSync(path, { force: true });
    return path;
  }

  /**
   * The newest checkpoint that `read` accepts, or undefined where none was saved yet.
   * @param read turns the file's bytes into whatever the caller needs; a FormatError from it means a torn or damaged file,
   * which is skipped. Any other error is passed on.
   * @throws FormatError if there are checkpoints but every one was refused.
   */
  latestCheckpoint<T>(read: (bytes: Uint8Array, path: string) => T): LoadedCheckpoint<T> | undefined {
    const skipped: { path: string; reason: string }[] = [];
    for (const { path, step } of this.listCheckpoints()) {
      const bytes = readIfThere(path);
      if (!bytes) continue;
      try {
        return { path, step, checkpoint: read(bytes, path), skipped };
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        skipped.push({ path, reason: error.message });
      }
    }
    if (skipped.length === 0) return undefined;
    throw new FormatError(
      `none of the ${skipped.length} checkpoints in ${this.path} can be read: ${skipped[0]!.reason}`,
    );
  }

  /** All checkpoint files, newest first, whether or not they can be read. */
  listCheckpoints(): { path: string; step: number }[] {
    return namesIn(this.checkpoints)
      .map((name) => ({
        path: join(this.checkpoints, name),
        step: Number(CHECKPOINT_NAME.exec(name)?.[1] ?? Number.NaN),
      }))
      .filter(({ step }) => Number.isSafeInteger(step))
      .sort((a, b) => b.step - a.step);
  }

  /** Takes the run back to `step`: metrics, what was seen, and (torn) checkpoints after it go, so that going on writes each of them once. */
  rewind(step: number): void {
    this.mustHoldLock();
    this.metrics.truncate(step);
    this.inspection.truncate(step);
    for (const { path } of this.listCheckpoints().filter((checkpoint) => checkpoint.step > step)) rmSync(path);
  }

  /** Releases the lock and closes what is open. The run may be opened again. */
  close(): void {
    this.metrics.close();
    this.inspection.close();
    this.lock?.release();
    this.lock = undefined;
  }

  private get checkpoints(): string {
    return join(this.path, CHECKPOINTS);
  }

  private mustHoldLock(): void {
    if (!this.lock)
      throw new ConfigError(`${this.path} was opened for reading. Open it with RunDirectory.resume to write.`);
  }
}

/** Makes a directory and those above it. Not by `recursive`: where a file system takes no names, as /proc, that never ends. */
function make(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === "EEXIST" && statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
    if (code !== "ENOENT" || existsSync(dirname(path))) throw systemFailure(path, "created", error);
    make(dirname(path));
    make(path);
  }
}

/** The names in a directory, none where it is not there. */
function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw systemFailure(path, "read", error);
  }
}

function read(path: string): Buffer {
  const bytes = readIfThere(path);
  if (!bytes) throw new ConfigError({ field: "file", value: path, allowed: "one that exists" });
  return bytes;
}

/** The file, or undefined where it is not there: the process that writes the run may just have removed it. */
function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw systemFailure(path, "read", error);
  }
}
