import { type ActivationName, mlp, type Parameters, type Sequential } from "../../nn/index.ts";
import type { Key } from "../../random/index.ts";
import { add, type FloatType, reshape, slice, type Tensor, tanh } from "../../tensor/index.ts";
import { quadraticAdvantage, triangularSize } from "./quadratic-advantage.ts";

export interface NafNetworkOptions {
  /** F */
  readonly observationSize: number;
  /** A */
  readonly actionSize: number;
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  readonly key: Key;
  /** Default float32. */
  readonly dtype?: FloatType;
}

/**
 * Q(s, a) = V(s) + A(s, a), A quadratic in the action with its maximum at μ(s): one network gives V, μ, which tanh keeps between −1
 * and 1, and the matrix of the quadratic form.
 */
export class NafNetwork {
  readonly #layers: Sequential;
  readonly #actionSize: number;

  constructor({ observationSize, actionSize, hidden, activation, key, dtype }: NafNetworkOptions) {
    const outputs = 1 + actionSize + triangularSize(actionSize);
    this.#layers = mlp({ inputs: observationSize, hidden, outputs, activation, key, dtype });
    this.#actionSize = actionSize;
  }

  parameters(): Parameters {
    return this.#layers.parameters();
  }

  /** V `[N]` of `observations` `[N, F]`. */
  values(observations: Tensor): Tensor {
    return reshape(slice(this.#layers.forward(observations), 1, 0, 1), [-1]);
  }

  /** μ `[N, A]`, the actions with the greatest Q. */
  best(observations: Tensor): Tensor {
    return tanh(slice(this.#layers.forward(observations), 1, 1, 1 + this.#actionSize));
  }

  /** Q `[N]` of `actions` `[N, A]`, and what goes into the tanh that gives μ: `[N, A]`. */
  judge(observations: Tensor, actions: Tensor): { values: Tensor; preMeans: Tensor } {
    const outputs = this.#layers.forward(observations);
    const preMeans = slice(outputs, 1, 1, 1 + this.#actionSize);
    const entries = slice(outputs, 1, 1 + this.#actionSize, outputs.shape[1]!);
    const best = reshape(slice(outputs, 1, 0, 1), [-1]);
    return { values: add(best, quadraticAdvantage(actions, tanh(preMeans), entries)), preMeans };
  }
}
