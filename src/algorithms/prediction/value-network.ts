import { type ActivationName, mlp, type Parameters, type Sequential } from "../../nn/index.ts";
import type { Key } from "../../random/index.ts";
import { add, affine, div, dotRows, maxRows, pick, reshape, sum, type Tensor } from "../../tensor/index.ts";

/** The policy whose values are asked for: every allowed action as likely as any other, or the best one by Q. */
export type TargetPolicy = "uniform" | "greedy";

export interface ValueNetworkOptions {
  /** F */
  readonly observationSize: number;
  /** n of a network Q(s, ·); left out for V(s). */
  readonly actions?: number | undefined;
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  readonly key: Key;
}

/** V(s), or Q(s, ·) for each of n actions. */
export class ValueNetwork {
  readonly #layers: Sequential;
  readonly #actions: number | undefined;

  constructor({ observationSize, actions, hidden, activation, key }: ValueNetworkOptions) {
    this.#layers = mlp({ inputs: observationSize, hidden, outputs: actions ?? 1, activation, key });
    this.#actions = actions;
  }

  parameters(): Parameters {
    return this.#layers.parameters();
  }

  /** V of `observations` `[N, F]`, or Q of these and `actions` (int32 `[N]`): `[N]`. */
  values(observations: Tensor, actions: Tensor): Tensor {
    const outputs = this.#layers.forward(observations);
    return this.#actions === undefined ? reshape(outputs, [-1]) : pick(outputs, actions);
  }

  /** Q(s, ·) `[N, n]`, with actions that are not allowed far below all others. `allowed`: float `[N, n]`, 1 or 0. */
  preferences(observations: Tensor, allowed: Tensor): Tensor {
    return add(this.#layers.forward(observations), affine(allowed, FAR, -FAR));
  }

  /** What `policy` finds in a state `[N]`: V(s), or Σ_a π(a|s) Q(s, a) over the allowed actions. */
  stateValues(observations: Tensor, allowed: Tensor, policy: TargetPolicy): Tensor {
    if (this.#actions === undefined) return reshape(this.#layers.forward(observations), [-1]);
    if (policy === "greedy") return maxRows(this.preferences(observations, allowed));
    return div(dotRows(this.#layers.forward(observations), allowed), sum(allowed, 1));
  }
}

/** Below every value there is, and exact to add 0 of. */
const FAR = 1e9;
