/** `limpid evaluate`: how good a trained policy is. */

import { evaluationEnv } from "../envs/index.ts";
import { evaluate } from "../training/index.ts";
import { count, rewards } from "./format.ts";
import { readInteger } from "./options.ts";
import { Output } from "./output.ts";
import { envOfRun } from "./own-env.ts";
import { loadSavedPolicy } from "./saved-policy.ts";

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
  const { policy, config, step } = loadSavedPolicy(path, output);
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
