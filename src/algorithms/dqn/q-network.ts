import { type ActivationName, mlp, type Parameters, type Sequential } from "../../nn/index.ts";
import type { Key } from "../../random/index.ts";
import type { Tensor } from "../../tensor/index.ts";

export interface QNetworkOptions {
  /** F */
  readonly observationSize: number;
  /** n */
  readonly actions: number;
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  readonly key: Key;
}

/** Q(s, ·) for each of n actions. */
export class QNetwork {
  readonly #layers: Sequential;

  constructor({ observationSize, actions, hidden, activation, key }: QNetworkOptions) {
    this.#layers = mlp({ inputs: observationSize, hidden, outputs: actions, activation, key });
  }

  parameters(): Parameters {
    return this.#layers.parameters();
  }

  /** Q of `observations` `[N, F]` and every action: `[N, n]`. */
  values(observations: Tensor): Tensor {
    return this.#layers.forward(observations);
  }
}
