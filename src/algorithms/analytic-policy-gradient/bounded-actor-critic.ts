import { BoundedGaussian, DiagonalGaussian } from "../../distributions/index.ts";
import { exp } from "../../math/index.ts";
import {
  type ActivationName,
  joinParameters,
  mlp,
  orthogonal,
  type Parameters,
  type Sequential,
  zerosInit,
} from "../../nn/index.ts";
import type { Key } from "../../random/index.ts";
import type { Box } from "../../spaces/index.ts";
import { parameter, persistent, reshape, type Tensor } from "../../tensor/index.ts";

export interface BoundedActorCriticOptions {
  /** F: entries of a flat observation. */
  readonly observationSize: number;
  /** Of finite bounds. */
  readonly actionSpace: Box;
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  /** Orthogonal weights and zero biases (Engstrom et al. 2020) instead of the layers' own default. */
  readonly orthogonalInit: boolean;
  /** First value of every log σ, before squashing. */
  readonly logStdInit: number;
  readonly key: Key;
}

/**
 * A policy whose actions keep within the bounds of their Box by a tanh, so that they can be differentiated, and a value V(s) with
 * a network of its own. Parameters are named `policy.0.weight`, …, `policy.logStd`, `value.0.weight`, …
 */
export class BoundedActorCritic {
  readonly #policy: Sequential;
  readonly #logStd: Tensor;
  readonly #value: Sequential;
  /** `[A]` the middle of the Box, and from there to its bounds. */
  readonly #centre: Tensor;
  readonly #halfWidth: Tensor;

  constructor(options: BoundedActorCriticOptions) {
    const { observationSize: inputs, actionSpace, hidden, activation, orthogonalInit, logStdInit, key } = options;
    const network = (name: string, outputs: number, gain: number) => {
      const init = { hiddenInit: orthogonal(Math.SQRT2), outputInit: orthogonal(gain), biasInit: zerosInit };
      return mlp({ inputs, hidden, outputs, activation, key: key.split(name), ...(orthogonalInit && init) });
    };
    const { actionSize, low, high } = actionSpace;
    this.#centre = persistent([actionSize], "float32").set(low.map((bound, i) => (bound + high[i]!) / 2));
    this.#halfWidth = persistent([actionSize], "float32").set(low.map((bound, i) => (high[i]! - bound) / 2));
    // A small gain makes the first actions nearly those of the middle of the Box, where tanh has its largest slope.
    this.#policy = network("policy", actionSize, 0.01);
    this.#value = network("value", 1, 1);
    this.#logStd = parameter(new Float32Array(actionSize).fill(logStdInit));
  }

  /** π of `observations` `[N, F]`. */
  policy(observations: Tensor): BoundedGaussian {
    const gaussian = new DiagonalGaussian(this.#policy.forward(observations), this.#logStd);
    return new BoundedGaussian(gaussian, this.#centre, this.#halfWidth);
  }

  /** V of `observations` `[N, F]`: `[N]`. */
  values(observations: Tensor): Tensor {
    return reshape(this.#value.forward(observations), [-1]);
  }

  /** Mean standard deviation of what goes into tanh. */
  get std(): number {
    const { data, size } = this.#logStd;
    let sum = 0;
    for (let i = 0; i < size; i++) sum += exp(data[i]!);
    return sum / size;
  }

  policyParameters(): Parameters {
    return joinParameters({ policy: this.#policy, "policy.logStd": this.#logStd });
  }

  valueParameters(): Parameters {
    return joinParameters({ value: this.#value });
  }

  parameters(): Parameters {
    return { ...this.policyParameters(), ...this.valueParameters() };
  }
}
