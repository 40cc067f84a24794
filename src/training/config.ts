/** From what the user gave to the one JSON value that a run is: the algorithm's defaults < its preset < the user's own. */

import type { z } from "zod";
import type { Algorithm, CommonConfig } from "../algorithms/algorithm.ts";
import { type AlgorithmName, algorithms, type Hyperparameters } from "../algorithms/registry.ts";
import { envIds, envSpec } from "../envs/index.ts";
import { ConfigError, nearest } from "../errors.ts";
import type { Space } from "../spaces/index.ts";
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
  checkRollout(config);
  if (!options.customEnv) checkActionSpace(config, envSpec(env).create({}).actionSpace);
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

/**
 * Refuses an environment whose actions the algorithm cannot choose.
 * @throws ConfigError that names the algorithms that can
 */
export function checkActionSpace(config: ResolvedConfig, space: Space<unknown>): void {
  const { actionSpaces } = findAlgorithm(config.algorithm);
  if (actionSpaces.includes(space.kind)) return;
  const suitable = Object.values(algorithms).filter((other) => other.actionSpaces.includes(space.kind));
  const names = suitable.map(({ name }) => name).join(", ");
  throw new ConfigError({
    field: "env",
    value: config.env,
    allowed: `an environment whose action space ${config.algorithm} can use (${actionSpaces.join(", ")})`,
    fix: `The action space of ${config.env} is ${space.kind}: ${names ? `use ${names}` : "no algorithm here suits it"}.`,
  });
}

function readEnv(env: unknown, { customEnv }: ParseOptions): string {
  if (env === undefined) {
    if (customEnv) return "custom";
    const allowed = `given: one of ${envIds()
      .map((id) => `"${id}"`)
      .join(", ")}`;
    throw new ConfigError({
      field: "env",
      allowed,
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

/** What one rollout holds must be enough for the minibatches cut from it. */
function checkRollout({ nSteps, nEnvs, batchSize, normalizeAdvantage }: ResolvedConfig): void {
  if (typeof nSteps !== "number" || typeof batchSize !== "number") return;
  const transitions = nSteps * nEnvs;
  if (transitions < 2) {
    const allowed = "at least 2 where nEnvs is 1, since advantages are compared within a rollout";
    throw new ConfigError({ field: "nSteps", value: nSteps, allowed });
  }
  if (batchSize === 1 && normalizeAdvantage) {
    const fix = "One advantage alone has no deviation; raise batchSize, or set normalizeAdvantage=false.";
    throw new ConfigError({
      field: "batchSize",
      value: 1,
      allowed: "at least 2 where normalizeAdvantage is true",
      fix,
    });
  }
  if (batchSize > transitions) {
    const allowed = `at most nSteps × nEnvs = ${transitions}, the transitions of one rollout`;
    const fix = "Lower batchSize, or raise nSteps or nEnvs.";
    throw new ConfigError({ field: "batchSize", value: batchSize, allowed, fix });
  }
}
