import type { Key } from "../../random/index.ts";
import {
  abs,
  add,
  type FloatType,
  linear,
  mul,
  randomNormal,
  reshape,
  sign,
  sqrt,
  type Tensor,
} from "../../tensor/index.ts";
import { constantInit, fanInUniform, type Initialiser } from "../initialisers/index.ts";
import type { Layer, Parameters } from "../layer.ts";
import { makeParameter, requireOptions, requirePositive } from "../make-parameter.ts";

export interface NoisyLinearOptions {
  readonly inputs: number;
  readonly outputs: number;
  /** Where the first values come from; every parameter is drawn from a branch of its own. */
  readonly key: Key;
  /** First σ of every weight and bias, in units of 1/√inputs; default 0.5. */
  readonly sigma0?: number;
  /** Default float32. */
  readonly dtype?: FloatType;
}

const OPTIONS: readonly (keyof NoisyLinearOptions)[] = ["inputs", "outputs", "key", "sigma0", "dtype"];

/**
 * A linear layer whose weights and biases are noisy, with noise as large as learning finds it useful: Fortunato et al. 2018,
 * "Noisy networks for exploration", equations 8 to 11, factorised Gaussian noise:
 *
 *     y = (μ_w + σ_w ⊙ ε_w)·x + μ_b + σ_b ⊙ ε_b,   ε_w = f(ε_out) f(ε_in)ᵀ,   ε_b = f(ε_out),   f(x) = sgn(x) √|x|
 *
 * Parameters: `weight` μ_w and `weightSigma` σ_w `[outputs, inputs]`, `bias` μ_b and `biasSigma` σ_b `[outputs]`.
 */
export class NoisyLinear implements Layer {
  readonly weight: Tensor;
  readonly bias: Tensor;
  readonly weightSigma: Tensor;
  readonly biasSigma: Tensor;

  constructor(options: NoisyLinearOptions) {
    requireOptions("NoisyLinear", options, OPTIONS);
    const { inputs, outputs, key, sigma0 = 0.5, dtype = "float32" } = options;
    requirePositive("NoisyLinear", { inputs, outputs });
    const make = (name: string, shape: number[], init: Initialiser) => makeParameter(name, shape, init, key, dtype);
    const sigma = constantInit(sigma0 / Math.sqrt(inputs));
    this.weight = make("weight", [outputs, inputs], fanInUniform(inputs));
    this.bias = make("bias", [outputs], fanInUniform(inputs));
    this.weightSigma = make("weightSigma", [outputs, inputs], sigma);
    this.biasSigma = make("biasSigma", [outputs], sigma);
  }

  /**
   * `[…, inputs]` to `[…, outputs]`, with one draw of noise for all rows.
   * @param stream where the noise comes from, new numbers at each call; left out: none, the mean weights
   */
  forward(x: Tensor, stream?: Tensor): Tensor {
    if (stream === undefined) return linear(x, this.weight, this.bias);
    const [outputs, inputs] = this.weight.shape as [number, number];
    const { dtype } = this.weight as { dtype: FloatType };
    const byInput = signedRoot(randomNormal(stream, [1, inputs], { dtype }));
    const byOutput = signedRoot(randomNormal(stream, [outputs, 1], { dtype }));
    const weight = add(this.weight, mul(this.weightSigma, mul(byOutput, byInput)));
    const bias = add(this.bias, mul(this.biasSigma, reshape(byOutput, [outputs])));
    return linear(x, weight, bias);
  }

  parameters(): Parameters {
    const { weight, bias, weightSigma, biasSigma } = this;
    return { weight, bias, weightSigma, biasSigma };
  }
}

/** f(x) = sgn(x) √|x|. */
function signedRoot(x: Tensor): Tensor {
  return mul(sign(x), sqrt(abs(x)));
}
