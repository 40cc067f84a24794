import {
  type ReplayBuffer,
  type ReplaySampler,
  replayInputs,
  type TransitionBatch,
  UniformSampler,
} from "../../data/index.ts";
import { plan } from "../../tensor/index.ts";
import type { LearnerContext } from "../algorithm.ts";
import { type BufferConfig, bufferFor } from "./buffer-for.ts";

export interface MinibatchConfig {
  /** B */
  readonly batchSize: number;
  /** Rewards that are summed up before a value stands for the rest; default 1. */
  readonly nSteps?: number;
  readonly gamma: number;
}

/** Transitions, and who draws minibatches of them: the replay memory of Mnih et al. 2015, algorithm 1. */
export class ReplayMemory {
  readonly buffer: ReplayBuffer;
  readonly sampler: ReplaySampler;
  /** `[B]` which transitions were drawn last. */
  readonly rows: Int32Array;
  readonly #config: MinibatchConfig;

  constructor(buffer: ReplayBuffer, sampler: ReplaySampler, config: MinibatchConfig) {
    this.buffer = buffer;
    this.sampler = sampler;
    this.#config = config;
    this.rows = new Int32Array(config.batchSize);
  }

  /**
   * Records an update once, as a plan that reads a minibatch. Each run draws another one.
   * @returns what `update` returned, whose tensors hold the values of the latest run
   */
  record<R>(update: (batch: TransitionBatch) => R): { readonly outputs: R; run(): R } {
    const { batchSize, nSteps = 1, gamma } = this.#config;
    const recorded = plan(replayInputs(batchSize), (inputs) => update(this.buffer.minibatch(inputs)));
    const { inputs, outputs } = recorded;
    return {
      outputs,
      run: () => {
        this.sampler.draw(this.rows, this.buffer.size, inputs.weights.data);
        this.buffer.window(this.rows, nSteps, gamma, inputs);
        return recorded.run();
      },
    };
  }

  /** Takes note of how wrong the values of the transitions were that were drawn last: `[B]`, of either sign. */
  found(errors: ArrayLike<number>): void {
    this.sampler.found(this.rows, errors);
  }
}

/** What the environments give, every transition as likely as any other; see `bufferFor`. */
export function replayMemory(
  context: LearnerContext<BufferConfig & MinibatchConfig>,
  actions: "choices" | "numbers",
): ReplayMemory {
  const sampler = new UniformSampler(context.key.split("replay").stream());
  return new ReplayMemory(bufferFor(context, actions), sampler, context.config);
}
