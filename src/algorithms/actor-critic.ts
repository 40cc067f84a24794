import type { Distribution } from "../distributions/index.ts";
import {
  type ActivationName,
  joinParameters,
  Linear,
  mlp,
  orthogonal,
  type Parameters,
  type Sequential,
  zerosInit,
} from "../nn/index.ts";
import type { Key } from "../random/index.ts";
import type { Space } from "../spaces/index.ts";
import { type FloatType, parameter, reshape, type Tensor } from "../tensor/index.ts";
import { type ActionHead, actionHead } from "./action-head.ts";

export interface ActorCriticOptions {
  /** F: entries of a flat observation. */
  readonly observationSize: number;
  readonly actionSpace: Space<unknown>;
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  /** One trunk for both heads instead of one each. */
  readonly sharedNetwork: boolean;
  /** Orthogonal weights and zero biases (Engstrom et al. 2020) instead of the layers' own default. */
  readonly orthogonalInit: boolean;
  /** First value of every log σ of a Gaussian policy. */
  readonly logStdInit: number;
  readonly key: Key;
  readonly dtype?: FloatType;
}

/**
 * A policy π(a given s) and a value V(s), with trunks of their own or a shared one. Parameters are named
 * `policy.trunk.0.weight`, `policy.head.weight`, `policy.logStd`, `value.trunk.0.weight`, … (`trunk.…` where shared).
 */
export class ActorCritic {
  readonly head: ActionHead;
  readonly #policyTrunk: Sequential;
  readonly #valueTrunk: Sequential;
  readonly #policyHead: Linear;
  readonly #valueHead: Linear;
  readonly #logStd: Tensor | undefined;

  constructor(options: ActorCriticOptions) {
    const { observationSize, actionSpace, hidden, activation, sharedNetwork, orthogonalInit, logStdInit, key, dtype } =
      options;
    const trunk = (name: string) =>
      mlp({
        inputs: observationSize,
        hidden,
        activation,
        key: key.split(name),
        dtype,
        ...(orthogonalInit && { hiddenInit: orthogonal(Math.SQRT2), biasInit: zerosInit }),
      });
    const inputs = hidden.at(-1) ?? observationSize;
    const output = (name: string, outputs: number, gain: number) =>
      new Linear({
        inputs,
        outputs,
        key: key.split(name),
        dtype,
        ...(orthogonalInit && { weightInit: orthogonal(gain), biasInit: zerosInit }),
      });
    this.head = actionHead(actionSpace);
    this.#policyTrunk = trunk("policy trunk");
    this.#valueTrunk = sharedNetwork ? this.#policyTrunk : trunk("value trunk");
    // A small gain makes the first policy nearly uniform, whatever the observation.
    this.#policyHead = output("policy head", this.head.size, 0.01);
    this.#valueHead = output("value head", 1, 1);
    if (this.head.hasLogStd)
      this.#logStd = parameter(new Array(this.head.size).fill(logStdInit), [this.head.size], dtype);
  }

  /** π and V of `observations` `[N, F]`; `mask` (uint8 `[N, M]`) rules out actions. Values are `[N]`. */
  forward(observations: Tensor, mask?: Tensor): { policy: Distribution; values: Tensor } {
    const features = this.#policyTrunk.forward(observations);
    const valueFeatures = this.#valueTrunk === this.#policyTrunk ? features : this.#valueTrunk.forward(observations);
    return { policy: this.#distribution(features, mask), values: this.#value(valueFeatures) };
  }

  policy(observations: Tensor, mask?: Tensor): Distribution {
    return this.#distribution(this.#policyTrunk.forward(observations), mask);
  }

  values(observations: Tensor): Tensor {
    return this.#value(this.#valueTrunk.forward(observations));
  }

  #distribution(features: Tensor, mask?: Tensor): Distribution {
    return this.head.build(this.#policyHead.forward(features), { logStd: this.#logStd, mask });
  }

  #value(features: Tensor): Tensor {
    return reshape(this.#valueHead.forward(features), [-1]);
  }

  parameters(): Parameters {
    const shared = this.#valueTrunk === this.#policyTrunk;
    const logStd = this.#logStd && { "policy.logStd": this.#logStd };
    return joinParameters({
      ...(shared ? { trunk: this.#policyTrunk } : { "policy.trunk": this.#policyTrunk }),
      "policy.head": this.#policyHead,
      ...logStd,
      ...(!shared && { "value.trunk": this.#valueTrunk }),
      "value.head": this.#valueHead,
    });
  }
}
