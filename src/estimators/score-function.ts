/**
 * The gradient of an expectation with respect to what the samples are drawn from, ∂/∂θ E_{x∼p_θ}[f(x)], estimated from N
 * samples in the two ways there are (Mohamed et al. 2020, "Monte Carlo gradient estimation in machine learning", sections 4
 * and 5; Schulman et al. 2015, "Gradient estimation using stochastic computation graphs").
 *
 * The score function needs f at the samples only, which may be a game's score; pathwise, f must be differentiable and the
 * samples a differentiable function of θ.
 */
import type { Distribution } from "../distributions/index.ts";
import { ConfigError, ShapeError } from "../errors.ts";
import {
  backward,
  div,
  type Gradients,
  maximum,
  mean,
  mul,
  perSample,
  sub,
  sum,
  type Tensor,
} from "../tensor/index.ts";

/**
 * What is taken off f, which changes the variance and not the mean as long as row i's does not depend on sample i:
 *
 * | baseline | b_i |
 * |---|---|
 * | none | 0 |
 * | average | the mean of f over the other samples |
 * | optimal | Σ ‖∇ log p‖² f / Σ ‖∇ log p‖² over the other samples: the best constant |
 * | a tensor `[N]` | its row i, of a value that depends on the state for example |
 */
export type Baseline = "none" | "average" | "optimal" | Tensor;

export interface ScoreFunctionOptions {
  /** Default none. */
  readonly baseline?: Baseline;
  /** θ, for the optimal baseline. */
  readonly parameters?: readonly Tensor[];
}

/**
 * The score-function estimator, or REINFORCE (Williams 1992, "Simple statistical gradient-following algorithms for
 * connectionist reinforcement learning", theorem 1):
 *
 *     ∂/∂θ E[f(x)] ≈ (1/N) Σ_i ∂ log p_θ(x_i)/∂θ (f(x_i) − b_i)
 *
 * | symbol | argument | shape |
 * |---|---|---|
 * | p_θ | `distribution`, computed from θ: a row for each sample | N rows |
 * | x_i | `samples`, drawn from it | `[N, …]` |
 * | f(x_i) | `values`; no gradient flows through them | `[N]` |
 *
 * The best constant (Greensmith, Bartlett & Baxter 2004) comes from exact per-sample gradient norms. Leaving out the own
 * sample keeps the averages unbiased; with all N in them the estimate would shrink by 1/N (average). Where the others' scores
 * are all 0 the optimal baseline is 0.
 *
 * Works in plans. ShapeError for shapes; ConfigError for averages of a single sample, and where the optimal baseline is not
 * told the parameters.
 */
export function scoreFunctionGradient(
  distribution: Distribution,
  samples: Tensor,
  values: Tensor,
  { baseline = "none", parameters }: ScoreFunctionOptions = {},
): Gradients {
  // A view carries no gradient: samples and values are numbers here, however they were made.
  const logProbs = distribution.logProb(samples.view(samples.shape));
  const f = values.view(values.shape);
  requireRows("values", f, logProbs.shape);
  return backward(mean(mul(logProbs, centered(logProbs, f, baseline, parameters))));
}

function centered(logProbs: Tensor, f: Tensor, baseline: Baseline, parameters: readonly Tensor[] | undefined): Tensor {
  if (baseline === "none") return f;
  if (baseline === "average") return sub(f, averageOfOthers(f));
  if (baseline === "optimal") return sub(f, optimalOfOthers(logProbs, f, parameters));
  requireRows("baseline", baseline, f.shape);
  return sub(f, baseline.view(baseline.shape));
}

function averageOfOthers(f: Tensor): Tensor {
  requireSeveral(f, "average");
  return mul(sub(sum(f), f), 1 / (f.size - 1));
}

function optimalOfOthers(logProbs: Tensor, f: Tensor, parameters: readonly Tensor[] | undefined): Tensor {
  requireSeveral(f, "optimal");
  if (parameters === undefined) {
    throw new ConfigError({
      field: "parameters",
      allowed: "given where the baseline is optimal: it needs their scores",
    });
  }
  const scores = perSample(backward(sum(logProbs)), parameters, { batch: f.size });
  const weights = scores.squaredNorms();
  const weighted = mul(weights, f);
  const others = sub(sum(weights), weights);
  return div(sub(sum(weighted), weighted), maximum(others, SMALLEST));
}

/** Keeps 0/0 finite, and is far below any sum of scores that matters. */
const SMALLEST = 1e-30;

/**
 * The pathwise or reparameterised gradient (Kingma & Welling 2014, "Auto-encoding variational Bayes", section 2.4), with
 * x = g_θ(ε) and the noise ε independent of θ:
 *
 *     ∂/∂θ E[f(x)] ≈ (1/N) Σ_i ∂ f(g_θ(ε_i)) / ∂θ
 *
 * @param stream where the noise is drawn from
 * @param f differentiable operations from samples `[N, …]` to `[N]`
 * @throws ConfigError for a distribution whose samples jump as θ moves: choices and switches
 */
export function pathwiseGradient(
  distribution: Distribution,
  stream: Tensor,
  f: (samples: Tensor) => Tensor,
): Gradients {
  const samples = distribution.sample(stream);
  if (!samples.requiresGrad) {
    throw new ConfigError({
      field: "distribution",
      value: distribution.constructor.name,
      allowed: "one whose samples are differentiable in its parameters, such as a Gaussian",
      fix: "Use scoreFunctionGradient for choices.",
    });
  }
  const values = f(samples);
  requireRows("f", values, [samples.shape[0]!]);
  return backward(mean(values));
}

function requireRows(field: string, given: Tensor, shape: readonly number[]): void {
  if (given.shape.join() === shape.join()) return;
  throw new ShapeError({ field, value: given.shape, allowed: `of shape [${shape}], one for each sample` });
}

function requireSeveral(f: Tensor, baseline: string): void {
  if (f.size > 1) return;
  throw new ConfigError({
    field: "baseline",
    value: baseline,
    allowed: '"none" or a tensor where there is one sample',
  });
}
