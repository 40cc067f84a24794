/**
 * Soft actor-critic for discrete actions: Christodoulou 2019, "Soft Actor-Critic for Discrete Action Settings", algorithm 1. As soft
 * actor-critic, but Q is known of every action at once, so that the expectations over actions are sums and nothing is drawn in
 * an update. Deviations:
 *
 * - log α is learned in the place of α, and the order within an update is that of `sac`;
 * - where masks say which actions are allowed, the target entropy is that share of the logarithm of their number.
 */
import { z } from "zod";
import { Categorical } from "../../distributions/index.ts";
import { log } from "../../math/index.ts";
import { adam } from "../../nn/index.ts";
import { mul, randomStream, zeros } from "../../tensor/index.ts";
import { ActorCriticPolicy } from "../actor-critic-policy.ts";
import type { Algorithm, CommonConfig, LearnerContext, PolicyContext } from "../algorithm.ts";
import { actorCriticFields } from "../off-policy/actor-critic-config.ts";
import { planActions } from "../off-policy/plan-actions.ts";
import { ReplayLoop } from "../off-policy/replay-loop.ts";
import { replayMemory } from "../off-policy/replay-memory.ts";
import type { TransitionLearner } from "../off-policy/transition-learner.ts";
import { softFields, targetEntropyField } from "./config.ts";
import { DiscreteSoftActorCritic } from "./discrete-soft-actor-critic.ts";
import { type DiscreteSacParts, discreteSacUpdate, greatestEntropy } from "./discrete-update.ts";
import { discreteSacPresets } from "./presets.ts";
import { softLearner, softMetrics } from "./soft-learner.ts";
import { Temperature } from "./temperature.ts";

/** Of the largest entropy, what a learned temperature keeps (Christodoulou 2019, section 4.1). */
const SHARE = 0.98;

const schema = z.strictObject({
  ...actorCriticFields([256, 256], 3e-4),
  ...softFields,
  targetEntropy: targetEntropyField("0.98 of the largest there is, that of choosing blindly"),
});

export type DiscreteSacConfig = z.infer<typeof schema> & CommonConfig;

function createNetwork({ config, observationSpace, actionSpace, key }: PolicyContext<DiscreteSacConfig>) {
  return new DiscreteSoftActorCritic({
    observationSize: observationSpace.flatSize,
    actions: actionSpace.maskSize,
    hidden: config.hidden,
    activation: config.activation,
    key: key.split("network"),
  });
}

function createPolicy(context: PolicyContext<DiscreteSacConfig>): ActorCriticPolicy<DiscreteSoftActorCritic> {
  return new ActorCriticPolicy(createNetwork(context), context);
}

function create(context: LearnerContext<DiscreteSacConfig>): TransitionLearner {
  const { config, env, key } = context;
  const { count, actionSpace } = env;
  const policy = createPolicy(context);
  const { network } = policy;
  const parts: DiscreteSacParts = {
    network,
    target: createNetwork(context),
    temperature: new Temperature(config.entCoef),
    actorOptimiser: adam(network.actorParameters()),
    criticOptimiser: adam(network.criticParameters()),
    targetEntropy(masks) {
      if (config.targetEntropy !== "auto") return config.targetEntropy;
      return masks ? mul(greatestEntropy(masks), SHARE) : SHARE * log(actionSpace.maskSize);
    },
  };
  const stream = randomStream(key.split("actions"));
  const memory = replayMemory(context, "choices");
  const update = memory.record((batch) => discreteSacUpdate(parts, batch));
  const loop = new ReplayLoop({
    ...{ env, memory, config },
    explore: planActions(env, {
      policy: (observations, mask) => network.policy(observations, { mask }).sample(stream),
      random: (mask) => new Categorical(zeros([count, actionSpace.maskSize]), mask).sample(stream),
    }),
  });
  return softLearner(loop, config, {
    ...{ ...parts, policy, stream },
    critics: network.criticParameters(),
    targets: parts.target.criticParameters(),
    learn: () => softMetrics(update.run()),
  });
}

export const discreteSac: Algorithm<DiscreteSacConfig> = {
  name: "sac-discrete",
  summary: "Soft actor-critic from a replay buffer, with a learned temperature; for discrete actions.",
  source: "Christodoulou 2019, arXiv:1910.07207",
  schema,
  actionSpaces: ["discrete"],
  presets: discreteSacPresets,
  createPolicy,
  create,
};
