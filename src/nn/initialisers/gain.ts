import type { ActivationName } from "../activation.ts";

const GAINS: Record<ActivationName, number> = {
  identity: 1,
  sigmoid: 1,
  tanh: 5 / 3,
  relu: Math.SQRT2,
  leakyRelu: Math.sqrt(2 / (1 + 0.01 * 0.01)),
  elu: Math.SQRT2,
  gelu: Math.SQRT2,
  silu: Math.SQRT2,
  softplus: Math.SQRT2,
};

/**
 * The factor that keeps the size of activations from layer to layer, as `torch.nn.init.calculate_gain`. PyTorch names none
 * for elu, gelu, silu and softplus; they equal relu for large inputs and take its √2.
 */
export function calculateGain(activation: ActivationName): number {
  return GAINS[activation];
}
