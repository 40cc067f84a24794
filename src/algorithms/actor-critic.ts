import { type ActionHead, type Distribution, distributionFor, type HeadInputs } from "../distributions/index.ts";
import { ConfigError, ShapeError } from "../errors.ts";
import { exp } from "../math/index.ts";
import {
  type ActivationName,
  joinParameters,
  Linear,
  mlp,
  orthogonal,
  type Parameters,
  Pooling,
  type Sequential,
  zerosInit,
} from "../nn/index.ts";
import type { Key } from "../random/index.ts";
import { Box, type Space } from "../spaces/index.ts";
import {
  cast,
  concat,
  type FloatType,
  full,
  parameter,
  persistent,
  reshape,
  type Tensor,
  zeros,
} from "../tensor/index.ts";
import { actionEncoder } from "./encode-actions.ts";

export interface ActorCriticOptions {
  /** F: entries of a flat observation. */
  readonly observationSize: number;
  readonly actionSpace: Space<unknown>;
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  /** A trunk of its own for V(s) (default), the policy's, one of its own for Q(s, a), or no critic at all: V(s) = 0. */
  readonly critic?: "separate" | "shared" | "action" | "none";
  /** Orthogonal weights and zero biases (Engstrom et al. 2020) instead of the layers' own default. */
  readonly orthogonalInit: boolean;
  /** Whether first layers skip what is 0 in observations (`SparseLinear`); default false. */
  readonly sparseInput?: boolean;
  /** Pixels from one point to the next of the coarser grid that first layers see of images (`Pooling`); default 1: images as they are. */
  readonly pooling?: number;
  /** Of one observation, `[…, H, W]`; only pooling asks. */
  readonly observationShape?: readonly number[];
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
  /** Entries of what `read` gives; left out: F. */
  readonly inputSize?: number;
  /** What first layers read of observations: less, where there is pooling. The methods below take this too. Left out: all. */
  read?(observations: Tensor): Tensor;
  /** π and V; values are `[N]`. */
  forward(observations: Tensor, given?: PolicyInputs): { policy: Distribution; values: Tensor };
  policy(observations: Tensor, given?: PolicyInputs): Distribution;
  /** V, or Q of the observations and `actions`. */
  values(observations: Tensor, actions?: Tensor): Tensor;
  /** Does the critic judge actions, Q(s, a)? Left out: states, V(s). */
  readonly judgesActions?: boolean;
  /** Room for gSDE's noise matrices, `[N, L, A]`, one for each of N environments; undefined for other policies. */
  exploration(rows: number): Tensor | undefined;
  parameters(): Parameters;
  /** Clears what it remembers; left out where it remembers nothing. */
  forget?(): void;
}

/** Of one observation: how many numbers it is, and of an image its shape. */
export function sizesOf(space: Space<unknown>) {
  return { observationSize: space.flatSize, observationShape: space instanceof Box ? space.shape : [space.flatSize] };
}

/**
 * A policy π(a given s) and a critic: V(s) with a trunk of its own or the policy's, or Q(s, a) of the observation and the
 * encoded action side by side. Parameters are named `policy.trunk.0.weight`, `policy.head.weight`, `policy.logStd`,
 * `value.trunk.0.weight`, … (`trunk.…` where shared).
 */
export class ActorCritic implements PolicyNetwork {
  readonly head: ActionHead;
  readonly inputSize: number;
  readonly #options: ActorCriticOptions;
  readonly #pooling: Pooling | undefined;
  readonly #trunk: Sequential;
  readonly #policyHead: Linear;
  readonly #logStd: Tensor | undefined;
  readonly #valueTrunk: Sequential | undefined;
  readonly #valueHead: Linear | undefined;
  readonly #encode: ((actions: Tensor) => Tensor) | undefined;

