/** A run and the directory that keeps it: new, or one to go on with. */

import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { algorithms } from "../algorithms/registry.ts";
import type { Dataset } from "../data/index.ts";
import { type AnyEnv, envIds } from "../envs/index.ts";
import { oneOfTheIds } from "../envs/registry.ts";
import { ConfigError, FormatError } from "../errors.ts";
import { atomicWrite, isLeftover } from "../node/atomic-write.ts";
import { loadDataset } from "../node/dataset-file.ts";
import { type LoadedCheckpoint, RunDirectory } from "../node/run-directory.ts";
import { findAlgorithm } from "../training/config.ts";
import { parseConfig, presetFor, type ResolvedConfig, type Run, resumeRun, train } from "../training/index.ts";
import { InspectionLog, type InspectionOptions } from "./inspection-log.ts";
import { commandLine, readAssignments, readNumber } from "./options.ts";
import { chooseEnv, envOfRun } from "./own-env.ts";

export interface SessionOptions extends InspectionOptions {
  readonly steps?: string;
  readonly seed?: string;
  readonly out?: string;
  readonly set?: readonly string[];
  readonly resume?: string;
  readonly dataset?: string;
  readonly envModule?: string;
}

export interface Session {
  readonly run: Run;
  /** Locked for writing; to be closed. */
  readonly directory: RunDirectory;
  readonly makeEnv?: () => AnyEnv;
  /** Options that name the user's environment once more. */
  readonly moduleOptions: readonly string[];
  /** What is seen of it, where somebody looks. */
  readonly inspection?: InspectionLog | undefined;
  /** Step from which an existing run goes on. */
  readonly resumedAt?: number;
  /** Whether tuned hyperparameters are in use. */
  readonly preset: boolean;
  /** What the user should know about the run's directory. */
  readonly notes: readonly string[];
}

/** @throws ConfigError, before anything is written, for what the user gave wrong */
export async function openSession(
  algorithm: string | undefined,
  env: string | undefined,
  options: SessionOptions,
): Promise<Session> {
  const { resume, out } = options;
  if (resume !== undefined) return resumedSession(resume, await readGiven(algorithm, env, options), options);
  const { run, ...rest } = await prepareRun(algorithm, env, options);
  if (out !== undefined) requireFree(out);
  const directory = out === undefined ? RunDirectory.createDefault(run.config) : RunDirectory.create(out, run.config);
  return { run, directory, ...rest, notes: [] };
}

/** A new run, of which nothing is written yet. @throws ConfigError for what the user gave wrong */
export async function prepareRun(
  algorithm: string | undefined,
  env: string | undefined,
  options: SessionOptions,
): Promise<Omit<Session, "directory" | "notes" | "resumedAt">> {
  const given = await readGiven(algorithm, env, options);
  const { name, makeEnv } = await chooseEnv(given.env as string | undefined, options.envModule);
  if (name === undefined) {
    findAlgorithm(given.algorithm);
    const allowed = `given: ${oneOfTheIds()}, or a file of your own such as ./my-env.ts`;
    throw new ConfigError({ field: "env", allowed });
  }
  const dataset = datasetFor(given.algorithm, given.dataset);
  const input = { ...given, algorithm: given.algorithm as string, env: name };
  const { steps } = parseConfig(input, { customEnv: makeEnv !== undefined });
  const inspection = InspectionLog.for(steps, options);
  const run = train(input, { makeEnv, dataset, listener: inspection?.microscope });
  const preset = given.preset === undefined && Object.keys(presetFor(run.config.algorithm, run.config.env)).length > 0;
  return { run, makeEnv, moduleOptions: makeEnv ? ["--env-module", name] : [], preset, inspection };
}

/** What is in the file of a run that learns from a dataset; whatever else is wrong with it is found later. */
function datasetFor(algorithm: unknown, file: unknown): Dataset | undefined {
  if (typeof algorithm !== "string" || !Object.hasOwn(algorithms, algorithm)) return undefined;
  const { needs, accepts } = algorithms[algorithm]!;
  const isWanted = needs === "dataset" || accepts === "dataset";
  return isWanted && typeof file === "string" ? loadDataset(file) : undefined;
}

/** The fields of a configuration that were given, as arguments, options or assignments. */
async function readGiven(
  algorithm: string | undefined,
  env: string | undefined,
  options: SessionOptions,
): Promise<Record<string, unknown>> {
  await requirePlaces(algorithm, env);
  const assigned = readAssignments(options.set);
  const direct = withoutUndefined({
    algorithm,
    env,
    steps: options.steps === undefined ? undefined : readNumber(options.steps),
    seed: options.seed === undefined ? undefined : readNumber(options.seed),
    dataset: options.dataset,
  });
  for (const [field, value] of Object.entries(direct)) {
    if (!Object.hasOwn(assigned, field) || assigned[field] === value) continue;
    const allowed = `left out of --set, since ${JSON.stringify(value)} is given for it already`;
    throw new ConfigError({ field, value: assigned[field], allowed });
  }
  return { ...assigned, ...direct };
}

