import { type ReplayBuffer, replayInputs } from "../../data/index.ts";
import { mean, noGrad, plan, type Tensor } from "../../tensor/index.ts";
import type { LearnerContext } from "../algorithm.ts";
import { type GradientStep, watched } from "../listener.ts";
import type { SacConfig } from "./sac.ts";
import { differentiateActor, differentiateCritics, type SacParts } from "./sac-update.ts";

/** `sacUpdate` as four plans, one for each gradient and one for each step, so that a listener can stand between them. */
export function recordUpdate(
  parts: SacParts,
  buffer: ReplayBuffer,
  stream: Tensor,
  { config, listener }: LearnerContext<SacConfig>,
) {
  const { actor, targets, actorOptimiser, criticOptimiser } = parts;
  const { batchSize } = config;
  const differentiate = plan(replayInputs(batchSize), (inputs) => {
    const batch = buffer.minibatch(inputs);
    const found = differentiateCritics(parts, batch, ({ gaussian }) => gaussian.sample(stream));
    const [value, entropy] = noGrad(() => [mean(found.values[0]!), mean(found.entropies)]);
    return { ...found, batch, value, entropy };
  });
  const { batch, action, ...ofCritics } = differentiate.outputs;
  const moveCritics = plan({}, () => criticOptimiser.update(ofCritics.gradients));
  const differentiatePolicy = plan({}, () => differentiateActor(parts, batch, { action, ...ofCritics }));
  const ofActor = differentiatePolicy.outputs;
  const moveActor = plan({}, () => actorOptimiser.update(ofActor.gradients));

  const { observations } = batch;
  const policy = () => actor.distribution(observations);
  const shared = { batch: batchSize, observations, policy };
  const critics = (): GradientStep => ({
    ...shared,
    name: "critic",
    gradients: ofCritics.gradients,
    optimiser: criticOptimiser,
    terms: Object.fromEntries(ofCritics.errors.map((each, k) => [`q${k}`, each])),
    actions: batch.actions,
    values: ofCritics.values[0]!,
    targets: ofCritics.targets,
    target: targets.parameters(),
    judge: (states) => parts.critics.least(states, actor.distribution(states).mode()),
    gamma: config.gamma,
  });
  const actors = (): GradientStep => ({
    ...shared,
    name: "actor",
    gradients: ofActor.gradients,
    optimiser: actorOptimiser,
    terms: ofActor.terms,
    actions: action,
  });
  const applyCritics = watched(moveCritics, listener, critics);
  const applyActor = watched(moveActor, listener, actors);
  const run = () => {
    differentiate.run();
    applyCritics.run();
    differentiatePolicy.run();
    applyActor.run();
  };
  return { differentiate, actorLoss: ofActor.actorLoss, run };
}
