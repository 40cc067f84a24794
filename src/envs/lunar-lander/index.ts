import type { EnvSpec } from "../spec.ts";
import { LANDERS, lunarLanderDescriptions } from "./descriptions.ts";
import { LunarLander } from "./lunar-lander.ts";
import { LUNAR_LANDER_DEFAULTS, lunarLanderOptions } from "./options.ts";

/** Registry entries. */
export const lunarLanderSpecs: readonly EnvSpec[] = lunarLanderDescriptions.map((description) => {
  const { id } = description;
  const { continuous, enableWind } = LANDERS[id as keyof typeof LANDERS];
  const defaults = { ...LUNAR_LANDER_DEFAULTS, enableWind };
  return {
    ...description,
    create: (options) => new LunarLander(id, continuous, lunarLanderOptions(id, options, defaults)),
  };
});
