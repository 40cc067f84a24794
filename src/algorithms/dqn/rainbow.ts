/**
 * Rainbow: Hessel et al. 2018, "Rainbow: combining improvements in deep reinforcement learning". Deep Q-learning with everything
 * that `dqn` offers at once: double, dueling, 3 steps, noisy networks instead of ε, C51, and replay by priority, which goes by the
 * loss (its divergence) instead of an error. Deviations, for tasks smaller than Atari:
 *
 * | hyperparameter | paper | here |
 * |---|---|---|
 * | learningRate | 6.25e-5 | 5e-4 |
 * | learningStarts | 80 000 frames | 1000 |
 * | targetUpdateInterval | 32 000 frames | 500 |
 * | maxGradNorm | 10 | 10 |
 */
import { z } from "zod";
import type { Algorithm, CommonConfig } from "../algorithm.ts";
import { categoricalFields, checkDeepQ, checkRange, deepQFields } from "./config.ts";
import { deepQLearner, deepQPolicy } from "./deep-q-learner.ts";
import { categoricalHead } from "./heads/categorical.ts";
import { rainbowPresets } from "./presets.ts";

const schema = z.strictObject({
  ...deepQFields({
    learningRate: 5e-4,
    learningStarts: 1000,
    targetUpdateInterval: 500,
    adamEps: 1.5e-4,
    nSteps: 3,
    double: true,
    dueling: true,
    noisyNets: true,
    prioritizedReplay: true,
    priorityAlpha: 0.5,
    exploration: "greedy",
  }),
  ...categoricalFields,
});

export type RainbowConfig = z.infer<typeof schema> & CommonConfig;

export const rainbow: Algorithm<RainbowConfig> = {
  name: "rainbow",
  summary:
    "Deep Q-learning with all improvements at once: double, dueling, n-step, noisy, distributional, prioritised.",
  source: "Hessel et al. 2018, arXiv:1710.02298",
  schema,
  actionSpaces: ["discrete"],
  accepts: "dataset",
  presets: rainbowPresets,
  tells: true,
  check(config) {
    checkDeepQ(config);
    checkRange(config);
  },
  createPolicy: (context) => deepQPolicy(context, categoricalHead(context.config)),
  create: (context) => deepQLearner(context, categoricalHead(context.config)),
};
