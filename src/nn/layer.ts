import type { Tensor } from "../tensor/index.ts";

/** Named trainable tensors; names follow PyTorch: `weight`, `bias`, and inside a container `0.weight`. */
export type Parameters = Record<string, Tensor>;

/** A function of one tensor with parameters of its own. State is the parameters and nothing else. */
export interface Layer {
  forward(x: Tensor): Tensor;
  parameters(): Parameters;
}

/** Joins named parts into one record: part `actor` with `0.weight` gives `actor.0.weight`. */
export function joinParameters(parts: Record<string, { parameters(): Parameters } | Tensor>): Parameters {
  const all: Parameters = {};
  for (const [part, owner] of Object.entries(parts)) {
    if (!("parameters" in owner)) all[part] = owner;
    else for (const [name, tensor] of Object.entries(owner.parameters())) all[`${part}.${name}`] = tensor;
  }
  return all;
}
