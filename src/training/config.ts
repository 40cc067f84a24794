/** From what the user gave to the one JSON value that a run is: the algorithm's defaults < its preset < the user's own. */

import type { z } from "zod";
import type { Algorithm, CommonConfig } from "../algorithms/algorithm.ts";
import { type AlgorithmName, algorithms, type Hyperparameters } from "../algorithms/registry.ts";
import { type AnyEnv, type BatchEnv, envSpec } from "../envs/index.ts";
import { oneOfTheIds } from "../envs/registry.ts";
import { ConfigError, nearest } from "../errors.ts";
import { configError } from "./config-error.ts";

/**
 * What a run is made from: `{ algorithm, env, seed, steps }` and the hyperparameters of the algorithm. What is left out has
 * the algorithm's default, or the value tuned for `env`.
 */
export interface RunInput extends Hyperparameters {
  readonly algorithm: AlgorithmName | (string & {});
  /** A registered id. With an environment of one's own it is only a name, and may be left out. */
  readonly env?: string;
  /** `false` or `"none"`: the algorithm's plain defaults instead of the values tuned for this environment. */
  readonly preset?: boolean | "none";
  readonly [hyperparameter: string]: unknown;
}

/** A complete configuration: what every run has, and every hyperparameter of its algorithm. JSON through and through. */
export type ResolvedConfig = CommonConfig & Hyperparameters & Readonly<Record<string, unknown>>;

export interface ParseOptions {
  /** `env` names an environment of the user's own and is not looked up. */
  readonly customEnv?: boolean;
}

/**
 * The complete configuration of a run. What it returns is parsed to itself again.
 * @throws ConfigError in one sentence, naming the field, its value and what is allowed
 */
export function parseConfig(input: unknown, options: ParseOptions = {}): ResolvedConfig {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw new ConfigError({
      field: "config",
      value: input,
      allowed: "an object such as { algorithm, env, steps, seed }",
    });
  }
  const { preset, ...given } = input as Record<string, unknown>;
  const algorithm = findAlgorithm(given.algorithm);
  const env = readEnv(given.env, options);
  const tuned = wantsPreset(preset) ? presetFor(algorithm.name, env) : {};
  const fields = withoutUndefined({ ...tuned, ...withoutUndefined(given), env });
  const parsed = algorithm.schema.safeParse(listsFromNumbers(algorithm.schema, fields));
  if (!parsed.success) throw configError(algorithm, parsed.error.issues[0]!, fields);
  const config = parsed.data as ResolvedConfig;
  algorithm.check?.(config);
  if (!options.customEnv) checkSuits(config, envSpec(env).create({}));
  return config;
}

/**
 * The algorithm of this name.
 * @throws ConfigError, with the names there are and the nearest one
 */
export function findAlgorithm(name: unknown): Algorithm {
  if (typeof name === "string" && Object.hasOwn(algorithms, name)) return algorithms[name]!;
  const names = Object.keys(algorithms);
  const near = typeof name === "string" ? nearest(name, names) : undefined;
  const allowed = `one of ${names.map((known) => `"${known}"`).join(", ")}`;
  throw new ConfigError({ field: "algorithm", value: name, allowed, fix: near && `Did you mean "${near}"?` });
}

/** The values tuned for an algorithm and an environment; none where there are no such. */
export function presetFor(algorithm: string, env: string): Readonly<Record<string, unknown>> {
  const { presets } = findAlgorithm(algorithm);
  return Object.hasOwn(presets, env) ? presets[env]! : {};
}

/** What an algorithm may ask of an environment. */
export type EnvFacts = Pick<AnyEnv, "observationSpace" | "actionSpace" | "model" | "actionMask"> &
  Pick<BatchEnv, "actionMasks"> & {
    readonly differentiable?: object | undefined;
    readonly labels?: object | undefined;
    readonly opponentSeat?: object | undefined;
  };

/**
 * Refuses an environment that the algorithm cannot learn in: by its actions, its observations, or what else it lacks.
 * @throws ConfigError that names the algorithms that can
 */
