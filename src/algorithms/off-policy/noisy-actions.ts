import type { BatchEnv } from "../../envs/index.ts";
import type { Parameters } from "../../nn/index.ts";
import { add, clip, mul, persistent, randomNormal, type Tensor } from "../../tensor/index.ts";
import type { ActingNetwork } from "../actor-critic-policy.ts";
import type { BoundedActions } from "./bounded-actions.ts";
import { planNumbers } from "./plan-actions.ts";

/** One action for each observation: `[N, F]` to `[N, A]`, each entry from −1 to 1. */
export interface BestActionNetwork {
  best(observations: Tensor): Tensor;
  parameters(): Parameters;
}

/**
 * The best actions by a network, and the same with independent normal noise, limited to the bounds (as TD3 explores: Fujimoto
 * et al. 2018, algorithm 1).
 */
export class NoisyActions<N extends BestActionNetwork> implements ActingNetwork {
  readonly network: N;
  /** `[1]` σ as it is now, in halves of the way between the bounds; stored with the network. */
  readonly sigma = persistent([1], "float32");
  readonly #bounds: BoundedActions;

  constructor(network: N, bounds: BoundedActions) {
    this.network = network;
    this.#bounds = bounds;
  }

  /** Actions between the bounds of the space, for an actor. */
  policy(observations: Tensor) {
    const best = this.network.best(observations);
    return {
      mode: () => this.#bounds.toEnvTensor(best),
      sample: (stream: Tensor) => this.#bounds.toEnvTensor(this.#noisy(best, stream)),
    };
  }

  parameters(): Parameters {
    return { ...this.network.parameters(), sigma: this.sigma };
  }

  /** Records how to explore: noisy actions or uniform ones for all environments, −1 … 1, into `actions` `[N, A]`. */
  explorer(env: BatchEnv, stream: Tensor): (actions: Float32Array, isRandom: boolean) => void {
    return planNumbers(env, stream, (observations) => this.#noisy(this.network.best(observations), stream));
  }

  #noisy(best: Tensor, stream: Tensor): Tensor {
    return clip(add(best, mul(randomNormal(stream, best.shape), this.sigma)), -1, 1);
  }
}
