/** Environments that are loaded when they are asked for, because their code needs a large library. */

import { ConfigError } from "../errors.ts";
import { lunarLanderDescriptions } from "./lunar-lander/descriptions.ts";
import { mujocoDescriptions } from "./mujoco/descriptions.ts";
import type { EnvDescription, EnvSpec } from "./spec.ts";

/** Some environments that are loaded together. */
export interface EnvsOnDemand {
  /** What is known of each before it is loaded. */
  readonly descriptions: readonly EnvDescription[];
  /** A library that does not come with limpid, as npm installs it: `name` or `name@version`. */
  readonly needs?: string;
  /** Imports their code. */
  load(): Promise<readonly EnvSpec[]>;
}

/** In the order in which they are listed. */
export const envsOnDemand: readonly EnvsOnDemand[] = [
  {
    descriptions: lunarLanderDescriptions,
    load: async () => (await import("./lunar-lander/index.ts")).lunarLanderSpecs,
  },
  {
    descriptions: mujocoDescriptions,
    needs: "@mujoco/mujoco@3.14.0",
    load: async () => (await import("./mujoco/index.ts")).loadMujocoSpecs(),
  },
];

/** The specs of some environments. @throws ConfigError where their library is not installed; it may be tried again */
export async function loadSpecs(id: string, { needs, load }: EnvsOnDemand): Promise<readonly EnvSpec[]> {
  try {
    return await load();
  } catch (cause) {
    if (needs === undefined || !isMissing(needs, cause)) throw cause;
    throw new ConfigError(`env "${id}" needs a library that is not installed: npm install ${needs}`, { cause });
  }
}

/**
 * @internal Whether it is this library that was not found, in the words of Node or Vite, and not what it needs in its turn.
 * @param needs as npm installs it
 */
export function isMissing(needs: string, error: unknown): boolean {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  const name = needs.replace(/(?<=.)@.*/, "");
  const isNotFound = code === "ERR_MODULE_NOT_FOUND" || /^Could not resolve/.test(String(message));
  return isNotFound && new RegExp(`(package|resolve) ['"]${name}['"]`).test(String(message));
}
