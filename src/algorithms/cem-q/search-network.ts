import type { Parameters } from "../../nn/index.ts";
import { Key } from "../../random/index.ts";
import { persistent, randomNormal, randomUniform, type Tensor } from "../../tensor/index.ts";
import { Critics, type CriticsOptions, repeatRows } from "../off-policy/critics.ts";
import { crossEntropyMaximum, type SearchDraws } from "./cross-entropy.ts";

export interface SearchSizes {
  /** M: actions of each round. */
  readonly samples: number;
  /** E: the best of them, which the next round comes from. */
  readonly elites: number;
  /** Rounds. */
  readonly iterations: number;
}

export interface SearchNetworkOptions extends SearchSizes, CriticsOptions {}

/** Q(s, a) of any form, once or twice, and a search for its best action. */
export class SearchNetwork {
  readonly critics: Critics;
  readonly #options: SearchNetworkOptions;
  /** Always the same, so that the best action depends on nothing but the observation. */
  readonly #draws: SearchDraws;

  constructor(options: SearchNetworkOptions) {
    this.critics = new Critics(options);
    this.#options = options;
    this.#draws = this.#fixedDraws();
  }

  parameters(): Parameters {
    return this.critics.parameters();
  }

  /** The best actions by Q_0, −1 … 1, that the search finds: `[B, A]`. */
  best(observations: Tensor, draws: SearchDraws = this.#draws): Tensor {
    const { samples, elites } = this.#options;
    const repeated = repeatRows(observations, samples);
    const values = (actions: Tensor) => this.critics.first(repeated, actions);
    return crossEntropyMaximum(observations.shape[0]!, values, draws, elites);
  }

  /** Random numbers for a search over B observations, as operations. */
  draws(rows: number, stream: Tensor): SearchDraws {
    const { samples, iterations, actionSize } = this.#options;
    const shape = [rows, samples, actionSize];
    const later = Array.from({ length: iterations - 1 }, () => randomNormal(stream, shape));
    return { first: randomUniform(stream, shape, { low: -1 }), later };
  }

  /** The first actions lie evenly from bound to bound along each axis (a Latin hypercube: McKay, Beckman & Conover 1979). */
  #fixedDraws(): SearchDraws {
    const { samples, iterations, actionSize } = this.#options;
    const random = Key.fromSeed(0).split("search").stream();
    const tensors = Array.from({ length: iterations }, () => persistent([1, samples, actionSize], "float32"));
    const [first, ...later] = tensors as [Tensor, ...Tensor[]];
    const order = new Int32Array(samples);
    for (let axis = 0; axis < actionSize; axis++) {
      random.permutation(order);
      for (let i = 0; i < samples; i++)
        first.data[i * actionSize + axis] = (2 * order[i]!) / Math.max(1, samples - 1) - 1;
    }
    for (const { data } of later) random.fillNormal(data as Float32Array);
    return { first, later };
  }
}
