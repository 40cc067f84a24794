/** An actor-critic as a user writes one of limpid's parts, with room for the mistakes that are made there. */
import { z } from "zod";
import * as field from "../../../src/algorithms/config.ts";
import {
  ActorCritic,
  ActorCriticPolicy,
  type Algorithm,
  Collector,
  type CommonConfig,
  type Learner,
  type LearnerContext,
  type Metrics,
  type PolicyContext,
  registerAlgorithm,
  type Snapshot,
} from "../../../src/algorithms/index.ts";
import { watched } from "../../../src/algorithms/listener.ts";
import { adam } from "../../../src/nn/index.ts";
import { add, backward, mean, mul, neg, plan, randomStream, square, sub } from "../../../src/tensor/index.ts";

/** What may be wrong with it; nothing is where all are left out. */
export interface Mistakes {
  /** Values end with the rewards of a step: there is no γ V(s′) in the targets. */
  readonly noBootstrap?: boolean;
  /** Episodes that are cut off count as if their task had ended. */
  readonly noBootstrapWhereTruncated?: boolean;
  /** V − R in the place of R − V. */
  readonly advantageSign?: -1;
  /** The bonus of the entropy is a penalty. */
  readonly entropySign?: -1;
  /** First biases of hidden layers, instead of 0. */
  readonly firstBias?: number;
  /** The policy's loss reads the observations of the step before. */
  readonly shiftedObservations?: boolean;
}

const schema = z.strictObject({
  ...field.commonFields,
  ...field.networkFields,
  learningRate: field.positive(2e-3, "Step size of Adam."),
  nSteps: field.count(16, "Steps per environment and update."),
  entCoef: field.nonNegative(0, "Weight of the entropy bonus."),
});

type OwnConfig = z.infer<typeof schema> & CommonConfig;

/** Registers it under a name. */
export function registerOwn(name: string, mistakes: Mistakes = {}): void {
  const algorithm: Algorithm<OwnConfig> = {
    name,
    summary: "An actor-critic of one's own.",
    source: "one's own",
    schema,
    actionSpaces: ["discrete"],
    presets: {},
    tells: true,
    createPolicy: (context) => createPolicy(context, mistakes),
    create: (context) => createLearner(context, mistakes),
  };
  registerAlgorithm(algorithm);
}

function createPolicy(context: PolicyContext<OwnConfig>, { firstBias = 0 }: Mistakes): ActorCriticPolicy {
  const { config, observationSpace, actionSpace, key } = context;
  const network = new ActorCritic({ ...config, observationSize: observationSpace.flatSize, actionSpace, key });
  for (const [name, parameter] of Object.entries(network.parameters())) {
    if (/trunk.*bias/.test(name)) parameter.data.fill(firstBias);
  }
  return new ActorCriticPolicy(network, context);
}

function createLearner(context: LearnerContext<OwnConfig>, mistakes: Mistakes): Learner {
  const { config, env, key } = context;
  const policy = createPolicy(context, mistakes);
  const { network } = policy;
  const optimiser = adam(network.parameters(), { learningRate: config.learningRate, maxGradNorm: 0.5 });
  const stream = randomStream(key.split("actions"));
  const collector = new Collector({ env, network, steps: config.nSteps, stream });
  const { rollout } = collector;
  const { advantageSign = 1, entropySign = 1 } = mistakes;
  const differentiate = plan({}, () => {
    const { policy: chosen, values } = network.forward(rollout.observations);
    const weighted = mul(chosen.logProb(rollout.actions), rollout.advantages);
    const errors = square(sub(rollout.returns, values));
    const entropies = chosen.entropy();
    const loss = add(neg(mean(weighted)), mul(mean(errors), 0.5));
    const total = sub(loss, mul(mean(entropies), entropySign * config.entCoef));
    return { total, values, weighted, errors, entropies, gradients: backward(total) };
  });
  const { gradients, weighted, errors, entropies } = differentiate.outputs;
  const step = () => ({
    name: "update",
    batch: rollout.size,
    gradients,
    optimiser,
    terms: { policy: weighted, value: errors, entropy: entropies },
    observations: rollout.observations,
    actions: rollout.actions,
    policy: () => network.policy(rollout.observations),
  });
  const apply = watched(
    plan({}, () => optimiser.update(gradients)),
    context.listener,
    step,
  );
  let taken = 0;

  /** R_t = r_t + γ R_t+1, and how much better that is than what was expected. */
  function judge(): void {
    const { rewards, terminated, truncated, nextValues, values } = rollout.transitions(collector.lastValues);
    const last = rollout.size - env.count;
    for (let i = rollout.size - 1; i >= 0; i--) {
      const ends = i >= last || truncated[i] === 1;
      let after = ends ? nextValues[i]! : Number(rollout.returns.data[i + env.count]);
      if (terminated[i] || mistakes.noBootstrap || (mistakes.noBootstrapWhereTruncated && truncated[i])) after = 0;
      rollout.returns.data[i] = rewards[i]! + config.gamma * after;
      rollout.advantages.data[i] = advantageSign * (Number(rollout.returns.data[i]) - values[i]!);
    }
    if (mistakes.shiftedObservations) rollout.observations.data.copyWithin(env.observationSpace.flatSize, 0);
  }

  return {
    policy,
    get step() {
      return taken;
    },
    stepsPerIteration: rollout.size,
    iterate(): Metrics {
      collector.collect();
      taken += rollout.size;
      judge();
      const { total } = differentiate.run();
      apply.run();
      return { "loss/total": total.item(), "policy/entropy": mean(entropies).item(), "update/count": optimiser.steps };
    },
    save: (): Snapshot => ({ json: { taken }, arrays: {} }),
    load({ json }: Snapshot): void {
      taken = (json as { taken: number }).taken;
    },
  };
}
