/**
 * Behaviour cloning: Pomerleau 1991, "Efficient training of artificial neural networks for autonomous navigation"; the log-loss form of
 * Ross & Bagnell 2010, "Efficient reductions for imitation learning". A policy learns to do what was recorded,
 *
 *     L = −(1/B) Σ_i log π(a_i | s_i) − entCoef (1/B) Σ_i H(π(·|s_i))
 *
 * whatever came of it: rewards are not looked at. With `loss: "mse"` the mean of a Gaussian policy follows recorded numbers by
 * squared error, Σ over the entries of an action; its spread stays what `logStdInit` says.
 */
import { z } from "zod";
import type { TransitionBatch } from "../../data/index.ts";
import { ConfigError } from "../../errors.ts";
import { adam } from "../../nn/index.ts";
import { add, backward, mean, mul, neg, square, sub, sum, type Tensor } from "../../tensor/index.ts";
import { ActorCritic } from "../actor-critic.ts";
import { ActorCriticPolicy } from "../actor-critic-policy.ts";
import type { Algorithm, CommonConfig, LearnerContext, PolicyContext } from "../algorithm.ts";
import * as field from "../config.ts";
import { OfflineLoop } from "../off-policy/offline-loop.ts";
import { TransitionLearner } from "../off-policy/transition-learner.ts";
import { offlineFields } from "./config.ts";
import { recordedMemory } from "./recorded-memory.ts";

const schema = z.strictObject({
  ...offlineFields,
  steps: field.count(10_000, "Gradient steps to train for; no environment is stepped."),
  gamma: z.literal(0).default(0).describe("Not used: no reward is learned from."),
  orthogonalInit: field.networkFields.orthogonalInit,
  logStdInit: field.networkFields.logStdInit,
  learningRate: field.scheduled(1e-3, "Step size of Adam. Usual: 1e-4 to 3e-3."),
  loss: field.oneOf(["logProb", "mse"], "logProb", "Likelihood of what was done, or squared error of numbers (Box)."),
  entCoef: field.nonNegative(1e-3, "Weight of the entropy: how undecided it stays. Usual: 0 to 0.01."),
});

export type BehaviourCloningConfig = z.infer<typeof schema> & CommonConfig;

/** The loss above, and the part of it that says how far the policy is from what was recorded. One element each. */
export function behaviourCloningLoss(
  network: Pick<ActorCritic, "policy">,
  { observations, actions, masks }: Pick<TransitionBatch, "observations" | "actions" | "masks">,
  { loss, entCoef }: Pick<BehaviourCloningConfig, "loss" | "entCoef">,
): { readonly total: Tensor; readonly imitation: Tensor } {
  const policy = network.policy(observations, { mask: masks });
  if (loss === "mse") {
    const imitation = mean(sum(square(sub(policy.mode(), actions)), 1));
    return { total: imitation, imitation };
  }
  const imitation = neg(mean(policy.logProb(actions)));
  if (entCoef === 0) return { total: imitation, imitation };
  return { total: add(imitation, mul(mean(policy.entropy()), -entCoef)), imitation };
}

function createPolicy(context: PolicyContext<BehaviourCloningConfig>): ActorCriticPolicy {
  const { config, observationSpace, actionSpace, key } = context;
  if (config.loss === "mse" && actionSpace.kind !== "box") {
    throw new ConfigError({ field: "loss", value: "mse", allowed: `"logProb" where actions are ${actionSpace.kind}` });
  }
  const network = new ActorCritic({
    ...config,
    observationSize: observationSpace.flatSize,
    actionSpace,
    critic: "none",
    key: key.split("network"),
  });
  return new ActorCriticPolicy(network, context);
}

function create(context: LearnerContext<BehaviourCloningConfig>): TransitionLearner {
  const { config } = context;
  const policy = createPolicy(context);
  const { network } = policy;
  const { "policy.logStd": _spread, ...means } = network.parameters();
  const optimiser = adam(config.loss === "mse" ? means : network.parameters());
  const memory = recordedMemory(context);
  const update = memory.record((batch) => {
    const loss = behaviourCloningLoss(network, batch, config);
    optimiser.update(backward(loss.total));
    return loss;
  });
  return new TransitionLearner(new OfflineLoop({ memory, config }), config.learningRate, {
    policy,
    learn: () => ({ "loss/imitation": update.run().imitation.item() }),
    optimisers: { optimiser },
    tensors: {},
  });
}

export const behaviourCloning: Algorithm<BehaviourCloningConfig> = {
  name: "behaviour-cloning",
  summary: "Does what was recorded, by supervised learning; the contrast to learning from rewards.",
  source: "Pomerleau 1991; Ross & Bagnell 2010",
  schema,
  actionSpaces: ["discrete", "multi-discrete", "multi-binary", "box"],
  needs: "dataset",
  presets: {},
  createPolicy,
  create,
};
