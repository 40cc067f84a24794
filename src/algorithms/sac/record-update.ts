import { plan } from "../../tensor/index.ts";
import { type GradientStep, type TrainingListener, watched } from "../listener.ts";
import type { ReplayMemory } from "../off-policy/replay-memory.ts";
import { type Draw, differentiateActor, differentiateCritics, type SacParts } from "./sac-update.ts";

interface RecordContext {
  readonly config: { readonly batchSize: number; readonly gamma: number };
  readonly listener?: TrainingListener | undefined;
}

/**
 * Gradient steps of temperature, critics and actor, in this order (Haarnoja et al. 2018b, algorithm 1; the order is
 * Stable-Baselines3's), on minibatches from the memory: all of them with the α from before, and the actor with the critics from
 * after. Four plans, one for each gradient and one for each step, so that a listener can stand between them.
 * @param draw called for s, then for s′
 */
export function recordUpdate(
  parts: SacParts,
  memory: Pick<ReplayMemory, "record">,
  draw: Draw,
  { config, listener }: RecordContext,
) {
  const { actor, critics, targets, actorOptimiser, criticOptimiser } = parts;
  const differentiate = memory.record((batch) => ({
    ...differentiateCritics(parts, batch, draw),
    batch,
  }));
  const { batch, ...ofCritics } = differentiate.outputs;
  const moveCritics = plan({}, () => criticOptimiser.update(ofCritics.gradients));
  const differentiatePolicy = plan({}, () => differentiateActor(parts, batch, ofCritics));
  const ofActor = differentiatePolicy.outputs;
  const moveActor = plan({}, () => actorOptimiser.update(ofActor.gradients));

  const { observations } = batch;
  const shared = { batch: config.batchSize, observations, policy: () => actor.distribution(observations) };
  const criticStep = (): GradientStep => ({
    ...shared,
    name: "critic",
    gradients: ofCritics.gradients,
    optimiser: criticOptimiser,
    terms: Object.fromEntries(ofCritics.errors.map((each, k) => [`q${k}`, each])),
    actions: batch.actions,
    values: ofCritics.values[0]!,
    targets: ofCritics.targets,
    target: targets.parameters(),
    judge: (states) => critics.least(states, actor.distribution(states).mode()),
    gamma: config.gamma,
  });
  const actorStep = (): GradientStep => ({
    ...shared,
    name: "actor",
    gradients: ofActor.gradients,
    optimiser: actorOptimiser,
    terms: ofActor.terms,
    actions: ofCritics.drawn.action,
  });
  const applyCritics = watched(moveCritics, listener, criticStep);
  const applyActor = watched(moveActor, listener, actorStep);
  const measured = { ...ofCritics, actorLoss: ofActor.actorLoss };
  return {
    /** One gradient step of each. */
    run() {
      differentiate.run();
      applyCritics.run();
      differentiatePolicy.run();
      applyActor.run();
      return measured;
    },
  };
}
