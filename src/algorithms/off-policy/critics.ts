import { type ActivationName, joinParameters, mlp, type Parameters, type Sequential } from "../../nn/index.ts";
import type { Key } from "../../random/index.ts";
import { broadcastTo, concat, type FloatType, minimum, reshape, type Tensor } from "../../tensor/index.ts";

export interface CriticsOptions {
  /** How many: two are judged by the worse of them (van Hasselt 2010; Fujimoto et al. 2018). */
  readonly count: number;
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

/** Networks Q_k(s, a) side by side, each of its own first weights. Parameters are named `q0.0.weight`, …, `q1.0.weight`, … */
export class Critics {
  readonly #networks: readonly Sequential[];

  constructor({ count, observationSize, actionSize, hidden, activation, key, dtype }: CriticsOptions) {
    const inputs = observationSize + actionSize;
    this.#networks = Array.from({ length: count }, (_, k) =>
      mlp({ inputs, hidden, outputs: 1, activation, key: key.split("critic", k), dtype }),
    );
  }

  parameters(): Parameters {
    return joinParameters(Object.fromEntries(this.#networks.map((network, k) => [`q${k}`, network])));
  }

  /** Every Q_k of `observations` `[B, F]` and `actions` `[B, A]`, each `[B]`. */
  values(observations: Tensor, actions: Tensor): Tensor[] {
    const inputs = concat([observations, actions], 1);
    return this.#networks.map((network) => reshape(network.forward(inputs), [-1]));
  }

  /** min_k Q_k: `[B]`. */
  least(observations: Tensor, actions: Tensor): Tensor {
    return this.values(observations, actions).reduce((least, value) => minimum(least, value));
  }

  /** Q_0 alone: `[B]`. */
  first(observations: Tensor, actions: Tensor): Tensor {
    return reshape(this.#networks[0]!.forward(concat([observations, actions], 1)), [-1]);
  }
}

/** Every row of `[B, F]` so many times, one after the other: `[B · times, F]`. */
export function repeatRows(rows: Tensor, times: number): Tensor {
  const [count, width] = rows.shape as [number, number];
  return reshape(broadcastTo(reshape(rows, [count, 1, width]), [count, times, width]), [count * times, width]);
}