export function checkSuits(config: ResolvedConfig, env: EnvFacts): void {
  const algorithm = findAlgorithm(config.algorithm);
  const misfit = misfitOf(algorithm, env);
  if (misfit === undefined) return;
  // Whoever has no dataset is not sent to what learns from one.
  const known = Object.values(algorithms).filter(({ needs }) => needs !== "dataset" || algorithm.needs === needs);
  const suitable = known.filter((other) => misfitOf(other, env) === undefined);
  // Whoever wanted a policy is not sent to what only evaluates one.
  const wanted = suitable.filter(({ improves }) => improves !== false || algorithm.improves === false);
  const names = wanted.map(({ name }) => name).join(", ");
  throw new ConfigError({
    field: "env",
    value: config.env,
    allowed: `an environment ${misfit.allowed}`,
    fix: `${misfit.fact(config.env)}: ${names ? `use ${names}` : "no algorithm here suits it"}.`,
  });
}

/** Why an algorithm cannot learn in an environment; undefined where it can. */
export function misfitOf(
  algorithm: Algorithm,
  env: EnvFacts,
): { allowed: string; fact(env: string): string } | undefined {
  const { name, actionSpaces, observationSpaces, masks, needs } = algorithm;
  const { actionSpace, observationSpace } = env;
  if (!actionSpaces.includes(actionSpace.kind)) {
    const allowed = `whose action space ${name} can use (${actionSpaces.join(", ")})`;
    return { allowed, fact: (id) => `The action space of ${id} is ${actionSpace.kind}` };
  }
  if (observationSpaces && !observationSpaces.includes(observationSpace.kind)) {
    const allowed = `whose observation space ${name} can use (${observationSpaces.join(", ")})`;
    return { allowed, fact: (id) => `The observation space of ${id} is ${observationSpace.kind}` };
  }
  if (masks === false && (env.actionMask ?? env.actionMasks)) {
    return { allowed: `without action masks, which ${name} does not keep to`, fact: (id) => `${id} has them` };
  }
  if (needs !== undefined && needs !== "dataset" && env[needs] === undefined) {
    return { allowed: `with ${NEEDS[needs](name)}`, fact: (id) => `${id} has none` };
  }
  return undefined;
}

/** What an algorithm needs besides spaces that suit it. */
const NEEDS: Readonly<Record<Exclude<NonNullable<Algorithm["needs"]>, "dataset">, (algorithm: string) => string>> = {
  model: (name) => `a model, a table of what every action does in every state, which ${name} plans with`,
  opponentSeat: (name) => `two sides, of which ${name} plays both`,
  differentiable: (name) => `dynamics that can be differentiated, which ${name} follows the gradient through`,
  labels: (name) => `labels, the right action for every observation, which ${name} learns from`,
};

function readEnv(env: unknown, { customEnv }: ParseOptions): string {
  if (env === undefined) {
    if (customEnv) return "custom";
    throw new ConfigError({
      field: "env",
      allowed: `given: ${oneOfTheIds()}`,
      fix: "For an environment of your own: train(config, { makeEnv }).",
    });
  }
  if (typeof env !== "string" || env === "" || !customEnv) return envSpec(env as string).id;
  return env;
}

function wantsPreset(preset: unknown): boolean {
  if (preset === undefined || preset === true) return true;
  if (preset === false || preset === "none") return false;
  throw new ConfigError({ field: "preset", value: preset, allowed: 'true, false or "none"' });
}

function withoutUndefined(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** `hidden: 64` means `hidden: [64]`: one number where a list is expected. */
function listsFromNumbers(schema: z.ZodType, fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (typeof value !== "number" || !("shape" in schema)) return [name, value];
      const shape = schema.shape as Readonly<Record<string, z.ZodType>>;
      const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
      const isList = field?.safeParse([value]).success && !field.safeParse(value).success;
      return [name, isList ? [value] : value];
    }),
  );
}
