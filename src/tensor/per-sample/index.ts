/**
 * Per-sample gradients: what each sample of a batch alone pushes the parameters towards.
 *
 * For a linear layer g_i = δ_i ⊗ x_i, so ‖g_i‖² = ‖δ_i‖²·‖x_i‖² (Goodfellow, "Efficient per-example gradient computations",
 * 2015) and ⟨g_i, G⟩ = x_iᵀGᵀδ_i: deltas and activations are there after a backward pass, and no g_i is ever made. Where a
 * sample has several rows (time steps, positions of a convolution) their contributions are summed before the norm is taken.
 */
import { ConfigError, ShapeError } from "../../errors.ts";
import { accumulate } from "../create.ts";
import { add } from "../operations/arithmetic.ts";
import { spread } from "../operations/reduce.ts";
import { dotRows } from "../operations/rows.ts";
import { affine } from "../operations/unary.ts";
import { type Gradients, noGrad } from "../tape.ts";
import { sameShape, type Tensor } from "../tensor.ts";
import { innerOf } from "./forms.ts";
import { Memo } from "./memo.ts";
import { materialiseAll, squaredNormsOf } from "./norms.ts";
import { type Share, traceSamples, type Unsampled } from "./trace.ts";

export { Memo, type Unsampled };

export interface PerSampleOptions {
  /** Number N of samples. They lie along the first axis of data and activations, in order, each with k ≥ 1 rows. */
  readonly batch: number;
  /**
   * Factor of every g_i, default 1: then they sum to the gradient of the batch. With `scale: batch` and a loss that is a
   * mean over samples, g_i is the gradient of the loss of sample i on its own.
   */
  readonly scale?: number;
  /** Terms of the loss that depend on no sample: an error (default), or one N-th of them to each sample. */
  readonly unsampled?: Unsampled;
  /** Tensors with a gradient that are data, a row for each sample: observations whose own gradient is looked at too. */
  readonly data?: readonly Tensor[];
  /** Shared by several losses of one forward pass, so that what depends on activations alone is computed once. */
  readonly memo?: Memo;
}

/**
 * The gradients g_i of every sample's own part of the loss with respect to `parameters`; Σ_i g_i = scale·(gradient of the
 * batch), up to rounding. Where the loss is no sum of terms of one sample each (the square root of a mean), g_i is the part of
 * the gradient that arrives through the rows of sample i.
 *
 * ShapeError where they do not exist or cannot be told: where an operation combines samples with one another, or a parameter
 * enters through an operation without a rule for it. Works in plans; made and read within the step of `gradients`.
 */
export function perSample(
  gradients: Gradients,
  parameters: readonly Tensor[],
  options: PerSampleOptions,
): PerSampleGradients {
  const { batch, scale = 1, unsampled = "refuse", data = [], memo = new Memo() } = options;
  if (!(Number.isSafeInteger(batch) && batch >= 1)) {
    throw new ConfigError({ field: "batch", value: batch, allowed: "a positive integer" });
  }
  const whole = (p: Tensor): Share => ({
    parts: [{ form: "whole", values: gradients.of(p).view([1, ...p.shape]) }],
    common: undefined,
  });
  for (const tensor of data) {
    if (tensor.shape.length === 0 || tensor.shape[0]! % batch !== 0) {
      throw new ShapeError({
        field: "data",
        value: tensor.shape,
        allowed: `with rows for each of the ${batch} samples`,
      });
    }
  }
  for (const p of parameters) if (batch === 1 || !isReached(gradients, p)) gradients.of(p);
  return noGrad(() => {
    const shares =
      batch === 1
        ? new Map(parameters.map((p) => [p, whole(p)]))
        : traceSamples(gradients, parameters, batch, unsampled, data);
    const own = new Map(parameters.map((p) => [p, shares.get(p)!]));
    return new PerSampleGradients(gradients, own, batch, scale, memo);
  });
}

/** Was the result computed from it? Its own gradient may have been left out; see `pullBack`. */
function isReached(gradients: Gradients, parameter: Tensor): boolean {
  return (
    gradients.has(parameter) || gradients.nodes.some(({ edges }) => edges.some(([operand]) => operand === parameter))
  );
}

/** See `perSample`. N is the number of samples, G the gradient of the batch. */
export class PerSampleGradients {
  readonly #gradients: Gradients;
  readonly #shares: ReadonlyMap<Tensor, Share>;
  readonly #batch: number;
  readonly #scale: number;
  readonly #memo: Memo;

  constructor(gradients: Gradients, shares: ReadonlyMap<Tensor, Share>, batch: number, scale: number, memo: Memo) {
    this.#gradients = gradients;
    this.#shares = shares;
    this.#batch = batch;
    this.#scale = scale;
    this.#memo = memo;
  }

