/** The directory of several seeds' runs: `seeds.json`, `seed-0/`, `seed-1/`, … and at the end `summary.json`. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError, FormatError } from "../errors.ts";
import { atomicWrite } from "../node/atomic-write.ts";
import { RunDirectory } from "../node/run-directory.ts";
import { GROUP_FILE } from "./group-file.ts";
import type { TrainCommandOptions } from "./messages.ts";
import { readInteger } from "./options.ts";
import { prepareRun, requireFree } from "./session.ts";

export interface Group {
  readonly algorithm: string | undefined;
  readonly env: string | undefined;
  readonly seeds: readonly number[];
  readonly options: TrainCommandOptions;
}

export interface OpenGroup {
  readonly path: string;
  readonly group: Group;
}

/** A new group. @throws ConfigError for what the user gave wrong, before anything is written */
export async function beginGroup(
  algorithm: string | undefined,
  env: string | undefined,
  options: TrainCommandOptions,
): Promise<OpenGroup> {
  const { out, seeds: amount, seed, workers: _, json: __, ...rest } = options;
  const first = readInteger("seed", seed ?? "0", 0);
  const seeds = Array.from({ length: readInteger("seeds", amount ?? "1", 1) }, (_, i) => first + i);
  // Whatever is wrong is found here, once and before anything is written.
  const { run, makeEnv } = await prepareRun(algorithm, env, { ...rest, seed });
  const { config } = run;
  if (out !== undefined) requireFree(out);
  const span = `${seeds[0]}-to-${seeds.at(-1)}`;
  const path = out ?? RunDirectory.freePath({ ...config, seed: `seeds-${span}` });
  const group: Group = makeEnv
    ? { algorithm, env: undefined, seeds, options: { ...rest, envModule: config.env } }
    : { algorithm, env, seeds, options: rest };
  RunDirectory.make(path);
  atomicWrite(join(path, GROUP_FILE), `${JSON.stringify(group, null, 2)}\n`);
  return { path, group };
}

/** A group that was begun before. @throws ConfigError for options that it cannot take over */
export function resumeGroup({ resume, envModule, steps, dataset, ...others }: TrainCommandOptions): OpenGroup {
  const path = resume!;
  for (const field of ["out", "seed", "seeds", "set"] as const) {
    if (others[field] === undefined) continue;
    throw new ConfigError({ field: `--${field}`, value: others[field], allowed: "left out with --resume" });
  }
  let group: Group;
  try {
    group = JSON.parse(readFileSync(join(path, GROUP_FILE), "utf8"));
  } catch (cause) {
    throw new FormatError({ field: join(path, GROUP_FILE), allowed: "JSON" }, { cause });
  }
  const isWhole =
    Array.isArray(group?.seeds) && group.seeds.every(Number.isSafeInteger) && typeof group.options === "object";
  if (!isWhole)
    throw new FormatError({ field: join(path, GROUP_FILE), value: group, allowed: "what limpid wrote there" });
  // A file of the user's is loaded only where it is named anew.
  const { envModule: named, ...kept } = group.options;
  if (named !== undefined && envModule === undefined) {
    throw new ConfigError(
      `these runs were made with an environment of their own, which is not loaded unasked: give --env-module ${named}.`,
    );
  }
  const given = { ...(steps !== undefined && { steps }), ...(dataset !== undefined && { dataset }) };
  return { path, group: { ...group, options: { ...kept, envModule, ...given } } };
}
