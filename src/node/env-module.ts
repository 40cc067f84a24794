/** Environments from a user's own file: `./my-env.ts`, `./my-env.js` or `./my-env.ts#MyEnv`, TypeScript on Node 20 too. */

import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Jiti } from "jiti";
import type { AnyEnv } from "../envs/index.ts";
import { ConfigError } from "../errors.ts";
import { ownModules } from "./own-modules.ts";
import { placeOf } from "./user-place.ts";

/** What an environment cannot do without, in the order of the contract. */
const MEMBERS = { observationSpace: "object", actionSpace: "object", reset: "function", step: "function" } as const;

/** Makes one more environment of the same kind, independent of the others. */
export type EnvFactory = () => AnyEnv;

type Exports = Readonly<Record<string, unknown>>;

/**
 * Loads a user's environment from a file: its default export, or the export named after `#`. It may be an environment
 * (a plain object), a class, or a function that returns an environment.
 *
 * `import … from "limpid"` in that file means the limpid that is running, whether or not the file's project has one installed.
 *
 * @param specifier path of the file, relative to `cwd` (default: the process's), and perhaps `#` and the name of an export
 * @returns a factory; where the export is a plain object, each further environment comes from running the file anew
 * @throws ConfigError, naming the file: it is missing, cannot be parsed (with line), fails while loading, has no such
 * export (with those that it has), or exports something that is no environment (with what that lacks)
 */
export async function loadEnvModule(specifier: string, options: { cwd?: string } = {}): Promise<EnvFactory> {
  const { path, name } = locate(specifier, options.cwd ?? process.cwd());
  const { createJiti } = await import("jiti"); // here, since few runs need it and it takes its time to load
  // Without a cache, each load runs the file and what it imports from beside it once more.
  const jiti = createJiti(path, { moduleCache: false, interopDefault: false, virtualModules: await ownModules() });
  const exports = await load(specifier, () => jiti.import<Exports>(path));
  const exported = pick(specifier, exports, name);
  const what = `${specifier}${name === undefined ? " (default export)" : ""}`;

  const make = maker(what, exported) ?? again(what, jiti, path, name, exported);
  let first: AnyEnv | undefined = checked(what, make());
  return () => {
    const env = first ?? checked(what, make());
    first = undefined;
    return env;
  };
}

/** Whether a name given in the place of an environment's id is meant as a file: `./my-env`, `envs/maze.js#Maze`. */
export function isEnvModule(env: string): boolean {
  return /^\.{0,2}[\\/]|\.[cm]?[jt]s(#|$)/.test(env);
}

function locate(specifier: string, cwd: string): { path: string; name: string | undefined } {
  const whole = resolve(cwd, specifier);
  const hash = specifier.lastIndexOf("#");
  const [path, name] =
    hash === -1 || existsSync(whole)
      ? [whole, undefined]
      : [resolve(cwd, specifier.slice(0, hash)), specifier.slice(hash + 1)];
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
    const fix = `There is no file ${path}.`;
    throw new ConfigError({ field: "environment module", value: specifier, allowed: "a file that exists", fix });
  }
  return { path, name: name === "default" || name === "" ? undefined : name };
}

async function load<T>(specifier: string, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw new ConfigError(`${specifier} could not be loaded: ${reason(error)}`, { cause: error });
  }
}

/** The error in one line, with the place in the user's file where the message does not name it. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return `it threw ${String(error)}`;
  const [message, place] = error.message.split("\n").map((line) => line.trim()) as [string, string | undefined];
  // A parse error carries its place on the second line, any other one in the first line of its stack outside Node and jiti.
  const own = place && /:\d+:\d+$/.test(place) ? place : placeOf(error);
  return own ? `${message} (${own})` : message;
}

function pick(specifier: string, exports: Exports, name: string | undefined): unknown {
  const key = name ?? "default";
  if (Object.hasOwn(exports, key)) return exports[key];
  const names = Object.keys(exports);
  const have = names.length > 0 ? `It exports ${names.join(", ")}.` : "It exports nothing.";
  const missing =
    name === undefined ? "a default export, or be followed by # and the name of an export" : `an export ${name}`;
  throw new ConfigError(`${specifier} must have ${missing}. ${have}`);
}

/** How to make environments from a class or a function; undefined for an object, of which there is only one. */
function maker(what: string, exported: unknown): (() => unknown) | undefined {
  if (typeof exported !== "function") return undefined;
  const isClass = typeof exported.prototype?.step === "function" || /^class\b/.test(String(exported));
  return () => {
    try {
      return isClass ? new (exported as new () => unknown)() : (exported as () => unknown)();
    } catch (error) {
      throw new ConfigError(`${what} could not be made: ${reason(error)}`, { cause: error });
    }
  };
}

/** The exported object first, then objects from running the file again. */
function again(what: string, jiti: Jiti, path: string, name: string | undefined, exported: unknown): () => unknown {
  let isFirst = true;
  return () => {
    if (isFirst) {
      isFirst = false;
      return exported;
    }
    const fix = "Export a class or a function that returns an environment instead.";
    let fresh: unknown;
    try {
      const exports = jiti(path) as Exports;
      fresh = Object.hasOwn(exports, name ?? "default") ? exports[name ?? "default"] : exports;
    } catch (error) {
      throw new ConfigError(`${what} is one object and a second is needed: ${reason(error)}. ${fix}`, { cause: error });
    }
    if (fresh === exported) throw new ConfigError(`${what} is one object and a second is needed. ${fix}`);
    return fresh;
  };
}

function checked(what: string, env: unknown): AnyEnv {
  if (typeof env !== "object" || env === null) {
    const allowed = "an environment, a class of environments, or a function that returns one at once";
    throw new ConfigError({ field: what, value: env === undefined ? "undefined" : env, allowed });
  }
  const members = env as Record<string, unknown>;
  const lacks = Object.entries(MEMBERS).flatMap(([name, type]) =>
    typeof members[name] === type ? [] : [`${name} (${article(type)})`],
  );
  if (lacks.length > 0) {
    const isPromise = typeof members.then === "function" ? " It is a promise: return the environment itself." : "";
    const allowed = `an environment with ${Object.keys(MEMBERS).join(", ")}`;
    throw new ConfigError({ field: what, allowed, fix: `It lacks ${lacks.join(", ")}.${isPromise}` });
  }
  return env as AnyEnv;
}

function article(type: string): string {
  return type === "object" ? "an object" : `a ${type}`;
}
