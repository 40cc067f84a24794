/** Every lab by its name. */
import { ConfigError, nearest } from "../errors.ts";
import { actorCritic } from "./actor-critic/actor-critic.ts";
import { backpropPong } from "./backprop-pong/backprop-pong.ts";
import { bellman } from "./bellman/bellman.ts";
import { derivatives } from "./derivatives/derivatives.ts";
import { exploreExploit } from "./explore-exploit/explore-exploit.ts";
import type { Lab } from "./lab.ts";
import { qLearning } from "./q-learning/q-learning.ts";
import { variance } from "./variance/variance.ts";

export const labs: Readonly<Record<string, Lab>> = Object.fromEntries(
  [exploreExploit, backpropPong, derivatives, variance, bellman, actorCritic, qLearning].map((lab) => [lab.name, lab]),
);

/** @throws ConfigError for a name that no lab has */
export function findLab(name: string): Lab {
  if (Object.hasOwn(labs, name)) return labs[name]!;
  const near = nearest(name, Object.keys(labs));
  const allowed = `one of ${Object.keys(labs).join(", ")}`;
  throw new ConfigError({ field: "lab", value: name, allowed, fix: near && `Did you mean "${near}"?` });
}
