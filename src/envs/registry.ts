import { ConfigError, nearest } from "../errors.ts";
import { acrobotSpec } from "./acrobot.ts";
import { banditSpecs } from "./bandits/bandit.ts";
import { batch } from "./batch.ts";
import { bsuiteSpecs } from "./bsuite/index.ts";
import { cartPoleSpec } from "./cartpole.ts";
import { cartPoleNoVelocitySpec } from "./cartpole-no-velocity.ts";
import { digitsSpec, digitsUnseenSpec } from "./digits/digits.ts";
import type { AnyEnv, BatchEnv, Json } from "./env.ts";
import { gameSpecs } from "./games/index.ts";
import { goalSpecs } from "./goals/index.ts";
import { mountainCarSpec } from "./mountain-car.ts";
import { mountainCarContinuousSpec } from "./mountain-car-continuous.ts";
import { type EnvsOnDemand, envsOnDemand, loadSpecs } from "./on-demand.ts";
import { pendulumSpec } from "./pendulum.ts";
import { pointMassSpec } from "./point-mass.ts";
import { pongSpecs } from "./pong/index.ts";
import { identitySpecs } from "./probes/identity-specs.ts";
import { probeSpecs } from "./probes/probe-specs.ts";
import type { EnvDescription, EnvSpec } from "./spec.ts";
import { toyTextSpecs } from "./toy-text/index.ts";
import { timeLimit } from "./wrappers/time-limit.ts";

const builtIn: readonly EnvSpec[] = [
  ...[cartPoleSpec, mountainCarSpec, mountainCarContinuousSpec, pendulumSpec, acrobotSpec],
  ...[cartPoleNoVelocitySpec, pointMassSpec, digitsSpec, digitsUnseenSpec],
  ...toyTextSpecs,
  ...banditSpecs,
  ...gameSpecs,
  ...bsuiteSpecs,
  ...goalSpecs,
  ...pongSpecs,
  ...probeSpecs,
  ...identitySpecs,
];
/** What is not loaded yet has a description alone. */
const specs = new Map<string, EnvDescription | EnvSpec>(builtIn.map((spec) => [spec.id, spec]));
const onDemand = new Map<string, { readonly group: EnvsOnDemand; loading?: Promise<void> }>();
for (const group of envsOnDemand) addOnDemand(group);

/** @internal Adds environments that are loaded when they are asked for. */
export function addOnDemand(group: EnvsOnDemand): void {
  const entry = { group };
  for (const description of group.descriptions) {
    specs.set(description.id, description);
    onDemand.set(description.id, entry);
  }
}

/** Ids of all registered environments, the built-in ones first, those to be loaded with `loadEnv` among them. */
export function envIds(): string[] {
  return [...specs.keys()];
}

/** "one of" and some ids, for messages: all of them would fill the screen. */
export function oneOfTheIds(): string {
  const ids = envIds();
  const shown = ids.slice(0, 5).map((id) => `"${id}"`);
  return `one of ${shown.join(", ")}, … (envIds() or "limpid list envs" shows all ${ids.length})`;
}

/**
 * What an environment is, whether it is loaded or not.
 * @throws ConfigError for an unknown id, with some of those there are and the nearest one
 */
export function envDescription(id: string): EnvDescription {
  const description = specs.get(id);
  if (description) return description;
  const near = typeof id === "string" ? nearest(id, envIds()) : undefined;
  throw new ConfigError({ field: "env", value: id, allowed: oneOfTheIds(), fix: near && `Did you mean "${near}"?` });
}

/** The entry of an environment. @throws ConfigError for an id that is unknown or must be loaded first */
export function envSpec(id: string): EnvSpec {
  const spec = envDescription(id);
  if (isLoaded(spec)) return spec;
  throw new ConfigError({ field: `env "${id}"`, allowed: `loaded first: await loadEnv("${id}")` });
}

/**
 * Loads an environment that needs a large library (LunarLander: planck), so that its id can be used in `train`,
 * `evaluate`, `makeEnv` and everywhere else. Others are there already. The command does this by itself.
 * @throws ConfigError for an unknown id, and where the library is not installed
 */
export async function loadEnv(id: string): Promise<void> {
  if (isLoaded(envDescription(id))) return;
  const entry = onDemand.get(id)!;
  entry.loading ??= loadSpecs(id, entry.group).then(
    (loaded) => {
      for (const spec of loaded) specs.set(spec.id, spec);
    },
    (error) => {
      entry.loading = undefined;
      throw error;
    },
  );
  await entry.loading;
}

function isLoaded(description: EnvDescription): description is EnvSpec {
  return "create" in description;
}

/** Where to evaluate what was learned in an environment: there, or on what is never trained on. @throws ConfigError */
export function evaluationEnv(id: string): string {
  return envDescription(id).evaluationEnv ?? id;
}

/**
 * Adds an environment, so that its id can be used in runs.
 * @throws ConfigError for an id that is empty or taken, and for a time limit that is not a positive integer
 */
export function registerEnv(spec: EnvSpec): void {
  if (typeof spec.id !== "string" || spec.id === "" || specs.has(spec.id)) {
    throw new ConfigError({ field: "id", value: spec.id, allowed: "a non-empty name that is not registered yet" });
  }
  const { maxEpisodeSteps } = spec;
  if (maxEpisodeSteps !== undefined && !(Number.isSafeInteger(maxEpisodeSteps) && maxEpisodeSteps > 0)) {
    throw new ConfigError({ field: "maxEpisodeSteps", value: maxEpisodeSteps, allowed: "a positive integer" });
  }
  specs.set(spec.id, spec);
}

/**
 * One environment with its time limit.
 * @param options of the environment, such as `{ g: 9.81 }` for Pendulum-v1
 * @throws ConfigError for an id that is unknown or not loaded, or a bad option
 */
export function makeEnv(id: string, options: Record<string, Json> = {}): AnyEnv {
  const spec = envSpec(id);
  const env = spec.create(options);
  return spec.maxEpisodeSteps === undefined ? env : timeLimit(env, spec.maxEpisodeSteps);
}

/**
 * N environments stepped together, each with its time limit.
 * @throws ConfigError for an id that is unknown or not loaded, a bad option or a count that is not a positive integer
 */
export function makeBatch(id: string, count: number, options: Record<string, Json> = {}): BatchEnv {
  const spec = envSpec(id);
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new ConfigError({ field: "count", value: count, allowed: "a positive integer" });
  }
  return spec.createBatch?.(count, options) ?? batch(() => makeEnv(id, options), count, { name: id });
}
