/** How much of a gradient is signal: from the norms of its samples alone. */

export interface GradientNoise {
  /** tr Σ, the variance of one sample's gradient, summed over all parameters; unbiased. */
  readonly variance: number;
  /** ‖true gradient‖², unbiased: below 0 where the minibatch says nothing about it. */
  readonly signal: number;
  /** tr Σ / ‖true gradient‖²: the batch size at which signal and noise are equal; undefined where no signal is found. */
  readonly scale: number | undefined;
  /** ‖true gradient‖² / (tr Σ / N): of the mean over the minibatch; undefined where there is no noise. */
  readonly signalToNoise: number | undefined;
}

/**
 * The simple gradient noise scale (McCandlish et al. 2018, "An empirical model of large-batch training", equation 2.9), from
 * ‖g_i‖ of N samples and ‖G‖ of their mean: E‖G‖² = ‖true‖² + tr Σ/N, as in appendix A.1 with batches of 1 and N.
 * @param norms `[N]`, N ≥ 2
 */
export function gradientNoise(norms: ArrayLike<number>, gradientNorm: number): GradientNoise {
  const count = norms.length;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += norms[i]! * norms[i]!;
  const squared = gradientNorm * gradientNorm;
  const variance = Math.max(0, (squares - count * squared) / (count - 1));
  const signal = squared - variance / count;
  return {
    variance,
    signal,
    scale: signal > 0 ? variance / signal : undefined,
    signalToNoise: variance > 0 ? (count * signal) / variance : undefined,
  };
}

/** ⟨a, b⟩ / (‖a‖·‖b‖), undefined where one of them is 0. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number | undefined {
  let [product, ofA, ofB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i]! * b[i]!;
    ofA += a[i]! * a[i]!;
    ofB += b[i]! * b[i]!;
  }
  return ofA > 0 && ofB > 0 ? product / Math.sqrt(ofA * ofB) : undefined;
}
