import type { Policy } from "../algorithms/algorithm.ts";
import { callEnv, isEnv, requireMask, requireObservation, requireReset, requireStep } from "../envs/contract.ts";
import { type AnyEnv, makeEnv } from "../envs/index.ts";
import { ConfigError, RunError, refuseUnknown } from "../errors.ts";
import { Key } from "../random/index.ts";

/** What is to be seen at one moment of an evaluation. */
export interface EvaluationMoment {
  /** As it is now; to be looked at alone. */
  readonly env: AnyEnv;
  /** From 0. */
  readonly episode: number;
  /** Steps of the episode so far: 0 when it has just begun. */
  readonly step: number;
  /** What was done last; undefined at step 0. */
  readonly action?: unknown;
  /** Whether the episode is over. */
  readonly isOver: boolean;
}

export interface EvaluateOptions {
  /** A registered id, an environment (which is reset for every episode), or a function that makes one. */
  readonly env: string | AnyEnv | (() => AnyEnv);
  /** Default 20. */
  readonly episodes?: number;
  /** Default 0. */
  readonly seed?: number;
  /** The policy's best action instead of a sampled one. Default true. */
  readonly deterministic?: boolean;
  /** An episode longer than this is an error, since it might never end. Default 1 000 000. */
  readonly maxEpisodeSteps?: number;
  /** Is called when an episode has begun and after every step, to draw it, say. */
  readonly watch?: (moment: EvaluationMoment) => void;
}

const OPTIONS: readonly (keyof EvaluateOptions)[] = [
  ...(["env", "episodes", "seed", "deterministic", "maxEpisodeSteps", "watch"] as const),
];

export interface Evaluation {
  readonly episodes: number;
  /** Of the returns below. */
  readonly mean: number;
  /** Population standard deviation, as NumPy's. */
  readonly std: number;
  readonly min: number;
  readonly max: number;
  /** `[episodes]` sum of the raw rewards of each, undiscounted. */
  readonly returns: number[];
  /** `[episodes]` steps of each. */
  readonly lengths: number[];
}

/**
 * Plays whole episodes with a policy, in an environment of their own with its time limit, and says how well they went.
 *
 * Episode i begins from a seed that depends on `seed` and i alone, so different policies are compared on the same start
 * states. Nothing of a run that is in progress changes.
 *
 * @throws ConfigError for an unknown environment or one of other spaces than the policy's, EnvironmentError where the
 *   environment breaks its contract, RunError for an episode without end
 */
export function evaluate(policy: Policy, options: EvaluateOptions): Evaluation {
  requirePolicy(policy);
  refuseUnknown("evaluate", options, OPTIONS);
  const { env: subject, episodes = 20, seed = 0, deterministic = true, maxEpisodeSteps = 1_000_000, watch } = options;
  requireCount("episodes", episodes);
  requireCount("maxEpisodeSteps", maxEpisodeSteps);
  if (watch !== undefined && typeof watch !== "function") {
    throw new ConfigError({
      field: "watch",
      value: watch,
      allowed: "a function that looks at each moment, or left out",
    });
  }
  const key = Key.fromSeed(seed).split("evaluation");
  const env = openEnv(subject);
  const name = typeof subject === "string" ? subject : "the environment";
  requireSameSpaces(policy, env, name);
  policy.reseed(key.split("actions"));

  const returns: number[] = [];
  const lengths: number[] = [];
  for (let episode = 0; episode < episodes; episode++) {
    const start = key.split("episode", episode).stream().bits();
    const played = playEpisode(policy, env, { name, seed: start, deterministic, maxEpisodeSteps, episode, watch });
    returns.push(played.return);
    lengths.push(played.length);
  }
  return { episodes, ...summary(returns), returns, lengths };
}

function openEnv(subject: EvaluateOptions["env"]): AnyEnv {
  if (typeof subject === "string") return makeEnv(subject);
  const env: unknown = typeof subject === "function" ? subject() : subject;
  if (isEnv(env)) return env;
  const allowed = 'a registered id such as "CartPole-v1", an environment, or a function that makes one';
  throw new ConfigError({ field: "env", value: env ?? String(env), allowed });
}

function requirePolicy(policy: Policy): void {
  if (typeof policy?.act === "function" && typeof policy.reseed === "function") return;
  const isRun = typeof (policy as { policy?: Policy } | undefined)?.policy?.act === "function";
  const fix = isRun ? "A run has one: evaluate(run.policy, …)." : "Take run.policy, or loadPolicy(bytes).";
  throw new ConfigError({ field: "the first argument of evaluate", allowed: "a policy", fix });
}

interface EpisodeOptions {
  readonly name: string;
  readonly seed: number;
  readonly deterministic: boolean;
  readonly maxEpisodeSteps: number;
  readonly episode: number;
  readonly watch: EvaluateOptions["watch"];
}

function playEpisode(policy: Policy, env: AnyEnv, options: EpisodeOptions): { return: number; length: number } {
  const { name, seed, deterministic, maxEpisodeSteps, episode, watch } = options;
  policy.reset?.();
  let { observation } = requireReset(
    callEnv("reset", name, () => env.reset({ seed })),
    name,
  );
  watch?.({ env, episode, step: 0, isOver: false });
  let total = 0;
  for (let length = 1; length <= maxEpisodeSteps; length++) {
    requireObservation(env.observationSpace, observation, name);
    const action = policy.act(observation, { deterministic, mask: currentMask(env, name) });
    const result = requireStep(
      callEnv("step", name, () => env.step(action)),
      name,
    );
    total += result.reward;
    const isOver = result.terminated || result.truncated;
    watch?.({ env, episode, step: length, action, isOver });
    if (isOver) return { return: total, length };
    observation = result.observation;
  }
  const fix = "Give the environment a time limit (timeLimit), or raise maxEpisodeSteps.";
  throw new RunError(`an episode of ${name} did not end within ${maxEpisodeSteps} steps. ${fix}`);
}

function currentMask(env: AnyEnv, name: string): Uint8Array | undefined {
  if (env.actionMask === undefined) return undefined;
  const mask = callEnv("actionMask", name, () => env.actionMask?.());
  requireMask(env.actionSpace, mask, name);
  return mask;
}

function summary(returns: readonly number[]): { mean: number; std: number; min: number; max: number } {
  const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length;
  const variance = returns.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / returns.length;
  // Not Math.min(...returns): as arguments, a hundred thousand numbers overflow the stack.
  const min = returns.reduce((least, value) => Math.min(least, value));
  const max = returns.reduce((most, value) => Math.max(most, value));
  return { mean, std: Math.sqrt(variance), min, max };
}

function requireSameSpaces(policy: Policy, env: AnyEnv, name: string): void {
  for (const space of ["observationSpace", "actionSpace"] as const) {
    if (env[space] && policy[space].equals(env[space])) continue;
    const allowed = `that of the policy, ${JSON.stringify(policy[space])}`;
    throw new ConfigError({ field: `${space} of ${name}`, value: env[space], allowed });
  }
}

function requireCount(field: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) throw new ConfigError({ field, value, allowed: "a positive integer" });
}
