import { joinParameters, type Parameters } from "../../../nn/index.ts";
import { add, mean, reshape, sub, type Tensor } from "../../../tensor/index.ts";
import { Layers } from "./layers.ts";
import type { QNetwork, QNetworkOptions } from "./q-network.ts";

/**
 * Wang et al. 2016, "Dueling network architectures for deep reinforcement learning", equation 9: how good the state is, and how
 * much better than the others each action, come from streams of their own,
 *
 *     Q(s, a) = V(s) + A(s, a) − 1/n Σ_a′ A(s, a′)
 *
 * so that V learns from every transition, whatever the action. Each stream has the last hidden layer for itself; those before
 * it are shared. Of distributions the same holds for each of the K numbers (Hessel et al. 2018, section "The integrated agent").
 * Deviation: the gradient into the shared layers is not scaled by 1/√2.
 */
export class DuelingNetwork implements QNetwork {
  readonly #shared: Layers;
  readonly #value: Layers;
  readonly #advantage: Layers;
  readonly #shape: readonly [actions: number, size: number];

  constructor({ observationSize, actions, size, hidden, key, ...style }: QNetworkOptions) {
    this.#shared = new Layers(observationSize, hidden.slice(0, -1), undefined, style, key.split("shared"));
    const stream = (name: string, outputs: number) =>
      new Layers(this.#shared.width, hidden.slice(-1), outputs, style, key.split(name));
    this.#value = stream("value", size);
    this.#advantage = stream("advantage", actions * size);
    this.#shape = [actions, size];
  }

  outputs(observations: Tensor, noise?: Tensor): Tensor {
    const [actions, size] = this.#shape;
    const shared = this.#shared.forward(observations, noise);
    const value = reshape(this.#value.forward(shared, noise), [-1, 1, size]);
    const advantage = reshape(this.#advantage.forward(shared, noise), [-1, actions, size]);
    return add(value, sub(advantage, mean(advantage, 1, true)));
  }

  parameters(): Parameters {
    return joinParameters({ shared: this.#shared, value: this.#value, advantage: this.#advantage });
  }
}
