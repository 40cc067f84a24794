/**
 * Conservative Q-learning: Kumar et al. 2020, "Conservative Q-learning for offline reinforcement learning", CQL(H), equation 4,
 * for discrete actions:
 *
 *     L = α · E_s[ log Σ_a exp Q(s, a) − Q(s, a_recorded) ] + ½ E[ (Q(s, a) − y)² ],   y = r + γ Q̄(s′, argmax_a′ Q(s′, a′))
 *
 * Values of actions that were not recorded are pushed down, and those of recorded ones up: with a dataset alone nobody finds out
 * that a value is too high, and a maximum over actions looks for just those. The first term is minus the log-probability of what
 * was recorded under π ∝ exp Q: behaviour cloning with Q for logits. `alpha: 0` leaves it out: deep Q-learning from data alone.
 * Deviations: double Q-learning (van Hasselt et al. 2016) unless `double` says otherwise, a target network that is copied, a
 * network of the user's size, Adam.
 */
import { z } from "zod";
import type { TransitionBatch } from "../../data/index.ts";
import { adam } from "../../nn/index.ts";
import {
  add,
  argMax,
  backward,
  maxRows,
  mean,
  mul,
  neg,
  noGrad,
  pick,
  square,
  sub,
  type Tensor,
} from "../../tensor/index.ts";
import { ActorCriticPolicy } from "../actor-critic-policy.ts";
import type { Algorithm, CommonConfig, LearnerContext, PolicyContext } from "../algorithm.ts";
import * as field from "../config.ts";
import { OfflineLoop } from "../off-policy/offline-loop.ts";
import { follower } from "../off-policy/target-network.ts";
import { TransitionLearner } from "../off-policy/transition-learner.ts";
import { prefixed } from "../snapshot.ts";
import { offlineFields } from "./config.ts";
import { ConservativeValues } from "./conservative-values.ts";
import { recordedMemory } from "./recorded-memory.ts";

const schema = z.strictObject({
  ...offlineFields,
  learningRate: field.scheduled(3e-4, "Step size of Adam. Too large: values diverge. Usual: 1e-5 to 1e-3."),
  alpha: field.nonNegative(1, "α: how far unrecorded actions are pushed down; 0: not at all. Usual: 0.1 to 10."),
  nSteps: field.count(1, "Rewards summed up before a value stands for the rest. Usual: 1 to 5."),
  double: field.flag(true, "One network chooses the best next action, the other judges it: less overestimation."),
  targetUpdateInterval: field.count(
    500,
    "Gradient steps between copies to the target network. Usual: 100 to 8000; 1 with a small tau.",
  ),
  tau: field.fraction(1, "Share of the network that is copied; 1: all of it. Usual: 0.005 with interval 1, or 1."),
  maxGradNorm: field.positive(10, "Gradients longer than this are shortened to it. Usual: 0.5 to 10."),
});

export type CqlConfig = z.infer<typeof schema> & CommonConfig;

type Values = Pick<ConservativeValues, "values" | "policy">;

/** y `[B]`, as above. */
export function cqlTargets(
  network: Values,
  target: Values,
  { nextObservations, nextMasks, returns, discounts }: TransitionBatch,
  double: boolean,
): Tensor {
  const judged = target.policy(nextObservations, { mask: nextMasks }).logits;
  if (!double) return add(returns, mul(discounts, maxRows(judged)));
  const best = argMax(network.policy(nextObservations, { mask: nextMasks }).logits);
  return add(returns, mul(discounts, pick(judged, best)));
}

/** The loss above and its two terms, before α weighs the first; one element each. */
export function cqlLoss(
  network: Values,
  target: Values,
  batch: TransitionBatch,
  { alpha, double }: Pick<CqlConfig, "alpha" | "double">,
) {
  const targets = noGrad(() => cqlTargets(network, target, batch, double));
  const policy = network.policy(batch.observations, { mask: batch.masks });
  const values = pick(policy.logits, batch.actions);
  const value = mul(mean(square(sub(values, targets))), 0.5);
  const conservative = neg(mean(policy.logProb(batch.actions)));
  return { total: add(mul(conservative, alpha), value), value, conservative, mean: mean(values) };
}

function createNetwork({ config, observationSpace, actionSpace, key }: PolicyContext<CqlConfig>): ConservativeValues {
  const { hidden, activation } = config;
  const { flatSize: observationSize } = observationSpace;
  const own = { hidden, activation, key: key.split("network") };
  return new ConservativeValues({ observationSize, actions: actionSpace.maskSize, ...own });
}

function createPolicy(context: PolicyContext<CqlConfig>): ActorCriticPolicy<ConservativeValues> {
  return new ActorCriticPolicy(createNetwork(context), context);
}

function create(context: LearnerContext<CqlConfig>): TransitionLearner {
  const { config } = context;
  const policy = createPolicy(context);
  const { network } = policy;
  const target = createNetwork(context);
  const optimiser = adam(network.parameters(), { maxGradNorm: config.maxGradNorm });
  const follow = follower(target.parameters(), network.parameters(), config.tau);
  const memory = recordedMemory(context);
  const update = memory.record((batch) => {
    const loss = cqlLoss(network, target, batch, config);
    optimiser.update(backward(loss.total));
    return loss;
  });
  return new TransitionLearner(new OfflineLoop({ memory, config }), config.learningRate, {
    policy,
    learn() {
      const { value, conservative, mean } = update.run();
      if (optimiser.steps % config.targetUpdateInterval === 0) follow();
      return {
        "loss/value": value.item(),
        "loss/conservative": conservative.item(),
        "value/mean": mean.item(),
        "gradient/norm": optimiser.gradientNorm!.item(),
      };
    },
    optimisers: { optimiser },
    tensors: prefixed("target/", target.parameters()),
  });
}

export const cql: Algorithm<CqlConfig> = {
  name: "cql",
  summary: "Conservative Q-learning from recorded transitions alone; for discrete actions.",
  source: "Kumar et al. 2020, arXiv:2006.04779",
  schema,
  actionSpaces: ["discrete"],
  needs: "dataset",
  presets: {},
  createPolicy,
  create,
};
