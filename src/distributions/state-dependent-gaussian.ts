import { ConfigError, ShapeError } from "../errors.ts";
import { Op } from "../kernels/index.ts";
import {
  add,
  affine,
  broadcastTo,
  exp,
  greater,
  lessEqual,
  log,
  log1p,
  matmul,
  minimum,
  mul,
  relu,
  reshape,
  square,
  sum,
  type Tensor,
} from "../tensor/index.ts";
import { emit } from "../tensor/program.ts";
import { DiagonalGaussian } from "./diagonal-gaussian.ts";
import type { Distribution } from "./distribution.ts";

/** Added to the variance and, with `useExpln`, to log std; Stable-Baselines3's value. */
const EPSILON = 1e-6;

export interface StateDependentOptions {
  /** Standard deviations are exp(log std) up to 1, but grow like 1 + log(1 + log std) above; default false. */
  readonly useExpln?: boolean;
  /** Do gradients flow from the noise into the features? Default false. */
  readonly learnFeatures?: boolean;
}

/**
 * Generalised state-dependent exploration (Raffin et al. 2021, *Smooth Exploration for Robotic Reinforcement Learning*): the noise is a
 * function of the features of the state, ε(s) = E·f(s), whose matrix E is drawn now and then instead of at every step. Given the
 * features, actions are normal with variance Σ_l f_l² std_la².
 */
export class StateDependentGaussian implements Distribution {
  /** `[N, A]` */
  readonly mean: Tensor;
  /** What the actions of a row follow over all draws of the matrix: log-probabilities and entropy are its. */
  readonly marginal: DiagonalGaussian;
  readonly #features: Tensor;
  readonly #std: Tensor;
  readonly #exploration: Tensor | undefined;

  /**
   * @param mean `[N, A]`
   * @param logStd `[L, A]`, or `[L, 1]` to share each one among the actions
   * @param features `[N, L]`
   * @param exploration standard normal numbers, `[L, A]` for all rows or `[N, L, A]`, to be scaled by std; only sampling
   *   needs them, and `resampleExploration` draws them anew
   */
  constructor(
    mean: Tensor,
    logStd: Tensor,
    features: Tensor,
    exploration?: Tensor,
    { useExpln = false, learnFeatures = false }: StateDependentOptions = {},
  ) {
    const [rows, size] = mean.shape;
    const width = features.shape[1];
    expectShape("features", features, [`${rows},${width}`]);
    expectShape("logStd", logStd, [`${width},${size}`, `${width},1`]);
    if (exploration) expectShape("exploration", exploration, [`${width},${size}`, `${rows},${width},${size}`]);
    this.mean = mean;
    this.#features = learnFeatures ? features : features.view(features.shape);
    this.#std = broadcastTo(useExpln ? expln(logStd) : exp(logStd), [width, size]);
    this.#exploration = exploration;
    const variance = matmul(square(this.#features), square(this.#std));
    this.marginal = new DiagonalGaussian(mean, affine(log(affine(variance, 1, EPSILON)), 0.5, 0));
  }

  /** mean + E·features, with the matrix in force; draws nothing. */
  sample(): Tensor {
    const exploration = this.#exploration;
    if (exploration === undefined) {
      throw new ConfigError({ field: "exploration", allowed: "given to the distribution that is to be sampled" });
    }
    const matrix = mul(exploration, this.#std);
    if (matrix.shape.length === 2) return add(this.mean, matmul(this.#features, matrix));
    return add(this.mean, sum(mul(reshape(this.#features, [...this.#features.shape, 1]), matrix), 1));
  }

  mode(): Tensor {
    return this.mean;
  }

  logProb(action: Tensor): Tensor {
    return this.marginal.logProb(action);
  }

  entropy(): Tensor {
    return this.marginal.entropy();
  }

  kl(other: StateDependentGaussian): Tensor {
    return this.marginal.kl(other.marginal);
  }

  /** Those of the marginal. */
  get coordinates(): Tensor {
    return this.marginal.coordinates;
  }

  fisher(direction: Tensor): Tensor {
    return this.marginal.fisher(direction);
  }
}

/** Draws the exploration matrices anew, in place; `exploration` is a persistent tensor, part of a run's state. */
export function resampleExploration(stream: Tensor, exploration: Tensor): void {
  const isWide = exploration.dtype === "float64";
  emit(Op.RandomNormal, isWide, stream.pointer, exploration.pointer, exploration.size, 0, 1);
}

/** exp(x) for x ≤ 0, 1 + log(1 + x) above: positive, with a continuous derivative. */
function expln(x: Tensor): Tensor {
  const below = mul(exp(minimum(x, 0)), lessEqual(x, 0));
  const above = mul(affine(log1p(affine(relu(x), 1, EPSILON)), 1, 1), greater(x, 0));
  return add(below, above);
}

function expectShape(field: string, tensor: Tensor, allowed: readonly string[]): void {
  if (allowed.includes(tensor.shape.join())) return;
  throw new ShapeError({
    field,
    value: tensor.shape,
    allowed: `of shape ${allowed.map((s) => `[${s}]`).join(" or ")}`,
  });
}
