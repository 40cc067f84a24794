import { type ActionHead, type Distribution, distributionFor, type HeadInputs } from "../distributions/index.ts";
import { ConfigError } from "../errors.ts";
import { exp } from "../math/index.ts";
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
import { Box, type Space } from "../spaces/index.ts";
import { type FloatType, full, parameter, persistent, reshape, type Tensor, zeros } from "../tensor/index.ts";

export interface ActorCriticOptions {
  /** F: entries of a flat observation. */
  readonly observationSize: number;
  readonly actionSpace: Space<unknown>;
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  /** A trunk of its own for the value (default), the policy's, or no value at all: V(s) = 0. */
  readonly critic?: "separate" | "shared" | "none";
  /** Orthogonal weights and zero biases (Engstrom et al. 2020) instead of the layers' own default. */
  readonly orthogonalInit: boolean;
  /** First value of every log σ of a Gaussian policy. */
  readonly logStdInit: number;
  /** Gaussian noise that is a function of the state (gSDE, Raffin et al. 2021); default false. */
  readonly useSde?: boolean;
  readonly key: Key;
  readonly dtype?: FloatType;
}

/** What a policy depends on besides the observation: action masks (uint8 `[N, M]`), and gSDE's noise matrices. */
export type PolicyInputs = Pick<HeadInputs, "mask" | "exploration">;

/** What acts and is trained, with memory or without: π and V of N flat observations `[N, F]`. */
export interface PolicyNetwork {
  readonly head: ActionHead;
  /** π and V; values are `[N]`. */
  forward(observations: Tensor, given?: PolicyInputs): { policy: Distribution; values: Tensor };
  policy(observations: Tensor, given?: PolicyInputs): Distribution;
  values(observations: Tensor): Tensor;
  /** Room for gSDE's noise matrices, `[N, L, A]`, one for each of N environments; undefined for other policies. */
  exploration(rows: number): Tensor | undefined;
  parameters(): Parameters;
  /** Clears what it remembers; left out where it remembers nothing. */
  forget?(): void;
}

/**
 * A policy π(a given s) and a value V(s), with trunks of their own or a shared one. Parameters are named
 * `policy.trunk.0.weight`, `policy.head.weight`, `policy.logStd`, `value.trunk.0.weight`, … (`trunk.…` where shared).
 */
export class ActorCritic implements PolicyNetwork {
  readonly head: ActionHead;
  readonly #options: ActorCriticOptions;
  readonly #trunk: Sequential;
  readonly #policyHead: Linear;
  readonly #logStd: Tensor | undefined;
  readonly #valueTrunk: Sequential | undefined;
  readonly #valueHead: Linear | undefined;

  constructor(options: ActorCriticOptions) {
    const { observationSize, actionSpace, hidden, critic = "separate", logStdInit, dtype } = options;
    this.#options = options;
    const features = hidden.at(-1) ?? observationSize;
    if (options.useSde && !(actionSpace instanceof Box)) {
      throw new ConfigError({ field: "useSde", value: true, allowed: `false where actions are ${actionSpace.kind}` });
    }
    this.head = distributionFor(actionSpace, options.useSde ? { stateDependent: { features } } : {});
    this.#trunk = this.#makeTrunk("policy trunk");
    // A small gain makes the first policy nearly uniform, whatever the observation.
    this.#policyHead = this.#makeHead("policy head", features, this.head.outputs, 0.01);
    if (critic === "separate") this.#valueTrunk = this.#makeTrunk("value trunk");
    if (critic !== "none") this.#valueHead = this.#makeHead("value head", features, 1, 1);
    const { logStdShape: shape } = this.head;
    if (shape) this.#logStd = parameter(full(shape, logStdInit).data, shape, dtype);
  }

  #makeTrunk(name: string): Sequential {
    const { observationSize: inputs, hidden, activation, orthogonalInit, key, dtype } = this.#options;
    const init = orthogonalInit && { hiddenInit: orthogonal(Math.SQRT2), biasInit: zerosInit };
    return mlp({ inputs, hidden, activation, key: key.split(name), dtype, ...init });
  }

  #makeHead(name: string, inputs: number, outputs: number, gain: number): Linear {
    const { orthogonalInit, key, dtype } = this.#options;
    const init = orthogonalInit && { weightInit: orthogonal(gain), biasInit: zerosInit };
    return new Linear({ inputs, outputs, key: key.split(name), dtype, ...init });
  }

  /** π and V of `observations` `[N, F]`. Values are `[N]`. */
  forward(observations: Tensor, given: PolicyInputs = {}): { policy: Distribution; values: Tensor } {
    const features = this.#trunk.forward(observations);
    const valueFeatures = this.#valueTrunk?.forward(observations) ?? features;
    return { policy: this.#distribution(features, given), values: this.#value(valueFeatures) };
  }

  policy(observations: Tensor, given: PolicyInputs = {}): Distribution {
    return this.#distribution(this.#trunk.forward(observations), given);
  }

  values(observations: Tensor): Tensor {
    return this.#value((this.#valueTrunk ?? this.#trunk).forward(observations));
  }

  #distribution(features: Tensor, given: PolicyInputs): Distribution {
    return this.head.build(this.#policyHead.forward(features), { ...given, features, logStd: this.#logStd });
  }

  #value(features: Tensor): Tensor {
    if (this.#valueHead === undefined) return zeros([features.shape[0]!], this.#options.dtype);
    return reshape(this.#valueHead.forward(features), [-1]);
  }

  exploration(rows: number): Tensor | undefined {
    if (this.head.kind !== "stateDependentGaussian") return undefined;
    const features = this.#policyHead.weight.shape[1]!;
    return persistent([rows, features, this.head.outputs], this.#options.dtype ?? "float32");
  }

  /** Mean standard deviation over the entries of the action, where it does not depend on the state. */
  get std(): number | undefined {
    if (this.head.kind !== "gaussian") return undefined;
    const { data, size } = this.#logStd!;
    let sum = 0;
    for (let i = 0; i < size; i++) sum += exp(data[i]!);
    return sum / size;
  }

  parameters(): Parameters {
    return joinParameters({
      [this.#options.critic === "shared" ? "trunk" : "policy.trunk"]: this.#trunk,
      "policy.head": this.#policyHead,
      ...(this.#logStd && { "policy.logStd": this.#logStd }),
      ...(this.#valueTrunk && { "value.trunk": this.#valueTrunk }),
      ...(this.#valueHead && { "value.head": this.#valueHead }),
    });
  }
}
