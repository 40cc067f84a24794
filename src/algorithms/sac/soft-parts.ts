/** What `sac` and `cql-sac` are made of: a squashed Gaussian actor, two critics and those that follow, a temperature. */
import { type ActivationName, adam } from "../../nn/index.ts";
import { ActorCriticPolicy } from "../actor-critic-policy.ts";
import type { CommonConfig, PolicyContext } from "../algorithm.ts";
import { BoundedActions } from "../off-policy/bounded-actions.ts";
import type { SacParts } from "./sac-update.ts";
import { SoftActorCritic } from "./soft-actor-critic.ts";
import { Temperature } from "./temperature.ts";

interface SoftPolicyConfig extends CommonConfig {
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
}

interface SoftPartsConfig extends SoftPolicyConfig {
  readonly entCoef: ConstructorParameters<typeof Temperature>[0];
  readonly targetEntropy: number | "auto";
}

/** The policy before anything is learned. */
export function softPolicy(context: PolicyContext<SoftPolicyConfig>): ActorCriticPolicy<SoftActorCritic> {
  return new ActorCriticPolicy(createNetwork(context), context);
}

/** What an update reads and moves, around the policy's network. */
export function softParts(
  context: PolicyContext<SoftPartsConfig>,
  { network: { actor, critics } }: ActorCriticPolicy<SoftActorCritic>,
): SacParts {
  const { config, actionSpace } = context;
  return {
    actor,
    critics,
    targets: createNetwork(context).critics,
    temperature: new Temperature(config.entCoef),
    actorOptimiser: adam(actor),
    criticOptimiser: adam(critics),
    targetEntropy: config.targetEntropy === "auto" ? -actionSpace.actionSize : config.targetEntropy,
  };
}

function createNetwork({ config, observationSpace, actionSpace, key }: PolicyContext<SoftPolicyConfig>) {
  const { hidden, activation } = config;
  const sizes = { observationSize: observationSpace.flatSize, hidden, activation, key: key.split("network") };
  return new SoftActorCritic(new BoundedActions(actionSpace, config.algorithm), sizes);
}
