import type { Tensor } from "../tensor/index.ts";
import { joinParameters, type Layer, type Parameters } from "./layer.ts";

/** Layers one after the other. Their parameters are named by position, activations counted: `0.weight`, `2.weight`. */
export class Sequential implements Layer {
  readonly layers: readonly Layer[];

  constructor(layers: readonly Layer[]) {
    this.layers = layers;
  }

  forward(x: Tensor): Tensor {
    for (const layer of this.layers) x = layer.forward(x);
    return x;
  }

  parameters(): Parameters {
    return joinParameters(Object.fromEntries(this.layers.entries()));
  }
}

/** `sequential(a, b, c)` computes c(b(a(x))). */
export function sequential(...layers: Layer[]): Sequential {
  return new Sequential(layers);
}
