import { ConfigError } from "../../errors.ts";
import { readOptions } from "../options.ts";

export const LUNAR_LANDER_DEFAULTS = {
  /** [m/s²], between −12 and 0. */
  gravity: -10,
  /** Whether wind blows while no leg touches the ground. */
  enableWind: false,
  /** Largest force of the wind [N]; up to 20 is meant. */
  windPower: 15,
  /** Largest torque of the wind [N·m]; up to 2 is meant. */
  turbulencePower: 1.5,
};

export type LunarLanderOptions = typeof LUNAR_LANDER_DEFAULTS;

/** @throws ConfigError for an unknown option, a value of the wrong kind, or one outside its range */
export function lunarLanderOptions(
  id: string,
  given: Partial<LunarLanderOptions>,
  defaults: LunarLanderOptions,
): LunarLanderOptions {
  const options = readOptions(id, given, defaults);
  const { gravity } = options;
  if (!(gravity > -12 && gravity < 0)) {
    throw new ConfigError({ field: `${id} option gravity`, value: gravity, allowed: "a number between -12 and 0" });
  }
  for (const name of ["windPower", "turbulencePower"] as const) {
    if (options[name] >= 0) continue;
    throw new ConfigError({ field: `${id} option ${name}`, value: options[name], allowed: "a number of at least 0" });
  }
  return options;
}
