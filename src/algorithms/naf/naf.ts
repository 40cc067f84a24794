/**
 * Normalised advantage functions: Gu et al. 2016, "Continuous deep Q-learning with model-based acceleration", algorithm 1 without
 * the model. Q(s, a) = V(s) − ½ (a − μ(s))ᵀ P(s) (a − μ(s)) has its maximum V(s) at μ(s) by construction, so that Q-learning
 * needs no search for the best next action: Q moves towards r + γ V̄(s′) on transitions from a replay buffer. Deviations:
 *
 * - tanh keeps μ within the bounds of the actions, as Q beyond them is never learned; a small price on what goes into it keeps it
 *   from standing at a bound, where no gradient comes back;
 * - hidden layers of tanh, one update for each step, and no batch normalisation;
 * - gradients are limited in length: the logarithms of the diagonal of L make Q steep where they are large.
 */
import { z } from "zod";
import { adam } from "../../nn/index.ts";
import { add, affine, backward, mean, mseLoss, mul, noGrad, randomStream, square } from "../../tensor/index.ts";
import type { Algorithm, CommonConfig, LearnerContext, PolicyContext } from "../algorithm.ts";
import * as field from "../config.ts";
import { bestActionFields, bestActionLearner, bestActionPolicy } from "../off-policy/best-action-learner.ts";
import { replayMemory } from "../off-policy/replay-memory.ts";
import { follow } from "../off-policy/target-network.ts";
import type { TransitionLearner } from "../off-policy/transition-learner.ts";
import { NafNetwork } from "./naf-network.ts";
import { nafPresets } from "./presets.ts";

const schema = z.strictObject({
  ...bestActionFields("tanh", "; tanh keeps μ off its bounds longer", 1),
  saturationCoef: field.nonNegative(
    0.01,
    "Price of squares before the tanh of μ: not stuck at a bound. Usual: 0 to 0.1.",
  ),
});

export type NafConfig = z.infer<typeof schema> & CommonConfig;

function createNetwork({ config, observationSpace, actionSpace, key }: PolicyContext<NafConfig>): NafNetwork {
  const { hidden, activation } = config;
  const [observationSize, actionSize] = [observationSpace.flatSize, actionSpace.actionSize];
  return new NafNetwork({ observationSize, actionSize, hidden, activation, key: key.split("network") });
}

function createPolicy(context: PolicyContext<NafConfig>) {
  return bestActionPolicy(createNetwork(context), context);
}

function create(context: LearnerContext<NafConfig>): TransitionLearner {
  const { config, key } = context;
  const policy = createPolicy(context);
  const { network } = policy.network;
  const target = createNetwork(context);
  const optimiser = adam(network, { maxGradNorm: config.maxGradNorm });
  const memory = replayMemory(context, "numbers");
  const update = memory.record(({ observations, actions, nextObservations, returns, discounts, weights }) => {
    const targets = noGrad(() => add(returns, mul(discounts, target.values(nextObservations))));
    const { values, preMeans } = network.judge(observations, actions);
    const loss = mean(mul(mseLoss(values, targets, "none"), weights));
    const saturation = mean(square(preMeans));
    optimiser.update(backward(add(loss, affine(saturation, config.saturationCoef, 0))));
    follow(target.parameters(), network.parameters(), config.tau);
    return { loss, saturation, value: noGrad(() => mean(values)) };
  });
  return bestActionLearner(context, {
    ...{ policy, target, optimiser, memory, stream: randomStream(key.split("actions")) },
    learn() {
      const { loss, saturation, value } = update.run();
      return {
        "loss/value": loss.item(),
        "value/mean": value.item(),
        "policy/saturation": saturation.item(),
        "gradient/norm": optimiser.gradientNorm!.item(),
      };
    },
  });
}

export const naf: Algorithm<NafConfig> = {
  name: "naf",
  summary: "Q-learning with a Q that is quadratic in the action, from a replay buffer; for actions that are numbers.",
  source: "Gu et al. 2016, arXiv:1603.00748",
  schema,
  actionSpaces: ["box"],
  presets: nafPresets,
  createPolicy,
  create,
};
