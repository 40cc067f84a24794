import type { BatchEnv } from "../../envs/index.ts";
import type { Parameters } from "../../nn/index.ts";
import type { Box } from "../../spaces/index.ts";
import {
  add,
  clip,
  mul,
  noGrad,
  persistent,
  plan,
  randomNormal,
  randomUniform,
  type Tensor,
} from "../../tensor/index.ts";
import type { ActingNetwork } from "../actor-critic-policy.ts";

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
  /** `[A]` what −1 … 1 stands for. */
  readonly #centre: Tensor;
  readonly #halfWidth: Tensor;

  /** @param space bounded */
  constructor(network: N, { low, high, actionSize }: Box) {
    this.network = network;
    this.#centre = persistent([actionSize], "float32").set(low.map((bound, i) => (bound + high[i]!) / 2));
    this.#halfWidth = persistent([actionSize], "float32").set(low.map((bound, i) => (high[i]! - bound) / 2));
  }

  /** Actions between the bounds of the space, for an actor. */
  policy(observations: Tensor) {
    const best = this.network.best(observations);
    return {
      mode: () => this.#toSpace(best),
      sample: (stream: Tensor) => this.#toSpace(this.#noisy(best, stream)),
    };
  }

  parameters(): Parameters {
    return { ...this.network.parameters(), sigma: this.sigma };
  }

  /** Records how to explore: noisy actions or uniform ones for all environments, −1 … 1, into `actions` `[N, A]`. */
  explorer(env: BatchEnv, stream: Tensor): (actions: Float32Array, isRandom: boolean) => void {
    const observations = { shape: [env.count, env.observationSpace.flatSize] };
    const noisy = plan({ observations }, (inputs) =>
      noGrad(() => this.#noisy(this.network.best(inputs.observations), stream)),
    );
    const uniform = plan({}, () => randomUniform(stream, [env.count, env.actionSpace.actionSize], { low: -1 }));
    return (actions, isRandom) => {
      if (!isRandom) noisy.inputs.observations.data.set(env.observations);
      actions.set((isRandom ? uniform : noisy).run().data);
    };
  }

  #noisy(best: Tensor, stream: Tensor): Tensor {
    return clip(add(best, mul(randomNormal(stream, best.shape), this.sigma)), -1, 1);
  }

  #toSpace(actions: Tensor): Tensor {
    return add(mul(actions, this.#halfWidth), this.#centre);
  }
}