  constructor(options: ActorCriticOptions) {
    const { actionSpace, hidden, critic = "separate", logStdInit, dtype, pooling = 1 } = options;
    this.#options = options;
    if (pooling > 1) this.#pooling = new Pooling(options.observationShape ?? [options.observationSize], pooling);
    this.inputSize = this.#pooling?.outputs ?? options.observationSize;
    const features = hidden.at(-1) ?? this.inputSize;
    if (options.useSde && !(actionSpace instanceof Box)) {
      throw new ConfigError({ field: "useSde", value: true, allowed: `false where actions are ${actionSpace.kind}` });
    }
    this.head = distributionFor(actionSpace, options.useSde ? { stateDependent: { features } } : {});
    this.#trunk = this.#makeTrunk("policy trunk");
    // A small gain makes the first policy nearly uniform, whatever the observation.
    this.#policyHead = this.#makeHead("policy head", features, this.head.outputs, 0.01);
    if (critic === "action") this.#encode = actionEncoder(actionSpace, dtype);
    const valueInputs = this.inputSize + (critic === "action" ? actionSpace.flatSize : 0);
    if (critic === "separate" || critic === "action") this.#valueTrunk = this.#makeTrunk("value trunk", valueInputs);
    if (critic !== "none") this.#valueHead = this.#makeHead("value head", hidden.at(-1) ?? valueInputs, 1, 1);
    const { logStdShape: shape } = this.head;
    if (shape) this.#logStd = parameter(full(shape, logStdInit).data, shape, dtype);
  }

  #makeTrunk(name: string, inputs = this.inputSize): Sequential {
    const { hidden, activation, orthogonalInit, sparseInput, key, dtype } = this.#options;
    const init = orthogonalInit && { hiddenInit: orthogonal(Math.SQRT2), biasInit: zerosInit };
    return mlp({ inputs, hidden, activation, key: key.split(name), sparseInput, dtype, ...init });
  }

  #makeHead(name: string, inputs: number, outputs: number, gain: number): Linear {
    const { orthogonalInit, key, dtype } = this.#options;
    const init = orthogonalInit && { weightInit: orthogonal(gain), biasInit: zerosInit };
    return new Linear({ inputs, outputs, key: key.split(name), dtype, ...init });
  }

  /** π of `observations` `[N, F]` and V there, or Q of them and `actions`. Values are `[N]`. */
  forward(
    observations: Tensor,
    given: PolicyInputs & { readonly actions?: Tensor } = {},
  ): { policy: Distribution; values: Tensor } {
    const features = this.#trunk.forward(this.#read(observations));
    const values = this.#value(observations, features, given.actions);
    return { policy: this.#distribution(features, given), values };
  }

  policy(observations: Tensor, given: PolicyInputs = {}): Distribution {
    return this.#distribution(this.#trunk.forward(this.#read(observations)), given);
  }

  read(observations: Tensor): Tensor {
    if (this.#pooling === undefined || observations.shape[1] === this.inputSize) return observations;
    return this.#pooling.forward(cast(observations, this.#options.dtype ?? "float32"));
  }

  /** The same as first layers take it: bytes only go to those that skip what is 0. */
  #read(given: Tensor): Tensor {
    const observations = this.read(given);
    const { sparseInput = false, dtype = "float32" } = this.#options;
    return observations.dtype !== "uint8" || (sparseInput && !this.judgesActions)
      ? observations
      : cast(observations, dtype);
  }

  /** V of `observations`, or Q of them and `actions`. */
  values(observations: Tensor, actions?: Tensor): Tensor {
    return this.#value(observations, undefined, actions);
  }

  #distribution(features: Tensor, given: PolicyInputs): Distribution {
    return this.head.build(this.#policyHead.forward(features), { ...given, features, logStd: this.#logStd });
  }

  /** @param features what the policy's trunk makes of the observations, where that is known already */
  #value(given: Tensor, features: Tensor | undefined, actions: Tensor | undefined): Tensor {
    if (this.#valueHead === undefined) return zeros([given.shape[0]!], this.#options.dtype);
    const observations = this.#read(given);
    if (this.#valueTrunk === undefined) {
      return reshape(this.#valueHead.forward(features ?? this.#trunk.forward(observations)), [-1]);
    }
    const inputs = this.#encode ? concat([observations, this.#encode(required(actions))], 1) : observations;
    return reshape(this.#valueHead.forward(this.#valueTrunk.forward(inputs)), [-1]);
  }

  /** Does V share nothing with the policy, and depend on the observation alone? */
  get criticIsApart(): boolean {
    return this.#valueTrunk !== undefined && !this.judgesActions;
  }

  get judgesActions(): boolean {
    return this.#encode !== undefined;
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

function required(actions: Tensor | undefined): Tensor {
  if (actions === undefined) throw new ShapeError({ field: "actions", allowed: "given to a critic Q(s, a)" });
  return actions;
}
