import { Box, Discrete, MultiBinary, MultiDiscrete, type Space } from "../../spaces/index.ts";
import { readOptions } from "../options.ts";
import type { EnvSpec } from "../spec.ts";
import { IdentityEnv } from "./identity-env.ts";

const source = "as in the tests of Stable-Baselines3";

function identitySpec(id: string, space: Space<unknown>, description: string): EnvSpec {
  return {
    id,
    description,
    source,
    rewardThreshold: 90,
    create(options) {
      readOptions(id, options, {});
      return new IdentityEnv(space);
    },
  };
}

const masked: EnvSpec = {
  id: "IdentityMasked-v0",
  description: "Repeat which of 70 was shown; 55 others do not count, and a mask says which.",
  source,
  rewardThreshold: 90,
  create: (options) =>
    new IdentityEnv(new Discrete(70), readOptions("IdentityMasked-v0", options, { allowed: 15, showsMask: true })),
};

/** Registry entries. */
export const identitySpecs: readonly EnvSpec[] = [
  identitySpec("IdentityDiscrete-v0", new Discrete(4), "Repeat which of 4 was shown."),
  identitySpec("IdentityMultiDiscrete-v0", new MultiDiscrete([2, 3]), "Repeat which of 2 and which of 3 were shown."),
  identitySpec("IdentityMultiBinary-v0", new MultiBinary(3), "Repeat how 3 switches were shown."),
  identitySpec("IdentityBox-v0", new Box(-1, 1, [2]), "Repeat two numbers that were shown."),
  masked,
];
