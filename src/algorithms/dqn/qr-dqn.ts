/**
 * QR-DQN: Dabney, Rowland, Bellemare & Munos 2018, "Distributional reinforcement learning with quantile regression", algorithm 1:
 * deep Q-learning of the distribution of returns, as `nQuantiles` of its quantiles (see `heads/quantile.ts`): no range of returns
 * need be known. Actions go by the mean. Defaults are those of sb3-contrib.
 */
import { z } from "zod";
import type { Algorithm, CommonConfig } from "../algorithm.ts";
import { checkDeepQ, deepQFields, quantileFields } from "./config.ts";
import { deepQLearner, deepQPolicy } from "./deep-q-learner.ts";
import { quantileHead } from "./heads/quantile.ts";
import { qrDqnPresets } from "./presets.ts";

const schema = z.strictObject({
  ...deepQFields({
    learningRate: 5e-5,
    adamEps: 3e-4,
    maxGradNorm: null,
    explorationFraction: 0.005,
    explorationFinalEps: 0.01,
  }),
  ...quantileFields,
});

export type QrDqnConfig = z.infer<typeof schema> & CommonConfig;

export const qrDqn: Algorithm<QrDqnConfig> = {
  name: "qr-dqn",
  summary: "Deep Q-learning of the distribution of returns, as its quantiles.",
  source: "Dabney et al. 2018, arXiv:1710.10044",
  schema,
  actionSpaces: ["discrete"],
  accepts: "dataset",
  presets: qrDqnPresets,
  tells: true,
  check: checkDeepQ,
  createPolicy: (context) => deepQPolicy(context, quantileHead(context.config)),
  create: (context) => deepQLearner(context, quantileHead(context.config)),
};
