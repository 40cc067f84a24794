import type { SamplerState } from "../../data/index.ts";
import type { Snapshot } from "../algorithm.ts";
import { behind, prefixed } from "../snapshot.ts";
import type { ReplayMemory } from "./replay-memory.ts";
import type { ExperienceLoop, Turns } from "./transition-learner.ts";

/** Gradient steps of one iteration: what a run measures and saves has its price too. */
const STEPS_PER_ITERATION = 100;

export interface OfflineLoopParts {
  /** Holds the dataset. */
  readonly memory: ReplayMemory;
  /** `steps` are gradient steps. */
  readonly config: { readonly steps: number };
  /** Called after every gradient step, with how many were taken. */
  stepped?(step: number): void;
}

/** Gradient steps on minibatches of a dataset, drawn with replacement; no environment is stepped. */
export class OfflineLoop implements ExperienceLoop {
  /** Gradient steps taken so far. */
  step = 0;
  readonly stepsPerIteration = STEPS_PER_ITERATION;
  readonly #parts: OfflineLoopParts;

  constructor(parts: OfflineLoopParts) {
    this.#parts = parts;
  }

  iterate({ moveTo, learn }: Turns): void {
    const { memory, config, stepped } = this.#parts;
    const progressRemaining = 1 - this.step / config.steps;
    moveTo(progressRemaining);
    memory.sampler.moveTo(progressRemaining);
    for (let i = 0; i < STEPS_PER_ITERATION && this.step < config.steps; i++) {
      learn();
      this.step++;
      stepped?.(this.step);
    }
  }

  /** The dataset is not in it: whoever goes on brings it along. */
  save(): Snapshot {
    const { json, arrays } = this.#parts.memory.sampler.save();
    return { json: { step: this.step, sampler: json }, arrays: prefixed("sampler/", arrays) };
  }

  load({ json, arrays }: Snapshot): void {
    const { step, sampler } = json as unknown as { step: number; sampler: SamplerState };
    this.step = step;
    this.#parts.memory.sampler.load({ json: sampler, arrays: behind("sampler/", arrays) });
  }
}
