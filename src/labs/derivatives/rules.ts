/** The derivative of every activation in closed form, written down apart from the engine's own kernels. */
import { exp } from "../../math/index.ts";
import type { ActivationName } from "../../nn/index.ts";

/** f′ from z and from y = f(z), of which most need but one. */
export type DerivativeRule = (z: number, y: number) => number;

/** The standard normal density. */
const density = (z: number) => exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
const logistic = (z: number) => 1 / (1 + exp(-z));

export const derivativeRules: Readonly<Record<ActivationName, DerivativeRule>> = {
  tanh: (_z, y) => 1 - y * y,
  relu: (z) => (z > 0 ? 1 : 0),
  leakyRelu: (z) => (z > 0 ? 1 : 0.01),
  sigmoid: (_z, y) => y * (1 - y),
  // y = e^z − 1 below 0.
  elu: (z, y) => (z > 0 ? 1 : y + 1),
  // Φ(z) + z φ(z), and y = z Φ(z).
  gelu: (z, y) => (z === 0 ? 0.5 : y / z + z * density(z)),
  // σ(z) + z σ(z) (1 − σ(z))
  silu: (z, y) => logistic(z) + y * (1 - logistic(z)),
  softplus: (z) => logistic(z),
  identity: () => 1,
};
