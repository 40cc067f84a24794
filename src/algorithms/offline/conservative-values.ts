import { Categorical } from "../../distributions/index.ts";
import { type ActivationName, mlp, type Parameters, type Sequential } from "../../nn/index.ts";
import type { Key } from "../../random/index.ts";
import type { Tensor } from "../../tensor/index.ts";

export interface ConservativeValuesOptions {
  /** F */
  readonly observationSize: number;
  /** n */
  readonly actions: number;
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  readonly key: Key;
}

/** Q(s, ·) of n actions, and the policy that conservative Q-learning speaks of: π(a|s) = exp Q(s, a) / Σ_a′ exp Q(s, a′). */
export class ConservativeValues {
  readonly #layers: Sequential;

  constructor({ observationSize, actions, hidden, activation, key }: ConservativeValuesOptions) {
    this.#layers = mlp({ inputs: observationSize, hidden, outputs: actions, activation, key });
  }

  parameters(): Parameters {
    return this.#layers.parameters();
  }

  /** Q `[N, n]` of `observations` `[N, F]`. */
  values(observations: Tensor): Tensor {
    return this.#layers.forward(observations);
  }

  /** Its mode is the best action by Q, among those that `mask` (uint8 `[N, n]`) allows. */
  policy(observations: Tensor, { mask }: { readonly mask?: Tensor | undefined } = {}): Categorical {
    return new Categorical(this.values(observations), mask);
  }
}