/** Refuses arguments that stand in the place of another. */
async function requirePlaces(algorithm: string | undefined, env: string | undefined): Promise<void> {
  const assignment = [algorithm, env].find((argument) => argument && /^\w+=/.test(argument));
  if (assignment !== undefined) {
    const allowed = `given with --set of its own: --set ${assignment}`;
    throw new ConfigError({ field: assignment.replace(/=.*/s, ""), allowed });
  }
  const { isEnvModule } = await import("../node/env-module.ts");
  if (algorithm === undefined || !(envIds().includes(algorithm) || isEnvModule(algorithm))) return;
  const isExchanged = env !== undefined && Object.hasOwn(algorithms, env);
  const fix = `It stands before the environment: ${commandLine("train", isExchanged ? env : "ppo", algorithm)}.`;
  throw new ConfigError({ field: "algorithm", value: algorithm, allowed: "the name of an algorithm", fix });
}

async function resumedSession(path: string, given: Record<string, unknown>, options: SessionOptions): Promise<Session> {
  if (options.out !== undefined) {
    throw new ConfigError({
      field: "--out",
      value: options.out,
      allowed: "left out with --resume, which writes there",
    });
  }
  const before = configOf(RunDirectory.open(path));
  // The dataset may have moved; what is in it is compared by its digest.
  const { steps, dataset: moved, ...fixed } = given;
  requireUnchanged("dataset" in before ? fixed : { ...fixed, ...withoutUndefined({ dataset: moved }) }, before);
  const dataset = datasetFor(before.algorithm, moved ?? before.dataset);
  const { makeEnv } = await envOfRun(before.env, options.envModule);
  const config = parseConfig(
    { ...before, ...(steps !== undefined && { steps }) },
    { customEnv: makeEnv !== undefined },
  );

  const inspection = InspectionLog.for(config.steps, options);
  const listener = inspection?.microscope;
  const directory = RunDirectory.resume(path);
  try {
    const latest = directory.latestCheckpoint((bytes) => {
      const run = resumeRun(bytes, { steps: config.steps, makeEnv, dataset, listener });
      requireMadeFrom(config, run.config, path);
      return run;
    });
    const run = latest?.checkpoint ?? train(config, { makeEnv, dataset, listener });
    if (config.steps !== before.steps && run.done) {
      throw new ConfigError({
        field: "steps",
        value: steps,
        allowed: `more than the ${run.step} that the run has done`,
      });
    }
    directory.rewind(run.step);
    if (config.steps !== before.steps) atomicWrite(join(path, "config.json"), `${JSON.stringify(config, null, 2)}\n`);
    const moduleOptions = options.envModule === undefined ? [] : ["--env-module", options.envModule];
    const notes = latest ? skippedNotes(latest) : ["It has no checkpoint, so it begins anew."];
    return { run, directory, makeEnv, moduleOptions, resumedAt: run.step, preset: false, notes, inspection };
  } catch (error) {
    directory.close();
    throw error;
  }
}

/** The command that goes on with a session's run. */
export function resumeCommand({ directory, moduleOptions }: Session, ...options: readonly string[]): string {
  return commandLine("train", "--resume", directory.path, ...options, ...moduleOptions);
}

/** The configuration that a run's directory names. @throws FormatError that names the file, which somebody may have edited */
function configOf(directory: RunDirectory): ResolvedConfig {
  const config = directory.config();
  try {
    return parseConfig(config, { customEnv: true });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new FormatError(`${join(directory.path, "config.json")} cannot be used: ${error.message}`, { cause: error });
  }
}

/** Refuses a checkpoint of another run, and any where config.json was edited: it would not say what the run is. */
function requireMadeFrom(config: ResolvedConfig, made: ResolvedConfig, path: string): void {
  for (const [field, value] of Object.entries(made)) {
    const [then, now] = [JSON.stringify(value), JSON.stringify(config[field])];
    if (then === now) continue;
    const file = join(path, "config.json");
    throw new FormatError(`it was made with ${field} ${then}, where ${file} says ${now}; a run goes on as it began`);
  }
}

/** A line for each newer checkpoint that could not be read. */
export function skippedNotes(latest: LoadedCheckpoint<unknown>): string[] {
  return latest.skipped.map(({ path, reason }) => `Passed over ${path}: ${reason.replace(/\.$/, "")}.`);
}

/** A resumed run stays what it was: only its number of steps may change. */
function requireUnchanged(given: Record<string, unknown>, before: ResolvedConfig): void {
  for (const [field, value] of Object.entries(given)) {
    if (JSON.stringify(value) === JSON.stringify(before[field])) continue;
    const same =
      field in before ? ` or ${JSON.stringify(before[field])}, as in the run that is resumed` : " with --resume";
    const allowed = `left out${same}`;
    throw new ConfigError({ field, value, allowed, fix: "Only steps may change; start a new run for anything else." });
  }
}

/** Refuses an `--out` that holds something already. */
export function requireFree(path: string): void {
  if (path === "") throw new ConfigError({ field: "--out", value: path, allowed: "a directory, new or empty" });
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) {
    throw new ConfigError({ field: "--out", value: path, allowed: "a directory, new or empty" });
  }
  // What a run leaves that was killed before it had begun does not count.
  const names = readdirSync(path).filter((name) => name !== "run.lock" && name !== "checkpoints" && !isLeftover(name));
  const checkpoints = existsSync(join(path, "checkpoints")) ? readdirSync(join(path, "checkpoints")) : [];
  if (names.length + checkpoints.length === 0) return;
  const fix = existsSync(join(path, "config.json"))
    ? `To go on with the run in it, use --resume ${path}.`
    : "Choose another directory.";
  throw new ConfigError({ field: "--out", value: path, allowed: "a directory that is new or empty", fix });
}

function withoutUndefined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
