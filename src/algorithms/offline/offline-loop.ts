import type { ReplayBuffer, ReplayInputs, ReplaySampler, SamplerState } from "../../data/index.ts";
import type { Snapshot } from "../algorithm.ts";
import { prefixed } from "../snapshot.ts";

/** Gradient steps of one iteration: what a run measures and saves has its price too. */
const STEPS_PER_ITERATION = 100;

export interface OfflineLoopParts {
  /** Holds the dataset. */
  readonly buffer: ReplayBuffer;
  readonly sampler: ReplaySampler;
  /** `steps` are gradient steps. */
  readonly config: { readonly steps: number; readonly batchSize: number; readonly gamma: number };
  /** Rewards that are summed up before a value stands for the rest. */
  readonly nSteps: number;
  /** What the update reads. */
  readonly inputs: ReplayInputs;
  /** One gradient step. */
  learn(): void;
  /** Called before each iteration with what remains of the run, 1 at its start and 0 at its end. */
  moveTo(progressRemaining: number): void;
}

/** Gradient steps on minibatches of a dataset, drawn with replacement. */
export class OfflineLoop {
  /** Gradient steps taken so far. */
  step = 0;
  readonly stepsPerIteration = STEPS_PER_ITERATION;
  readonly #parts: OfflineLoopParts;
  readonly #rows: Int32Array;

  constructor(parts: OfflineLoopParts) {
    this.#parts = parts;
    this.#rows = new Int32Array(parts.config.batchSize);
  }

  iterate(): void {
    const { buffer, sampler, config, nSteps, inputs, learn, moveTo } = this.#parts;
    moveTo(1 - this.step / config.steps);
    for (let i = 0; i < STEPS_PER_ITERATION && this.step < config.steps; i++) {
      sampler.draw(this.#rows, buffer.size, inputs.weights.data);
      buffer.window(this.#rows, nSteps, config.gamma, inputs);
      learn();
      this.step++;
    }
  }

  /** The dataset is not in it: whoever goes on brings it along. */
  save(): Snapshot {
    const { json, arrays } = this.#parts.sampler.save();
    return { json: { step: this.step, sampler: json }, arrays: prefixed("sampler/", arrays) };
  }

  load({ json, arrays }: Snapshot): void {
    const { step, sampler } = json as unknown as { step: number; sampler: SamplerState };
    this.step = step;
    this.#parts.sampler.load({ json: sampler, arrays });
  }
}
