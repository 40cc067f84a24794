/**
 * Q-learning with continuous actions by search, as in QT-Opt: Kalashnikov et al. 2018, "QT-Opt: Scalable deep reinforcement learning
 * for vision-based robotic manipulation", sections 4.2 and 4.3. Q(s, a) may have any form; the best action, for the targets and
 * for acting, is searched by the cross-entropy method. Q_k move towards r + γ min_k Q̄_k(s′, argmax_a Q̄_0(s′, a)) on transitions
 * from a replay buffer. Deviations:
 *
 * - the error is squared, where the paper has the cross-entropy of a success probability, as rewards may be any;
 * - the second critic is one of its own, where the paper has an older copy of the first;
 * - one process, a first round of uniform actions, and noise on actions to explore.
 */
import { z } from "zod";
import { ConfigError } from "../../errors.ts";
import { adam } from "../../nn/index.ts";
import { add, backward, mean, mseLoss, mul, noGrad, randomStream } from "../../tensor/index.ts";
import type { Algorithm, CommonConfig, LearnerContext, PolicyContext } from "../algorithm.ts";
import * as field from "../config.ts";
import { bestActionFields, bestActionLearner, bestActionPolicy } from "../off-policy/best-action-learner.ts";
import { replayMemory } from "../off-policy/replay-memory.ts";
import { follow } from "../off-policy/target-network.ts";
import type { TransitionLearner } from "../off-policy/transition-learner.ts";
import { cemQPresets } from "./presets.ts";
import { SearchNetwork } from "./search-network.ts";

const schema = z.strictObject({
  ...bestActionFields("relu", "", 10),
  nCritics: z
    .int()
    .min(1)
    .max(2)
    .default(2)
    .describe("2: the worse of two critics judges the best next action, against overestimation. 1 or 2."),
  nSamples: field.count(64, "Actions of each round of the search for the best one. Usual: 16 to 64."),
  nElites: field.count(6, "The best of them, which the next round comes from. Usual: a tenth of nSamples."),
  nIterations: field.count(2, "Rounds of the search. Usual: 2 or 3."),
});

export type CemQConfig = z.infer<typeof schema> & CommonConfig;

function createNetwork({ config, observationSpace, actionSpace, key }: PolicyContext<CemQConfig>): SearchNetwork {
  const { hidden, activation, nCritics, nSamples, nElites, nIterations } = config;
  return new SearchNetwork({
    ...{ observationSize: observationSpace.flatSize, actionSize: actionSpace.actionSize, hidden, activation },
    ...{ count: nCritics, samples: nSamples, elites: nElites, iterations: nIterations, key: key.split("network") },
  });
}

function createPolicy(context: PolicyContext<CemQConfig>) {
  return bestActionPolicy(createNetwork(context), context);
}

function create(context: LearnerContext<CemQConfig>): TransitionLearner {
  const { config, key } = context;
  const policy = createPolicy(context);
  const { network } = policy.network;
  const target = createNetwork(context);
  const optimiser = adam(network, { maxGradNorm: config.maxGradNorm });
  const stream = randomStream(key.split("actions"));
  const memory = replayMemory(context, "numbers");
  const update = memory.record(({ observations, actions, nextObservations, returns, discounts, weights }) => {
    const targets = noGrad(() => {
      const best = target.best(nextObservations, target.draws(config.batchSize, stream));
      return add(returns, mul(discounts, target.critics.least(nextObservations, best)));
    });
    const values = network.critics.values(observations, actions);
    const losses = values.map((value) => mean(mul(mseLoss(value, targets, "none"), weights)));
    optimiser.update(backward(losses.reduce((total, loss) => add(total, loss))));
    follow(target.parameters(), network.parameters(), config.tau);
    return noGrad(() => ({ loss: losses[0]!, value: mean(values[0]!) }));
  });
  return bestActionLearner(context, {
    ...{ policy, target, optimiser, memory, stream },
    learn() {
      const { loss, value } = update.run();
      return {
        "loss/value": loss.item(),
        "value/mean": value.item(),
        "gradient/norm": optimiser.gradientNorm!.item(),
      };
    },
  });
}

export const cemQ: Algorithm<CemQConfig> = {
  name: "cem-q",
  summary: "Q-learning that searches the best action by the cross-entropy method, from a replay buffer; for numbers.",
  source: "Kalashnikov et al. 2018, arXiv:1806.10293",
  schema,
  actionSpaces: ["box"],
  check({ nElites, nSamples }) {
    if (nElites <= nSamples) return;
    throw new ConfigError({ field: "nElites", value: nElites, allowed: `at most nSamples (${nSamples})` });
  },
  presets: cemQPresets,
  createPolicy,
  create,
};
