/** `limpid doctor`: what may keep an agent from learning, the most likely cause first. */

import { existsSync, readFileSync, statSync } from "node:fs";
import type { Metrics } from "../algorithms/index.ts";
import { algorithms } from "../algorithms/registry.ts";
import { type DoctorSubject, examine, renderExamination } from "../doctor/index.ts";
import { ConfigError, FormatError } from "../errors.ts";
import type { InspectionRecord } from "../inspection/index.ts";
import { RunDirectory } from "../node/run-directory.ts";
import { systemFailure } from "../node/system-failure.ts";
import type { RunInput } from "../training/index.ts";
import { isGroup } from "./group-file.ts";
import { commandLine, readAssignments, readInteger } from "./options.ts";
import { Output } from "./output.ts";
import { chooseEnv, envOfRun } from "./own-env.ts";

export interface DoctorCommandOptions {
  readonly set?: readonly string[];
  readonly seed?: string;
  readonly envModule?: string;
  readonly json?: boolean;
}

/** @returns 1 where something was found */
export async function doctorCommand(words: readonly string[], options: DoctorCommandOptions): Promise<number> {
  const output = new Output(options.json);
  const subject = await subjectOf(words, options);
  const examination = examine(subject);
  output.say(renderExamination(examination, (command) => commandLine(...command)));
  output.result(examination);
  return examination.diagnoses.length > 0 ? 1 : 0;
}

/** @throws ConfigError where the words name nothing that can be examined */
async function subjectOf(
  words: readonly string[],
  { set, seed, envModule }: DoctorCommandOptions,
): Promise<DoctorSubject> {
  const isAssignment = (word: string) => /^\w+=/.test(word) && !existsSync(word);
  const changes = readAssignments([...words.filter(isAssignment), ...(set ?? [])]);
  const [first, second, ...others] = words.filter((word) => !isAssignment(word));
  if (others.length > 0) throw new ConfigError({ field: "what to examine", value: others[0], allowed: WHAT });
  const given = withSeed(changes, seed);
  const module = envModule === undefined ? [] : ["--env-module", envModule];
  const again = ["doctor", ...words, ...(set ?? []).flatMap((one) => ["--set", one]), ...module];
  if (seed !== undefined) again.push("--seed", seed);

  if (first !== undefined && Object.hasOwn(algorithms, first)) {
    const { name, makeEnv } = await chooseEnv(second, envModule);
    if (name === undefined)
      throw new ConfigError({ field: "env", allowed: `given behind ${first}: a registered id, or a file of your own` });
    return { run: { ...given, algorithm: first, env: name }, makeEnv, again };
  }
  if (second !== undefined) {
    const known = Object.keys(algorithms).join(", ");
    throw new ConfigError({
      field: "algorithm",
      value: first,
      allowed: `one of ${known}, where an environment follows`,
    });
  }
  const stored = first === undefined ? undefined : storedRun(first);
  if (stored !== undefined) {
    const { makeEnv } = await envOfRun(String(stored.run!.env), envModule);
    const isChanged = Object.keys(given).length > 0;
    // What was measured is of the run as it was.
    const run = { ...stored.run!, ...given };
    return isChanged ? { run, makeEnv, again } : { ...stored, run, makeEnv, again };
  }
  const { name, makeEnv } = await chooseEnv(first, envModule);
  if (name === undefined) throw new ConfigError({ field: "what to examine", allowed: `given: ${WHAT}` });
  if (set !== undefined || words.some(isAssignment)) {
    const allowed = "left out where an environment alone is examined; name an algorithm before it";
    throw new ConfigError({ field: Object.keys(changes)[0]!, allowed });
  }
  return { env: name, makeEnv, again, ...(seed !== undefined && { seed: readInteger("seed", seed, 0) }) };
}

const WHAT =
  "a run's directory; a file with a configuration (.json); an environment; or an algorithm, an environment and name=value …";

/** A run's directory or the file of a configuration; undefined for anything else. */
function storedRun(path: string): Pick<DoctorSubject, "run" | "metrics" | "records"> | undefined {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry?.isDirectory()) {
    if (isGroup(path))
      throw new ConfigError({ field: "run", value: path, allowed: "one run; this directory holds several" });
    const directory = RunDirectory.open(path);
    const records = directory.inspection.rows() as unknown as InspectionRecord[];
    const metrics = directory.metrics.rows().map(numbersOf);
    return {
      run: asRun(path, directory.config()),
      ...(metrics.length > 0 && { metrics }),
      ...(records.length > 0 && { records }),
    };
  }
  if (!path.endsWith(".json")) return undefined;
  if (!entry) throw new ConfigError({ field: "config", value: path, allowed: "a file that exists" });
  return { run: asRun(path, readJson(path)) };
}

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw systemFailure(path, "read", error);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FormatError({ field: path, allowed: `JSON (${(error as Error).message})` }, { cause: error });
  }
}

function asRun(path: string, config: unknown): RunInput {
  if (typeof config === "object" && config !== null && "algorithm" in config && "env" in config)
    return config as RunInput;
  throw new FormatError({ field: path, allowed: "the configuration of a run, with algorithm and env" });
}

function numbersOf(row: Readonly<Record<string, unknown>>): Metrics {
  return Object.fromEntries(
    Object.entries(row).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );
}

function withSeed(changes: Record<string, unknown>, seed: string | undefined): Record<string, unknown> {
  return seed === undefined ? changes : { ...changes, seed: readInteger("seed", seed, 0) };
}
