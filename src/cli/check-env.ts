/** `limpid check-env`: what would go wrong with an environment in training. */

import { checkEnv, type Finding, makeEnv } from "../envs/index.ts";
import { ConfigError } from "../errors.ts";
import { placeOf } from "../node/user-place.ts";
import { readInteger } from "./options.ts";
import { Output } from "./output.ts";
import { chooseEnv } from "./own-env.ts";

export interface CheckEnvCommandOptions {
  readonly envModule?: string;
  readonly steps?: string;
  readonly seed?: string;
  readonly json?: boolean;
}

/** @returns 1 where training would fail or learn from wrong data */
export async function checkEnvCommand(env: string | undefined, options: CheckEnvCommandOptions): Promise<number> {
  const output = new Output(options.json);
  const steps = options.steps === undefined ? undefined : readInteger("steps", options.steps, 1);
  const seed = options.seed === undefined ? undefined : readInteger("seed", options.seed, 0);
  const { name, makeEnv: own } = await chooseEnv(env, options.envModule);
  if (name === undefined) {
    throw new ConfigError({ field: "env", allowed: "given: a registered id, or a file of your own" });
  }
  const make = own ?? (() => makeEnv(name));
  if (!own) make(); // an unknown id is the user's mistake, not a finding
  const findings = checkEnv(make, { steps, seed }).map(located);
  for (const finding of findings) output.say(line(finding));
  const errors = findings.filter(({ severity }) => severity === "error").length;
  output.say(errors > 0 ? `${name} cannot be trained on as it is.` : `${name} can be trained on.`);
  output.result({ env: name, ok: errors === 0, findings });
  return errors > 0 ? 1 : 0;
}

/** With the place in the user's file that threw, where it is known, in place of what was thrown. */
function located({ cause, message, ...finding }: Finding): Finding {
  const place = placeOf(cause);
  return { ...finding, message: place ? `${message} (${place})` : message };
}

function line({ severity, field, message, fix }: Finding): string {
  return `${severity}: ${field}: ${message}. ${fix}`;
}
