/** `limpid evaluate`: how good a trained policy is, and what it looks like. */

import { statSync } from "node:fs";
import { dirname, extname } from "node:path";
import { evaluationEnv } from "../envs/index.ts";
import { ConfigError } from "../errors.ts";
import type { Recording } from "../node/animation/recording.ts";
import { type EvaluationMoment, evaluate } from "../training/index.ts";
import { EpisodeStatus } from "./episode-status.ts";
import { count, rewards } from "./format.ts";
import { readInteger, readNumber } from "./options.ts";
import { Output } from "./output.ts";
import { envOfRun } from "./own-env.ts";
import { loadSavedPolicy } from "./saved-policy.ts";

export interface EvaluateCommandOptions {
  readonly episodes?: string;
  readonly seed?: string;
  readonly stochastic?: boolean;
  readonly record?: string;
  readonly recordSeconds?: string;
  readonly envModule?: string;
  readonly json?: boolean;
}

export async function evaluateCommand(path: string, options: EvaluateCommandOptions): Promise<number> {
  const output = new Output(options.json);
  const { record: file } = options;
  const episodes = options.episodes === undefined ? 20 : readInteger("episodes", options.episodes, 1);
  const seed = options.seed === undefined ? 0 : readInteger("seed", options.seed, 0);
  const seconds = readSeconds(options);
  if (file !== undefined) requireGif(file);
  const { policy, config, step } = loadSavedPolicy(path, output);
  const { makeEnv } = await envOfRun(config.env, options.envModule);
  const place = makeEnv ? config.env : evaluationEnv(config.env);
  const env = makeEnv ?? place;
  const recording = file === undefined ? undefined : await openRecording(makeEnv ? undefined : place, seconds);
  const status = new EpisodeStatus(output.stream, episodes);
  const watch = (moment: EvaluationMoment) => {
    recording?.watch(moment);
    status.update(moment.episode, moment.step);
  };
  const result = evaluate(policy, { env, episodes, seed, deterministic: !options.stochastic, watch });
  status.clear();
  const { mean, std, min, max, returns } = result;
  const actions = options.stochastic ? "sampled actions" : "best actions";
  output.say(
    `${config.algorithm} on ${place} after ${count(step)} steps, ${episodes} ${episodes === 1 ? "episode" : "episodes"} with ${actions}: ` +
      `return ${rewards(result)}.`,
  );
  const recorded = recording && { record: save(recording, file!, output) };
  output.result({ episodes, mean, std, min, max, returns, ...recorded });
  return 0;
}

async function openRecording(env: string | undefined, seconds: number | undefined): Promise<Recording> {
  const { openRecording } = await import("../node/animation/recording.ts");
  return await openRecording({ env, ...(seconds !== undefined && { seconds }) });
}

/** Says what is in the animation. */
function save(recording: Recording, file: string, output: Output) {
  const bytes = recording.save(file);
  const { episodes, isCut, seconds, frames, width, height } = recording;
  const played = `${isCut ? "the beginning of " : ""}${episodes === 1 ? "the first episode" : `the first ${episodes} episodes`}`;
  output.say(
    `Recorded ${played} in ${file}: ${seconds.toFixed(1)} s, ${count(frames)} pictures of ${width} × ${height}, ` +
      `${count(Math.ceil(bytes / 1000))} kB.`,
  );
  return { file, episodes, isCut, seconds, frames, width, height, bytes };
}

function readSeconds({ record, recordSeconds: text }: EvaluateCommandOptions): number | undefined {
  if (text === undefined) return undefined;
  const value = readNumber(text);
  if (record === undefined) throw new ConfigError("--record-seconds must come with --record: nothing is recorded");
  if (typeof value === "number" && value > 0 && value <= 600) return value;
  throw new ConfigError({ field: "--record-seconds", value: text, allowed: "a positive number up to 600" });
}

/** Asked before anything is played. @throws ConfigError */
function requireGif(file: string): void {
  if (extname(file).toLowerCase() !== ".gif") {
    throw new ConfigError({ field: "--record", value: file, allowed: "the name of a file that ends in .gif" });
  }
  if (!statSync(dirname(file), { throwIfNoEntry: false })?.isDirectory()) {
    throw new ConfigError({ field: "--record", value: file, allowed: "in a directory that exists" });
  }
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    throw new ConfigError({ field: "--record", value: file, allowed: "a file, not a directory" });
  }
}
