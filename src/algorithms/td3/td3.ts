/**
 * Twin delayed deep deterministic policy gradient: Fujimoto et al. 2018, "Addressing Function Approximation Error in Actor-Critic
 * Methods", algorithm 1. A deterministic actor climbs Q_0(s, μ(s)); two critics move towards r + γ min_k Q̄_k(s′, μ̄(s′) + ε), by the
 * worse of them and with noise on the action, so that errors upwards are not followed; actor and target networks move every
 * `policyDelay` gradient steps only. Deviations:
 *
 * - Adam's step size is the same for actor and critics, and defaults are Stable-Baselines3's; but there is noise on the actions
 *   from the start (the paper's), where that library has none unless it is asked for.
 */
import { z } from "zod";
import { backward, clip, mean, noGrad, plan, randomNormal } from "../../tensor/index.ts";
import type { Algorithm, CommonConfig, LearnerContext } from "../algorithm.ts";
import * as field from "../config.ts";
import { actorCriticFields } from "../off-policy/actor-critic-config.ts";
import { follow } from "../off-policy/target-network.ts";
import type { TransitionLearner } from "../off-policy/transition-learner.ts";
import { deterministicLearner, deterministicParts, deterministicPolicy } from "./deterministic-learner.ts";
import { criticLoss, deterministicActorLoss, deterministicTargets } from "./deterministic-loss.ts";
import { noiseFields } from "./noise.ts";
import { td3Presets } from "./presets.ts";

const schema = z.strictObject({
  ...actorCriticFields([400, 300], 1e-3),
  ...noiseFields("normal", 0.1),
  policyDelay: field.count(2, "Gradient steps of the critics for one of the actor. Usual: 1 to 4."),
  targetPolicyNoise: field.nonNegative(
    0.2,
    "σ of the noise on the actions of targets: how smooth Q is made. Usual: 0.1 to 0.5.",
  ),
  targetNoiseClip: field.positive(0.5, "Limit of that noise. Usual: 0.3 to 1."),
});

export type Td3Config = z.infer<typeof schema> & CommonConfig;

function create(context: LearnerContext<Td3Config>): TransitionLearner {
  const { policyDelay, targetPolicyNoise, targetNoiseClip, tau } = context.config;
  const parts = deterministicParts(context, 2);
  const { network, target, actorOptimiser, criticOptimiser, memory, stream } = parts;
  const critics = memory.record((batch) => {
    const noise = randomNormal(stream, batch.actions.shape, { std: targetPolicyNoise });
    const limited = clip(noise, -targetNoiseClip, targetNoiseClip);
    const targets = noGrad(() => deterministicTargets(target, batch, limited));
    const { total, values } = criticLoss(network, batch, targets);
    criticOptimiser.update(backward(total));
    return { total, value: noGrad(() => mean(values)), observations: batch.observations };
  });
  const actor = plan({}, () => {
    const loss = deterministicActorLoss(network, critics.outputs.observations);
    actorOptimiser.update(backward(loss));
    follow(target.parameters(), network.parameters(), tau);
    return loss;
  });
  return deterministicLearner(context, parts, () => {
    const { total, value } = critics.run();
    const measured = { "loss/value": total.item(), "value/mean": value.item() };
    if (criticOptimiser.steps % policyDelay !== 0) return measured;
    return { ...measured, "loss/policy": actor.run().item() };
  });
}

export const td3: Algorithm<Td3Config> = {
  name: "td3",
  summary:
    "Deterministic policy gradient with twin critics, smoothed targets and a delayed actor; for actions that are numbers.",
  source: "Fujimoto et al. 2018, arXiv:1802.09477",
  schema,
  actionSpaces: ["box"],
  presets: td3Presets,
  createPolicy: (context) => deterministicPolicy(context, 2),
  create,
};