  /** ‖g_i‖² over all parameters together, or over the given ones: `[N]`. */
  squaredNorms(parameters: Iterable<Tensor> = this.#shares.keys()): Tensor {
    return this.#sum(parameters, this.#scale * this.#scale, (p, share) => this.#squaredNorms(p, share));
  }

  /** ⟨g_i, direction⟩ `[N]`, the direction by default G: how much each sample agrees with the batch. */
  inner(
    direction: (parameter: Tensor) => Tensor = (p) => this.#gradients.of(p),
    parameters: Iterable<Tensor> = this.#shares.keys(),
  ): Tensor {
    const towards = (p: Tensor) => {
      const found = direction(p);
      if (sameShape(found.shape, p.shape)) return found;
      throw new ShapeError({ field: "direction", value: found.shape, allowed: `of shape [${p.shape}]` });
    };
    const wanted = [...parameters];
    const biases = this.#biases(wanted);
    const others = wanted.filter((p) => ![...biases.values()].includes(p));
    return this.#sum(others, this.#scale, (p, share) => {
      const bias = biases.get(p);
      return this.#inner(share, towards(p), bias && towards(bias));
    });
  }

  /** Weights with the biases that were added to their products: both have the same deltas, so that one sum serves both. */
  #biases(parameters: readonly Tensor[]): ReadonlyMap<Tensor, Tensor> {
    const byDelta = new Map<number, Tensor>();
    const only = (p: Tensor) => {
      const { parts, common } = this.#share(p);
      return parts.length === 1 && common === undefined ? parts[0] : undefined;
    };
    for (const p of parameters) {
      const part = only(p);
      if (part?.form !== "broadcast" || p.shape.length !== 1 || !sameShape(part.delta.shape, [this.#batch, p.size]))
        continue;
      byDelta.set(part.delta.pointer, p);
    }
    const biases = new Map<Tensor, Tensor>();
    for (const p of parameters) {
      const part = only(p);
      if (part?.form !== "product" || part.delta.shape.length !== 2) continue;
      const bias = byDelta.get(part.delta.pointer);
      if (bias && bias.dtype === p.dtype && byDelta.delete(part.delta.pointer)) biases.set(p, bias);
    }
    return biases;
  }

  /** g_i themselves for one parameter: `[N, …its shape]`. N times as large as the parameter: for small cases. */
  of(parameter: Tensor): Tensor {
    const share = this.#share(parameter);
    return noGrad(() => {
      const shape = [this.#batch, ...parameter.shape];
      const own = share.parts.length > 0 ? materialiseAll(share.parts, parameter.shape, this.#batch) : undefined;
      const common = share.common && spread(affine(share.common, 1 / this.#batch, 0), shape);
      const all = own && common ? accumulate(own, common) : (own ?? common)!;
      return affine(all, this.#scale, 0);
    });
  }

  #share(parameter: Tensor): Share {
    const share = this.#shares.get(parameter);
    if (share === undefined) {
      throw new ShapeError({
        field: "parameter",
        value: parameter.shape,
        allowed: "one of those that perSample() was called with",
      });
    }
    return share;
  }

  #sum(parameters: Iterable<Tensor>, factor: number, of: (p: Tensor, share: Share) => Tensor): Tensor {
    return noGrad(() => {
      const terms = [...parameters].map((p) => of(p, this.#share(p)));
      if (terms.length === 0) throw new ShapeError({ field: "parameters", value: [], allowed: "at least one tensor" });
      const total = terms.reduce((a, b) => add(a, b));
      return factor === 1 ? total : affine(total, factor, 0);
    });
  }

  #squaredNorms(p: Tensor, { parts, common }: Share): Tensor {
    const own = parts.length > 0 ? squaredNormsOf(parts, p.shape, this.#batch, this.#memo) : undefined;
    if (common === undefined) return own!;
    // ‖g + c/N‖² = ‖g‖² + 2⟨g, c⟩/N + ‖c‖²/N²
    const row = common.view([1, common.size]);
    const alone = spread(affine(dotRows(row, row), 1 / (this.#batch * this.#batch), 0), [this.#batch]);
    return own
      ? add(add(own, affine(this.#inner({ parts, common: undefined }, common), 2 / this.#batch, 0)), alone)
      : alone;
  }

  #inner({ parts, common }: Share, direction: Tensor, bias?: Tensor): Tensor {
    const terms = parts.map((part) => innerOf(part, direction, this.#batch, this.#memo, bias));
    if (common) {
      const product = dotRows(common.view([1, common.size]), direction.view([1, common.size]));
      terms.push(spread(affine(product, 1 / this.#batch, 0), [this.#batch]));
    }
    return terms.reduce((a, b) => add(a, b));
  }
}
