/**
 * C51: Bellemare, Dabney & Munos 2017, "A distributional perspective on reinforcement learning", algorithm 1: deep Q-learning of
 * the whole distribution of returns, as the probabilities of `atoms` fixed ones (see `heads/categorical.ts`). Actions still go by its mean.
 * Defaults are the paper's where Atari does not matter: Adam's ε of 0.01 over the batch size, no limit to the gradient. All returns
 * must lie between `vMin` and `vMax`: what lies outside counts as the bound.
 */
import { z } from "zod";
import type { Algorithm, CommonConfig } from "../algorithm.ts";
import { categoricalFields, checkDeepQ, checkRange, deepQFields } from "./config.ts";
import { deepQLearner, deepQPolicy } from "./deep-q-learner.ts";
import { categoricalHead } from "./heads/categorical.ts";
import { c51Presets } from "./presets.ts";

const schema = z.strictObject({
  ...deepQFields({ learningRate: 2.5e-4, adamEps: 3e-4, maxGradNorm: null }),
  ...categoricalFields,
});

export type C51Config = z.infer<typeof schema> & CommonConfig;

export const c51: Algorithm<C51Config> = {
  name: "c51",
  summary: "Deep Q-learning of the distribution of returns, as the probabilities of fixed ones.",
  source: "Bellemare et al. 2017, arXiv:1707.06887",
  schema,
  actionSpaces: ["discrete"],
  accepts: "dataset",
  presets: c51Presets,
  tells: true,
  check(config) {
    checkDeepQ(config);
    checkRange(config);
  },
  createPolicy: (context) => deepQPolicy(context, categoricalHead(context.config)),
  create: (context) => deepQLearner(context, categoricalHead(context.config)),
};
