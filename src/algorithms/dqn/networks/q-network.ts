import type { Parameters } from "../../../nn/index.ts";
import type { Key } from "../../../random/index.ts";
import { reshape, type Tensor } from "../../../tensor/index.ts";
import { DuelingNetwork } from "./dueling-network.ts";
import { type LayerStyle, Layers } from "./layers.ts";

export interface QNetworkOptions extends LayerStyle {
  /** F */
  readonly observationSize: number;
  /** n */
  readonly actions: number;
  /** K: numbers for each action, see `ValueHead`. */
  readonly size: number;
  readonly hidden: readonly number[];
  readonly key: Key;
}

/** K numbers for each of n actions: Q(s, ·), or the distributions of what it is the mean of. */
export interface QNetwork {
  /**
   * Of `observations` `[N, F]`: `[N, n, K]`.
   * @param noise stream that noisy layers draw from, anew at each call; left out: their mean weights
   */
  outputs(observations: Tensor, noise?: Tensor): Tensor;
  parameters(): Parameters;
}

/** One stack of layers for all. */
class PlainNetwork implements QNetwork {
  readonly #layers: Layers;
  readonly #shape: readonly [actions: number, size: number];

  constructor({ observationSize, actions, size, hidden, key, ...style }: QNetworkOptions) {
    this.#layers = new Layers(observationSize, hidden, actions * size, style, key);
    this.#shape = [actions, size];
  }

  outputs(observations: Tensor, noise?: Tensor): Tensor {
    return reshape(this.#layers.forward(observations, noise), [-1, ...this.#shape]);
  }

  parameters(): Parameters {
    return this.#layers.parameters();
  }
}

/** The network of these options; with `dueling` one of two streams. */
export function makeQNetwork({ dueling, ...options }: QNetworkOptions & { readonly dueling: boolean }): QNetwork {
  return dueling ? new DuelingNetwork(options) : new PlainNetwork(options);
}
