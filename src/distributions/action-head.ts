import { ConfigError } from "../errors.ts";
import type { Shape, Tensor } from "../tensor/index.ts";
import { Bernoulli } from "./bernoulli.ts";
import { Categorical } from "./categorical.ts";
import { DiagonalGaussian } from "./diagonal-gaussian.ts";
import type { Distribution } from "./distribution.ts";
import { MultiCategorical } from "./multi-categorical.ts";
import { SquashedGaussian } from "./squashed-gaussian.ts";
import { StateDependentGaussian, type StateDependentOptions } from "./state-dependent-gaussian.ts";

/** What a distribution is made of, besides the network's output. */
export interface HeadInputs {
  /** Of the head's `logStdShape`, or one row for each of the batch; Gaussians only. */
  readonly logStd?: Tensor;
  /** uint8 `[N, maskSize]`, 1 where allowed; discrete choices only. */
  readonly mask?: Tensor;
  /** `[N, L]` and the matrices in force; state-dependent exploration only. */
  readonly features?: Tensor;
  readonly exploration?: Tensor;
}

/** How a network's output becomes a distribution over the actions of a space. */
export interface ActionHead {
  readonly kind: "categorical" | "multiCategorical" | "bernoulli" | "gaussian" | "stateDependentGaussian";
  /** Width of the network's output. */
  readonly outputs: number;
  /** Shape of the parameter log std, for Gaussians. */
  readonly logStdShape: Shape | undefined;
  /** Width of an action mask, 0 where masks do not apply. */
  readonly maskSize: number;
  /** Shape of one action: `[]`, `[k]` or `[A]`; a batch has `[N, …]`. */
  readonly actionShape: Shape;
  /** `"int32"` for discrete actions, `"float"` for those of the network's dtype. */
  readonly actionDtype: "int32" | "float";
  /** @param output `[N, outputs]` */
  build(output: Tensor, inputs?: HeadInputs): Distribution;
}

export interface HeadOptions {
  /** Gaussian actions through tanh, into (−1, 1); default false. */
  readonly squash?: boolean;
  /** State-dependent exploration with this many features; default: independent noise at each step. */
  readonly stateDependent?: StateDependentOptions & {
    readonly features: number;
    /** One log std for each feature and action (default), or one for each feature. */
    readonly fullStd?: boolean;
  };
}

/** What a head needs to know of an action space; every `Space` is one. */
export interface ActionSpaceLike {
  readonly flatSize: number;
  readonly maskSize: number;
  toJSON():
    | { kind: "discrete" | "multi-binary"; n: number }
    | { kind: "multi-discrete"; nvec: readonly number[] }
    | { kind: "box" | "dict" };
}

/**
 * The head for an action space: categorical for Discrete, multi-categorical for MultiDiscrete, Bernoulli for MultiBinary, Gaussian for Box.
 * @throws ConfigError for a Dict, which has no single distribution
 */
export function distributionFor(space: ActionSpaceLike, options: HeadOptions = {}): ActionHead {
  const { flatSize: outputs, maskSize } = space;
  const discrete = { outputs, logStdShape: undefined, maskSize, actionDtype: "int32" } as const;
  const json = space.toJSON();
  if (json.kind === "discrete") {
    const build = (logits: Tensor, { mask }: HeadInputs = {}) => new Categorical(logits, mask);
    return { ...discrete, kind: "categorical", actionShape: [], build };
  }
  if (json.kind === "multi-discrete") {
    const { nvec } = json;
    const build = (logits: Tensor, { mask }: HeadInputs = {}) => new MultiCategorical(logits, nvec, mask);
    return { ...discrete, kind: "multiCategorical", actionShape: [nvec.length], build };
  }
  if (json.kind === "multi-binary") {
    const build = (logits: Tensor) => new Bernoulli(logits);
    return { ...discrete, kind: "bernoulli", actionShape: [json.n], build };
  }
  if (json.kind === "box") return gaussianHead(outputs, options);
  throw new ConfigError({
    field: "action space",
    value: json.kind,
    allowed: "Discrete, MultiDiscrete, MultiBinary or Box",
  });
}

function gaussianHead(size: number, { squash = false, stateDependent }: HeadOptions): ActionHead {
  const common = { outputs: size, maskSize: 0, actionShape: [size], actionDtype: "float" } as const;
  const finish = (gaussian: DiagonalGaussian | StateDependentGaussian) =>
    squash ? new SquashedGaussian(gaussian) : gaussian;
  if (stateDependent === undefined) {
    return {
      ...common,
      kind: "gaussian",
      logStdShape: [size],
      build: (mean, { logStd } = {}) => finish(new DiagonalGaussian(mean, required("logStd", logStd))),
    };
  }
  const { features: width, fullStd = true } = stateDependent;
  return {
    ...common,
    kind: "stateDependentGaussian",
    logStdShape: [width, fullStd ? size : 1],
    build: (mean, { logStd, features, exploration } = {}) => {
      const std = required("logStd", logStd);
      return finish(new StateDependentGaussian(mean, std, required("features", features), exploration, stateDependent));
    },
  };
}

function required(field: string, tensor: Tensor | undefined): Tensor {
  if (tensor === undefined) throw new ConfigError({ field, allowed: "given to a Gaussian head" });
  return tensor;
}
