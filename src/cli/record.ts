/** `limpid record`: what a policy does in its environment, as a dataset to learn from. */

import { existsSync } from "node:fs";
import type { Policy } from "../algorithms/algorithm.ts";
import { type AnyEnv, envIds, evaluationEnv, type Json } from "../envs/index.ts";
import { ConfigError } from "../errors.ts";
import { saveDataset } from "../node/dataset-file.ts";
import { recordDataset } from "../training/index.ts";
import { count, rewards } from "./format.ts";
import { commandLine, readInteger, readNumber } from "./options.ts";
import { Output } from "./output.ts";
import { chooseEnv, envOfRun } from "./own-env.ts";
import { loadSavedPolicy } from "./saved-policy.ts";

export interface RecordCommandOptions {
  readonly steps?: string;
  readonly seed?: string;
  readonly stochastic?: boolean;
  readonly random?: string;
  readonly out?: string;
  readonly envModule?: string;
  readonly json?: boolean;
}

/** @param source a run's directory, one checkpoint, or an environment for random actions */
export async function recordCommand(source: string | undefined, options: RecordCommandOptions): Promise<number> {
  const output = new Output(options.json);
  const steps = readInteger("steps", options.steps ?? "10000", 1);
  const seed = readInteger("seed", options.seed ?? "0", 0);
  const random = options.random === undefined ? undefined : readShare(options.random);
  const out = options.out ?? "dataset.safetensors";
  if (out === "" || existsSync(out)) {
    const fix = out === "" ? undefined : "Choose another name with --out: no dataset is overwritten.";
    throw new ConfigError({ field: "--out", value: out, allowed: "a file that does not exist yet", fix });
  }
  const { policy, env, name, about } = await whoPlaysWhere(source, options, output);
  const deterministic = !options.stochastic;
  const playing = { ...about, random: policy ? (random ?? 0) : 1, ...(policy && { deterministic }) };
  const dataset = recordDataset(policy, { env, name, steps, seed, deterministic, random, about: playing });
  saveDataset(out, dataset);
  const returns = returnsOf(dataset);
  const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length;
  const std = Math.sqrt(returns.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / returns.length);
  const [min, max] = [Math.min, Math.max].map((best) => returns.reduce((a, b) => best(a, b))) as [number, number];
  const played = `${count(steps)} transitions in ${count(returns.length)} ${returns.length === 1 ? "episode" : "episodes"} of ${name}`;
  output.say(`Recorded ${played}, return ${rewards({ mean, std, min, max })}; they are in ${out}. Next:`);
  output.say(`  ${commandLine("train", "behaviour-cloning", name, "--dataset", out)}`);
  output.result({ dataset: out, env: name, seed, steps, episodes: returns.length, mean, std, min, max });
  return 0;
}

interface Player {
  /** Left out: random actions. */
  readonly policy?: Policy;
  readonly env: string | (() => AnyEnv);
  readonly name: string;
  readonly about: Readonly<Record<string, Json>>;
}

async function whoPlaysWhere(
  source: string | undefined,
  { envModule }: RecordCommandOptions,
  output: Output,
): Promise<Player> {
  const { isEnvModule } = await import("../node/env-module.ts");
  const isEnv = source === undefined ? envModule !== undefined : envIds().includes(source) || isEnvModule(source);
  if (isEnv) {
    const { name, makeEnv } = await chooseEnv(source, envModule);
    return { env: makeEnv ?? name!, name: name!, about: { algorithm: "random" } };
  }
  if (source === undefined) {
    const allowed = "given: a run's directory, a checkpoint, or an environment to play in at random";
    throw new ConfigError({ field: "run", allowed });
  }
  const { policy, config, step } = loadSavedPolicy(source, output);
  const { makeEnv } = await envOfRun(config.env, envModule);
  const name = makeEnv ? config.env : evaluationEnv(config.env);
  return { policy, env: makeEnv ?? name, name, about: { algorithm: config.algorithm, step, seed: config.seed } };
}

function readShare(text: string): number {
  const value = readNumber(text);
  if (typeof value === "number" && value >= 0 && value <= 1) return value;
  throw new ConfigError({ field: "random", value: text, allowed: "a number from 0 to 1" });
}

/** Of every episode, the last one as far as it was recorded. */
function returnsOf(dataset: { rewards: Float32Array; terminated: Uint8Array; truncated: Uint8Array }): number[] {
  const returns: number[] = [];
  let total = 0;
  dataset.rewards.forEach((reward, i) => {
    total += reward;
    if (!dataset.terminated[i] && !dataset.truncated[i]) return;
    returns.push(total);
    total = 0;
  });
  return returns;
}
