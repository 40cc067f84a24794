/**
 * Soft actor-critic: Haarnoja et al. 2018b, "Soft Actor-Critic Algorithms and Applications", algorithm 1. A stochastic policy
 * maximises return plus α times its entropy, from a replay buffer: two critics Q_k move towards
 * r + γ (min_k Q̄_k(s′, a′) − α log π(a′|s′)), the policy up the slope of min_k Q_k − α log π, and α so that the policy keeps a
 * target entropy. Deviations:
 *
 * - log α is learned in the place of α, and an update goes temperature, critics, actor, target networks, as in
 *   Stable-Baselines3;
 * - log σ is limited to −20 … 2, as in the authors' own program.
 */
import { z } from "zod";
import { randomStream } from "../../tensor/index.ts";
import type { Algorithm, CommonConfig, LearnerContext } from "../algorithm.ts";
import { actorCriticFields } from "../off-policy/actor-critic-config.ts";
import { BoundedActions } from "../off-policy/bounded-actions.ts";
import { planNumbers } from "../off-policy/plan-actions.ts";
import { ReplayLoop } from "../off-policy/replay-loop.ts";
import { replayMemory } from "../off-policy/replay-memory.ts";
import type { TransitionLearner } from "../off-policy/transition-learner.ts";
import { softFields, targetEntropyField } from "./config.ts";
import { sacPresets } from "./presets.ts";
import { recordUpdate } from "./record-update.ts";
import { softLearner, softMetrics } from "./soft-learner.ts";
import { softParts, softPolicy } from "./soft-parts.ts";

const schema = z.strictObject({
  ...actorCriticFields([256, 256], 3e-4),
  ...softFields,
  targetEntropy: targetEntropyField("−1 for each entry of the action"),
});

export type SacConfig = z.infer<typeof schema> & CommonConfig;

function create(context: LearnerContext<SacConfig>): TransitionLearner {
  const { config, env, key } = context;
  const policy = softPolicy(context);
  const parts = softParts(context, policy);
  const { actor, critics } = parts;
  const stream = randomStream(key.split("actions"));
  const memory = replayMemory(context, "numbers");
  const update = recordUpdate(parts, memory, ({ gaussian }) => gaussian.sample(stream), context);
  const loop = new ReplayLoop({
    ...{ env, memory, config },
    explore: planNumbers(env, stream, (observations) => actor.distribution(observations).sample(stream)),
    toEnv: new BoundedActions(env.actionSpace, config.algorithm).forEnvs(env.count),
  });
  return softLearner(loop, config, {
    ...{ ...parts, policy, stream },
    critics: critics.parameters(),
    targets: parts.targets.parameters(),
    learn: () => softMetrics(update.run()),
  });
}

export const sac: Algorithm<SacConfig> = {
  name: "sac",
  summary: "Soft actor-critic from a replay buffer, with a learned temperature; for actions that are numbers.",
  source: "Haarnoja et al. 2018b, arXiv:1812.05905",
  schema,
  actionSpaces: ["box"],
  presets: sacPresets,
  tells: true,
  createPolicy: softPolicy,
  create,
};
