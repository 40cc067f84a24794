import { DiagonalGaussian, SquashedGaussian } from "../../distributions/index.ts";
import { type ActivationName, mlp, type Parameters, type Sequential } from "../../nn/index.ts";
import type { Key } from "../../random/index.ts";
import { clip, type FloatType, slice, type Tensor } from "../../tensor/index.ts";

/** Limits of log σ, those of Haarnoja et al.'s own program. */
const [LOWEST_LOG_STD, HIGHEST_LOG_STD] = [-20, 2];

export interface SquashedActorOptions {
  /** F: entries of a flat observation. */
  readonly observationSize: number;
  /** A: entries of an action. */
  readonly actionSize: number;
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  readonly key: Key;
  /** Default float32. */
  readonly dtype?: FloatType;
}

/**
 * π(a|s), a Gaussian squashed by tanh, whose mean and log σ are the two halves of one network's output (Haarnoja et al. 2018b,
 * appendix C). Actions lie in (−1, 1).
 */
export class SquashedActor {
  readonly #layers: Sequential;
  readonly #size: number;

  constructor({ observationSize, actionSize, hidden, activation, key, dtype }: SquashedActorOptions) {
    this.#size = actionSize;
    this.#layers = mlp({ inputs: observationSize, hidden, outputs: 2 * actionSize, activation, key, dtype });
  }

  parameters(): Parameters {
    return this.#layers.parameters();
  }

  /** π of `observations` `[B, F]`. */
  distribution(observations: Tensor): SquashedGaussian<DiagonalGaussian> {
    const output = this.#layers.forward(observations);
    const mean = slice(output, 1, 0, this.#size);
    const logStd = slice(output, 1, this.#size, 2 * this.#size);
    return new SquashedGaussian(new DiagonalGaussian(mean, clip(logStd, LOWEST_LOG_STD, HIGHEST_LOG_STD)));
  }
}
