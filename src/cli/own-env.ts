/** Environments of the user's own, on the command line. */

import type { AnyEnv } from "../envs/index.ts";
import { ConfigError } from "../errors.ts";

export interface ChosenEnv {
  /** What the run calls it: a registered id, or the file as it was given. */
  readonly name: string | undefined;
  /** For an environment of the user's own. */
  readonly makeEnv?: () => AnyEnv;
}

/**
 * The environment that was asked for by `<env>` or `--env-module`, one of them; loaded, if it is one that has to be.
 * @throws ConfigError if both are given, or the file cannot be used
 */
export async function chooseEnv(env: string | undefined, module: string | undefined): Promise<ChosenEnv> {
  const { isEnvModule, loadEnvModule } = await import("../node/env-module.ts");
  if (module !== undefined && env !== undefined && env !== module) {
    throw new ConfigError({ field: "env", value: env, allowed: `left out, since --env-module ${module} is given` });
  }
  const file = module ?? (env !== undefined && isEnvModule(env) ? env : undefined);
  if (file !== undefined) return { name: file, makeEnv: await loadEnvModule(file) };
  if (env !== undefined) await loadRegistered(env);
  return { name: env };
}

/**
 * The environment of a run that exists. Its file is never loaded because the run says so, since a run may come from
 * anywhere and loading runs code: the user names the file again.
 * @throws ConfigError if the run needs a file and none is given
 */
export async function envOfRun(name: string, module: string | undefined): Promise<ChosenEnv> {
  const { loadEnvModule } = await import("../node/env-module.ts");
  if (module !== undefined) return { name, makeEnv: await loadEnvModule(module) };
  if (await loadRegistered(name)) return { name };
  const fix = `If you trust that file, give it: --env-module ${name}.`;
  throw new ConfigError(
    `the run was made with an environment of its own, ${name}, which is not loaded unasked. ${fix}`,
  );
}

/** Loads what is registered, and where it is evaluated. @returns whether there is such an environment */
async function loadRegistered(name: string): Promise<boolean> {
  const { envIds, evaluationEnv, loadEnv } = await import("../envs/index.ts");
  if (!envIds().includes(name)) return false;
  await loadEnv(name);
  await loadEnv(evaluationEnv(name));
  return true;
}
