import type { Parameters } from "../../nn/index.ts";

/**
 * Runs `fn` with parameters that no gradient flows to: what is computed there passes gradients on to its inputs alone, and those of
 * the parameters cost nothing. ∂Q/∂a of a critic that stays as it is.
 */
export function frozen<R>(parameters: Parameters, fn: () => R): R {
  const tensors = Object.values(parameters).filter(({ requiresGrad }) => requiresGrad);
  for (const tensor of tensors) tensor.requiresGrad = false;
  try {
    return fn();
  } finally {
    for (const tensor of tensors) tensor.requiresGrad = true;
  }
}
