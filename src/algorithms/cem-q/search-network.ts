import { type ActivationName, joinParameters, mlp, type Parameters, type Sequential } from "../../nn/index.ts";
import { Key } from "../../random/index.ts";
import {
  broadcastTo,
  concat,
  minimum,
  persistent,
  randomNormal,
  randomUniform,
  reshape,
  type Tensor,
} from "../../tensor/index.ts";
import { crossEntropyMaximum, type SearchDraws } from "./cross-entropy.ts";

export interface SearchSizes {
  /** M: actions of each round. */
  readonly samples: number;
  /** E: the best of them, which the next round comes from. */
  readonly elites: number;
  /** Rounds. */
  readonly iterations: number;
}

export interface SearchNetworkOptions extends SearchSizes {
  /** F */
  readonly observationSize: number;
  /** A */
  readonly actionSize: number;
  /** Two critics are judged by the worse of them. */
  readonly nCritics: number;
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  readonly key: Key;
}

/** Q(s, a) of any form, once or twice, and a search for its best action. */
export class SearchNetwork {
  readonly #options: SearchNetworkOptions;
  readonly #critics: readonly Sequential[];
  /** Always the same, so that the best action depends on nothing but the observation. */
  readonly #draws: SearchDraws;

  constructor(options: SearchNetworkOptions) {
    const { observationSize, actionSize, nCritics, hidden, activation, key } = options;
    const inputs = observationSize + actionSize;
    this.#options = options;
    this.#critics = Array.from({ length: nCritics }, (_, k) =>
      mlp({ inputs, hidden, outputs: 1, activation, key: key.split("critic", k) }),
    );
    this.#draws = this.#fixedDraws();
  }

  parameters(): Parameters {
    return joinParameters(Object.fromEntries(this.#critics.map((critic, k) => [`q${k}`, critic])));
  }

  /** Every Q_k of `observations` `[B, F]` and `actions` `[B, A]`, −1 … 1, each `[B]`. */
  actionValues(observations: Tensor, actions: Tensor): Tensor[] {
    const inputs = concat([observations, actions], 1);
    return this.#critics.map((critic) => reshape(critic.forward(inputs), [-1]));
  }

  /** min_k Q_k: `[B]`. */
  least(observations: Tensor, actions: Tensor): Tensor {
    return this.actionValues(observations, actions).reduce((least, values) => minimum(least, values));
  }

  /** The best actions by Q_0 that the search finds: `[B, A]`. */
  best(observations: Tensor, draws: SearchDraws = this.#draws): Tensor {
    const { samples, elites, observationSize } = this.#options;
    const rows = observations.shape[0]!;
    const repeated = reshape(
      broadcastTo(reshape(observations, [rows, 1, observationSize]), [rows, samples, observationSize]),
      [rows * samples, observationSize],
    );
    const values = (actions: Tensor) => this.#critics[0]!.forward(concat([repeated, actions], 1));
    return crossEntropyMaximum(rows, values, draws, elites);
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
