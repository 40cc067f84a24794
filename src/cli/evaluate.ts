/** `limpid evaluate`: how good a trained policy is. */

import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { evaluationEnv } from "../envs/index.ts";
import { ConfigError, FormatError } from "../errors.ts";
import { RunDirectory } from "../node/run-directory.ts";
import { systemFailure } from "../node/system-failure.ts";
import { evaluate, type LoadedPolicy, openPolicy } from "../training/index.ts";
import { count, rewards } from "./format.ts";
import { isGroup } from "./group-file.ts";
import { readInteger } from "./options.ts";
import { Output } from "./output.ts";
import { envOfRun } from "./own-env.ts";
import { skippedNotes } from "./session.ts";

export interface EvaluateCommandOptions {
  readonly episodes?: string;
  readonly seed?: string;
  readonly stochastic?: boolean;
  readonly envModule?: string;
  readonly json?: boolean;
}

export async function evaluateCommand(path: string, options: EvaluateCommandOptions): Promise<number> {
  const output = new Output(options.json);
  const episodes = options.episodes === undefined ? 20 : readInteger("episodes", options.episodes, 1);
  const seed = options.seed === undefined ? 0 : readInteger("seed", options.seed, 0);
  const { policy, config, step } = load(path, output);
  const { makeEnv } = await envOfRun(config.env, options.envModule);
  const place = makeEnv ? config.env : evaluationEnv(config.env);
  const env = makeEnv ?? place;
  const result = evaluate(policy, { env, episodes, seed, deterministic: !options.stochastic });
  const { mean, std, min, max, returns } = result;
  const actions = options.stochastic ? "sampled actions" : "best actions";
  output.say(
    `${config.algorithm} on ${place} after ${count(step)} steps, ${episodes} ${episodes === 1 ? "episode" : "episodes"} with ${actions}: ` +
      `return ${rewards(result)}.`,
  );
  output.result({ episodes, mean, std, min, max, returns });
  return 0;
}

/** The newest policy of a run, or that of one checkpoint. */
function load(path: string, output: Output): LoadedPolicy {
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
