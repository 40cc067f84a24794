import type { EpisodeSizes, Episodes } from "../data/index.ts";
import { adam, type Optimiser, rmsProp } from "../nn/index.ts";
import { backward, type Plan, plan } from "../tensor/index.ts";
import type { ActorCritic } from "./actor-critic.ts";
import { type GradientStep, type TrainingListener, watched } from "./listener.ts";
import { perSize } from "./per-size.ts";
import {
  assignCredit,
  type CreditOptions,
  type ReinforceBatch,
  type ReinforceLossOptions,
  reinforceLoss,
  squaredScores,
} from "./reinforce-loss.ts";
import { SummedGradients } from "./summed-gradients.ts";

/** Numbers in the observations that are differentiated at once, at most: 64 MiB. Larger batches go part by part. */
const MOST_AT_ONCE = 1 << 24;

export interface ReinforceUpdateOptions extends ReinforceLossOptions, CreditOptions {
  readonly optimizer: "adam" | "rmsProp";
  readonly maxGradNorm: number | null;
}

/** One step of the optimiser for a batch of episodes, however long they are: its gradient is summed up part by part. */
export class ReinforceUpdate {
  readonly optimiser: Optimiser;
  readonly #network: ActorCritic;
  readonly #options: ReinforceUpdateOptions;
  readonly #sizes: EpisodeSizes;
  readonly #gradients: SummedGradients;
  readonly #listener: TrainingListener | undefined;
  readonly #partOf = perSize((rows) => this.#recordPart(rows));
  readonly #apply: Plan<Record<string, never>, void>;
  /** Rows of the present batch, steps of episodes; what else a part has fills up. */
  #samples = 0;

  /** @param sizes of the episodes that are learned from */
  constructor(
    network: ActorCritic,
    options: ReinforceUpdateOptions,
    sizes: EpisodeSizes,
    listener: TrainingListener | undefined,
  ) {
    this.#network = network;
    this.#options = options;
    this.#sizes = sizes;
    this.#listener = listener;
    this.optimiser = makeOptimiser(network, options);
    this.#gradients = new SummedGradients(network.parameters());
    this.#apply = plan({}, () => this.optimiser.update(this.#gradients));
  }

  /** One step along the gradient of the whole batch, of which `rows` are played; the parts of its loss. */
  learn(episodes: Episodes, rows: Int32Array) {
    // Few different sizes, so that few plans are recorded; the rows that fill up weigh nothing.
    let size = 1;
    while (size < rows.length && 2 * size * this.#sizes.observationSize <= MOST_AT_ONCE) size *= 2;
    const { differentiate, score, applyWhole } = this.#partOf(size);
    const { inputs } = differentiate;
    const scores = score && new Float64Array(rows.length);
    for (let start = 0; scores && start < rows.length; start += size) {
      const part = rows.subarray(start, start + size);
      episodes.gather(part, inputs);
      scores.set(score.run().toArray().subarray(0, part.length), start);
    }
    const { returns, values, advantages } = assignCredit(episodes, rows, this.#options, scores);

    this.#samples = rows.length;
    this.#gradients.clear();
    inputs.stepsPerEpisode.set([rows.length / episodes.count]);
    const sums = { total: 0, policyLoss: 0, valueLoss: 0, entropy: 0 };
    for (let start = 0; start < rows.length; start += size) {
      const part = rows.subarray(start, start + size);
      episodes.gather(part, inputs);
      inputs.weights.data.fill(0).fill(1 / episodes.count, 0, part.length);
      inputs.advantages.data.set(advantages.subarray(start, start + size));
      inputs.returns.data.set(returns.subarray(start, start + size));
      const loss = differentiate.run();
      for (const name of ["total", "policyLoss", "valueLoss", "entropy"] as const) sums[name] += loss[name].item();
    }
    // Parts overwrite one another: a listener would see the last one only, so it hears of steps that have one.
    const apply = rows.length > size ? this.#apply : applyWhole;
    apply.run();
    return { ...sums, returns, values };
  }

  /** The gradient of so many rows, added to those before; and the step along it where they are the whole batch. */
  #recordPart(size: number) {
    const network = this.#network;
    const { head } = network;
    const { observationSize, maskSize } = this.#sizes;
    const each = { shape: [size] };
    const specs = {
      observations: { shape: [size, observationSize] },
      actions: { shape: [size, ...head.actionShape], dtype: head.actionDtype === "int32" ? "int32" : "float32" },
      masks: { shape: [size, maskSize], dtype: "uint8" },
      weights: each,
      advantages: each,
      returns: each,
      stepsPerEpisode: { shape: [1] },
    } as const;
    const batchOf = (inputs: ReinforceBatch) => ({ ...inputs, masks: maskSize > 0 ? inputs.masks : undefined });
    const differentiate = plan(specs, (inputs) => {
      const loss = reinforceLoss(network, batchOf(inputs), this.#options);
      const gradients = backward(loss.total);
      this.#gradients.add(gradients);
      return { ...loss, gradients };
    });
    const { inputs, outputs } = differentiate;
    const step = (): GradientStep => ({
      name: "update",
      batch: size,
      count: () => this.#samples,
      gradients: outputs.gradients,
      optimiser: this.optimiser,
      terms: outputs.terms,
      observations: inputs.observations,
      actions: inputs.actions,
      policy: () => network.policy(inputs.observations, { mask: batchOf(inputs).masks }),
      advantages: inputs.advantages,
      ...(outputs.values && {
        values: outputs.values,
        targets: inputs.returns,
        judge: (states) => network.values(states),
      }),
      gamma: this.#options.gamma,
    });
    const isOptimal = this.#options.baseline === "optimal";
    const score = isOptimal ? plan({}, () => squaredScores(network, batchOf(inputs))) : undefined;
    return { differentiate, score, applyWhole: watched(this.#apply, this.#listener, step) };
  }
}

function makeOptimiser(network: ActorCritic, { optimizer, maxGradNorm }: ReinforceUpdateOptions): Optimiser {
  const clipping = { maxGradNorm: maxGradNorm ?? Number.POSITIVE_INFINITY };
  if (optimizer === "adam") return adam(network.parameters(), clipping);
  return rmsProp(network.parameters(), { alpha: 0.99, eps: 1e-5, ...clipping });
}
