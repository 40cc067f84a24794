/**
 * Deep Q-learning: Mnih et al. 2015, "Human-level control through deep reinforcement learning", algorithm 1. A network Q(s, a)
 * moves towards what transitions from a replay buffer say, with a target network Q̄ that follows it slowly:
 *
 *     y = r + γ max_a′ Q̄(s′, a′),   θ ← θ − α ∇_θ loss(Q(s, a), y)
 *
 * Each of these parts may be left out or replaced, and all improvements of `rainbow` can be had one by one:
 *
 * | hyperparameter | improvement |
 * |---|---|
 * | double | y = r + γ Q̄(s′, argmax_a′ Q(s′, a′)): van Hasselt et al. 2016, equation 4 |
 * | dueling | Q = V + A − mean A: Wang et al. 2016, equation 9 |
 * | nSteps | n rewards before Q̄: Sutton & Barto 2018, equation 7.1; off-policy without correction, as in Rainbow |
 * | noisyNets | weights that explore: Fortunato et al. 2018 |
 * | distributional | the whole distribution of returns: Bellemare et al. 2017 (c51), Dabney et al. 2018 (quantile) |
 * | prioritizedReplay | more of what was wrong: Schaul et al. 2016 |
 *
 * Deviations: Huber's loss unless `loss` says otherwise, as in Stable-Baselines3 (the paper clips the squared error's gradient,
 * which is the same); Adam instead of RMSprop; steps that time limits cut off are bootstrapped.
 */
import { z } from "zod";
import type { Algorithm, CommonConfig, PolicyContext } from "../algorithm.ts";
import * as field from "../config.ts";
import { categoricalFields, checkDeepQ, checkRange, deepQFields, lossFields, quantileFields } from "./config.ts";
import { deepQLearner, deepQPolicy } from "./deep-q-learner.ts";
import { categoricalHead } from "./heads/categorical.ts";
import { expectedValueHead } from "./heads/expected-value.ts";
import { quantileHead } from "./heads/quantile.ts";
import type { ValueHead } from "./heads/value-head.ts";
import { dqnPresets } from "./presets.ts";

const schema = z.strictObject({
  ...deepQFields(),
  ...lossFields,
  distributional: field.oneOf(
    ["none", "c51", "quantile"],
    "none",
    "What is learned of returns: their mean, how likely each of a range is, or their quantiles.",
  ),
  ...categoricalFields,
  ...quantileFields,
});

export type DqnConfig = z.infer<typeof schema> & CommonConfig;

function headOf({ config }: PolicyContext<DqnConfig>): ValueHead {
  if (config.distributional === "c51") return categoricalHead(config);
  if (config.distributional === "quantile") return quantileHead(config);
  return expectedValueHead(config.loss);
}

export const dqn: Algorithm<DqnConfig> = {
  name: "dqn",
  summary: "Deep Q-learning from a replay buffer, with all its improvements to choose from; for discrete actions.",
  source: "Mnih et al. 2015, doi:10.1038/nature14236",
  schema,
  actionSpaces: ["discrete"],
  accepts: "dataset",
  presets: dqnPresets,
  tells: true,
  check(config) {
    checkDeepQ(config);
    checkRange(config);
  },
  createPolicy: (context) => deepQPolicy(context, headOf(context)),
  create: (context) => deepQLearner(context, headOf(context)),
};
