import type { Algorithm } from "./algorithm.ts";
import { ppo } from "./ppo.ts";
import { reinforce } from "./reinforce.ts";

/** Every algorithm there is, by name. */
export const algorithms: Readonly<Record<string, Algorithm>> = {
  ppo: ppo as unknown as Algorithm,
  reinforce: reinforce as unknown as Algorithm,
};
