/**
 * Conservative Q-learning for actions that are numbers: Kumar et al. 2020, "Conservative Q-learning for offline reinforcement
 * learning", CQL(H), equation 4, on top of soft actor-critic. To what the critics of `sac` learn comes
 *
 *     α · Σ_k E_s[ log ∫ exp Q_k(s, a) da − Q_k(s, a_recorded) ]
 *
 * which pushes values of actions that were not recorded down, and those of recorded ones up. The integral is estimated by importance
 * sampling from uniform actions and from the policy's own (appendix F). `alpha: 0` leaves the term out: soft actor-critic from
 * data alone, which believes in actions that nobody took. Deviations:
 *
 * - α is a number: no Lagrange multiplier moves it (section 3.3);
 * - as in the authors' program values behind γ are without entropy, y = r + γ min_k Q̄_k(s′, a′); unlike there, the policy's
 *   actions at s′ are not among the samples for s, and the policy is never cloned at first.
 */
import { z } from "zod";
import type { TransitionBatch } from "../../data/index.ts";
import { add, affine, backward, mean, mseLoss, mul, noGrad, randomStream, type Tensor } from "../../tensor/index.ts";
import type { Algorithm, CommonConfig, LearnerContext } from "../algorithm.ts";
import * as field from "../config.ts";
import { actorCriticFields } from "../off-policy/actor-critic-config.ts";
import { BoundedActions } from "../off-policy/bounded-actions.ts";
import { OfflineLoop } from "../off-policy/offline-loop.ts";
import type { TransitionLearner } from "../off-policy/transition-learner.ts";
import { softFields, targetEntropyField } from "../sac/config.ts";
import { type Draw, moveTemperature, type SacParts, sacActorLoss, sacTargets } from "../sac/sac-update.ts";
import { softLearner, softMetrics } from "../sac/soft-learner.ts";
import { softParts, softPolicy } from "../sac/soft-parts.ts";
import { offlineFields } from "./config.ts";
import { conservativeLoss, drawSamples, logIntegrals } from "./conservative-critics.ts";
import { cqlSacPresets } from "./presets.ts";
import { recordedMemory } from "./recorded-memory.ts";

const { learningRate, tau } = actorCriticFields([64, 64], 3e-4);

const schema = z.strictObject({
  ...offlineFields,
  ...{ learningRate, tau },
  ...softFields,
  targetEntropy: targetEntropyField("−1 for each entry of the action"),
  nSteps: field.count(1, "Rewards summed up before a value stands for the rest. Usual: 1 to 5."),
  alpha: field.nonNegative(5, "α: how far unrecorded actions are pushed down; 0: not at all. Usual: 1 to 10."),
  nActions: field.count(
    10,
    "Uniform actions, and as many of the policy, that the integral is estimated from. Usual: 2 to 10.",
  ),
});

export type CqlSacConfig = z.infer<typeof schema> & CommonConfig;

/**
 * One gradient step of temperature, critics and actor, in the order of `recordUpdate` of `sac`.
 * @param draw called for s, then for s′
 * @param stream where the samples of the integral come from
 */
export function conservativeSacUpdate(
  parts: SacParts,
  batch: TransitionBatch,
  draw: Draw,
  { alpha, nActions, stream }: Pick<CqlSacConfig, "alpha" | "nActions"> & { readonly stream: Tensor },
) {
  const { critics, actorOptimiser, criticOptimiser } = parts;
  const { policy, drawn, entropies, entCoef } = moveTemperature(parts, batch.observations, draw);

  const targets = noGrad(() => sacTargets(parts, batch, undefined, draw));
  const values = critics.values(batch.observations, batch.actions);
  const criticLoss = affine(values.map((value) => mseLoss(value, targets)).reduce(add), 0.5, 0);
  const integrals = logIntegrals(critics, batch.observations, drawSamples(policy, nActions, stream));
  const conservative = conservativeLoss(integrals, values);
  criticOptimiser.update(backward(add(criticLoss, mul(conservative, alpha * values.length))));

  const { actorLoss } = sacActorLoss(critics, batch.observations, drawn, entCoef);
  actorOptimiser.update(backward(actorLoss));
  const [value, entropy] = noGrad(() => [mean(values[0]!), mean(entropies)]);
  return { criticLoss, conservative, actorLoss, entCoef, value, entropy };
}

function create(context: LearnerContext<CqlSacConfig>): TransitionLearner {
  const { config, actionSpace, key } = context;
  const policy = softPolicy(context);
  const parts = softParts(context, policy);
  const stream = randomStream(key.split("actions"));
  const bounds = new BoundedActions(actionSpace, config.algorithm);
  const memory = recordedMemory(context, (action) => bounds.fromEnv(action));
  const update = memory.record((batch) =>
    conservativeSacUpdate(parts, batch, ({ gaussian }) => gaussian.sample(stream), { ...config, stream }),
  );
  return softLearner(new OfflineLoop({ memory, config }), config, {
    ...{ ...parts, policy, stream },
    critics: parts.critics.parameters(),
    targets: parts.targets.parameters(),
    learn() {
      const measured = update.run();
      return { ...softMetrics(measured), "loss/conservative": measured.conservative.item() };
    },
  });
}

export const cqlSac: Algorithm<CqlSacConfig> = {
  name: "cql-sac",
  summary:
    "Conservative Q-learning from recorded transitions alone, on soft actor-critic; for actions that are numbers.",
  source: "Kumar et al. 2020, arXiv:2006.04779",
  schema,
  actionSpaces: ["box"],
  needs: "dataset",
  presets: cqlSacPresets,
  createPolicy: softPolicy,
  create,
};
