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
import { replayInputs, replayOf, type TransitionBatch, UniformSampler } from "../../data/index.ts";
import { adam, loadStateDict, type Optimiser, stateDict } from "../../nn/index.ts";
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
  plan,
  square,
  sub,
  type Tensor,
} from "../../tensor/index.ts";
import { ActorCriticPolicy } from "../actor-critic-policy.ts";
import type {
  Algorithm,
  CommonConfig,
  Learner,
  LearnerContext,
  Metrics,
  PolicyContext,
  Snapshot,
} from "../algorithm.ts";
import * as field from "../config.ts";
import { MetricMeans } from "../metric-means.ts";
import { follower } from "../off-policy/target-network.ts";
import { ScheduledValue } from "../scheduled-value.ts";
import { prefixed } from "../snapshot.ts";
import { offlineFields } from "./config.ts";
import { ConservativeValues } from "./conservative-values.ts";
import { OfflineLoop } from "./offline-loop.ts";

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

class Cql implements Learner {
  readonly policy: ActorCriticPolicy<ConservativeValues>;
  readonly #loop: OfflineLoop;
  readonly #target: ConservativeValues;
  readonly #optimiser: Optimiser;
  #means = new MetricMeans();

  constructor(context: LearnerContext<CqlConfig>) {
    const { config, key } = context;
    this.policy = createPolicy(context);
    const { network } = this.policy;
    this.#target = createNetwork(context);
    this.#optimiser = adam(network.parameters(), { maxGradNorm: config.maxGradNorm });
    const learningRate = new ScheduledValue(config.learningRate);
    const follow = follower(this.#target.parameters(), network.parameters(), config.tau);
    const buffer = replayOf(context.dataset!);
    const update = plan(replayInputs(config.batchSize), (inputs) => {
      const loss = cqlLoss(network, this.#target, buffer.minibatch(inputs), config);
      this.#optimiser.update(backward(loss.total));
      return loss;
    });
    this.#loop = new OfflineLoop({
      buffer,
      sampler: new UniformSampler(key.split("minibatches").stream()),
      config,
      nSteps: config.nSteps,
      inputs: update.inputs,
      learn: () => {
        const { value, conservative, mean } = update.run();
        this.#means.add({
          "loss/value": value.item(),
          "loss/conservative": conservative.item(),
          "value/mean": mean.item(),
          "gradient/norm": this.#optimiser.gradientNorm!.item(),
        });
        if (this.#optimiser.steps % config.targetUpdateInterval === 0) follow();
      },
      moveTo: (remaining) => {
        this.#optimiser.learningRate = learningRate.moveTo(remaining);
      },
    });
  }

  get step(): number {
    return this.#loop.step;
  }

  get stepsPerIteration(): number {
    return this.#loop.stepsPerIteration;
  }

  iterate(): Metrics {
    this.#means = new MetricMeans();
    this.#loop.iterate();
    return {
      ...this.#means.result(),
      "schedule/learningRate": this.#optimiser.learningRate,
      "update/count": this.#optimiser.steps,
    };
  }

  #tensors() {
    return { ...prefixed("target/", this.#target.parameters()), ...prefixed("optimiser/", this.#optimiser.state()) };
  }

  save(): Snapshot {
    const { json, arrays } = this.#loop.save();
    return { json, arrays: { ...arrays, ...stateDict(this.#tensors()) } };
  }

  load(snapshot: Snapshot): void {
    this.#loop.load(snapshot);
    loadStateDict(this.#tensors(), snapshot.arrays);
  }
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

export const cql: Algorithm<CqlConfig> = {
  name: "cql",
  summary: "Conservative Q-learning from recorded transitions alone; for discrete actions.",
  source: "Kumar et al. 2020, arXiv:2006.04779",
  schema,
  actionSpaces: ["discrete"],
  needs: "dataset",
  presets: {},
  createPolicy,
  create: (context) => new Cql(context),
};
