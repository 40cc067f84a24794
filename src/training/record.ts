import type { Policy } from "../algorithms/algorithm.ts";
import { checkDataset, type Dataset } from "../data/index.ts";
import { callEnv, requireMask, requireObservation, requireReset, requireStep } from "../envs/contract.ts";
import { type AnyEnv, type Json, makeEnv } from "../envs/index.ts";
import { ConfigError, refuseUnknown } from "../errors.ts";
import { Key, type Random } from "../random/index.ts";
import { Box, type Space } from "../spaces/index.ts";

export interface RecordOptions {
  /** A registered id, or a function that makes an environment of one's own. */
  readonly env: string | (() => AnyEnv);
  /** Transitions to record; the last episode is truncated where it does not end there. */
  readonly steps: number;
  /** Default 0. */
  readonly seed?: number;
  /** The policy's best actions instead of sampled ones. Default true. */
  readonly deterministic?: boolean;
  /** Share of the actions, from 0 to 1, that are uniformly random instead, among the allowed ones. Default 0. */
  readonly random?: number;
  /** What the dataset calls the environment and the policy. Default: the id, and what the options say. */
  readonly name?: string;
  readonly about?: Json;
}

const OPTIONS: readonly (keyof RecordOptions)[] = [
  ...(["env", "steps", "seed", "deterministic", "random", "name", "about"] as const),
];

/**
 * Plays with a policy and keeps what happens, for algorithms that learn from it later. The same policy, options and seed give the
 * same dataset.
 * @param policy left out: all actions are random
 * @throws ConfigError for options that make no sense, and an environment of other spaces than the policy's
 */
export function recordDataset(policy: Policy | undefined, options: RecordOptions): Dataset {
  refuseUnknown("recordDataset", options, OPTIONS);
  const { env: subject, steps, seed = 0, deterministic = true } = options;
  const random = policy ? (options.random ?? 0) : 1;
  if (!(Number.isSafeInteger(steps) && steps > 0)) {
    throw new ConfigError({ field: "steps", value: steps, allowed: "a positive integer" });
  }
  if (!(random >= 0 && random <= 1)) {
    throw new ConfigError({ field: "random", value: random, allowed: "a number from 0 to 1" });
  }
  const env = typeof subject === "string" ? makeEnv(subject) : subject();
  const name = options.name ?? (typeof subject === "string" ? subject : "custom");
  const { observationSpace, actionSpace } = env;
  for (const field of ["observationSpace", "actionSpace"] as const) {
    if (!policy || policy[field].equals(env[field])) continue;
    const allowed = `that of the policy, ${JSON.stringify(policy[field])}`;
    throw new ConfigError({ field: `${field} of ${name}`, value: env[field], allowed });
  }
  const dataset = allocate(env, steps);
  fill(dataset, env, { name, policy, deterministic, random, key: Key.fromSeed(seed).split("recording") });
  const about = options.about ?? { random, ...(policy && { deterministic }) };
  const result: Dataset = { env: name, observationSpace, actionSpace, policy: about, seed, ...dataset };
  checkDataset(result);
  return result;
}

type Columns = Omit<Dataset, "env" | "observationSpace" | "actionSpace" | "policy" | "seed">;

function allocate({ observationSpace, actionSpace, actionMask }: AnyEnv, steps: number): Columns {
  const isBytes = observationSpace instanceof Box && observationSpace.dtype === "uint8";
  const Observations = isBytes ? Uint8Array : Float32Array;
  return {
    observations: new Observations(steps * observationSpace.flatSize),
    nextObservations: new Observations(steps * observationSpace.flatSize),
    actions: new Float32Array(steps * actionSpace.actionSize),
    rewards: new Float32Array(steps),
    terminated: new Uint8Array(steps),
    truncated: new Uint8Array(steps),
    ...(actionMask && { masks: new Uint8Array(steps * actionSpace.maskSize) }),
  };
}

interface Playing {
  readonly name: string;
  readonly policy: Policy | undefined;
  readonly deterministic: boolean;
  readonly random: number;
  readonly key: Key;
}

function fill(into: Columns, env: AnyEnv, { name, policy, deterministic, random, key }: Playing): void {
  const { observationSpace, actionSpace } = env;
  const exploring = key.split("random").stream();
  policy?.reseed(key.split("actions"));
  const flat = new Float32Array(observationSpace.flatSize);
  const write = (array: Float32Array | Uint8Array, row: number, observation: unknown) => {
    requireObservation(observationSpace, observation, name);
    observationSpace.flatten(observation, flat, 0);
    array.set(flat, row * flat.length);
  };
  const steps = into.rewards.length;
  let episode = 0;
  let observation: unknown;
  for (let row = 0; row < steps; row++) {
    if (row === 0 || into.terminated[row - 1] || into.truncated[row - 1]) {
      const seed = key.split("episode", episode++).stream().bits();
      policy?.reset?.();
      const reset = callEnv("reset", name, () => env.reset({ seed }));
      observation = requireReset(reset, name).observation;
    }
    write(into.observations, row, observation);
    const mask = maskOf(env, name);
    if (mask) into.masks!.set(mask, row * actionSpace.maskSize);
    // The policy is asked in any case: what it remembers goes on with what it sees.
    const chosen = policy?.act(observation, { deterministic, mask });
    const action = isRandom(exploring, random) ? actionSpace.sample(exploring, mask) : chosen;
    actionSpace.flattenAction(action, into.actions, row * actionSpace.actionSize);
    const result = requireStep(
      callEnv("step", name, () => env.step(action)),
      name,
    );
    write(into.nextObservations, row, result.observation);
    into.rewards[row] = result.reward;
    into.terminated[row] = Number(result.terminated);
    into.truncated[row] = Number(!result.terminated && (result.truncated || row === steps - 1));
    observation = result.observation;
  }
}

function isRandom(exploring: Random, share: number): boolean {
  return share === 1 || (share > 0 && exploring.uniform() < share);
}

function maskOf(env: AnyEnv, name: string): Uint8Array | undefined {
  if (env.actionMask === undefined) return undefined;
  const mask = callEnv("actionMask", name, () => env.actionMask?.());
  requireMask(env.actionSpace as Space<unknown>, mask, name);
  return mask;
}
