/**
 * Deep deterministic policy gradient: Lillicrap et al. 2016, "Continuous control with deep reinforcement learning", algorithm 1.
 * A critic moves towards r + γ Q̄(s′, μ̄(s′)) on transitions from a replay buffer, a deterministic actor climbs Q(s, μ(s)), and target
 * networks follow both. Deviations:
 *
 * - no batch normalisation, no L2 decay, one step size of Adam for both networks, and actions enter the critic at its first layer,
 *   as in Stable-Baselines3, whose defaults these are; the noise is the paper's.
 */
import { z } from "zod";
import { backward, mean, noGrad } from "../../tensor/index.ts";
import type { Algorithm, CommonConfig, LearnerContext } from "../algorithm.ts";
import { actorCriticFields } from "../off-policy/actor-critic-config.ts";
import { follow } from "../off-policy/target-network.ts";
import type { TransitionLearner } from "../off-policy/transition-learner.ts";
import { deterministicLearner, deterministicParts, deterministicPolicy } from "./deterministic-learner.ts";
import { criticLoss, deterministicActorLoss, deterministicTargets } from "./deterministic-loss.ts";
import { noiseFields } from "./noise.ts";
import { ddpgPresets } from "./presets.ts";

const schema = z.strictObject({
  ...actorCriticFields([400, 300], 1e-3),
  ...noiseFields("ornsteinUhlenbeck", 0.2),
});

export type DdpgConfig = z.infer<typeof schema> & CommonConfig;

function create(context: LearnerContext<DdpgConfig>): TransitionLearner {
  const parts = deterministicParts(context, 1);
  const { network, target, actorOptimiser, criticOptimiser, memory } = parts;
  const update = memory.record((batch) => {
    const targets = noGrad(() => deterministicTargets(target, batch));
    const { total, values } = criticLoss(network, batch, targets);
    criticOptimiser.update(backward(total));
    const actorLoss = deterministicActorLoss(network, batch.observations);
    actorOptimiser.update(backward(actorLoss));
    follow(target.parameters(), network.parameters(), context.config.tau);
    return { total, actorLoss, value: noGrad(() => mean(values)) };
  });
  return deterministicLearner(context, parts, () => {
    const { total, actorLoss, value } = update.run();
    return { "loss/value": total.item(), "loss/policy": actorLoss.item(), "value/mean": value.item() };
  });
}

export const ddpg: Algorithm<DdpgConfig> = {
  name: "ddpg",
  summary: "Deterministic policy gradient from a replay buffer; for actions that are numbers.",
  source: "Lillicrap et al. 2016, arXiv:1509.02971",
  schema,
  actionSpaces: ["box"],
  presets: ddpgPresets,
  createPolicy: (context) => deterministicPolicy(context, 1),
  create,
};
