import {
  Activation,
  type ActivationName,
  joinParameters,
  Linear,
  NoisyLinear,
  type Parameters,
} from "../../../nn/index.ts";
import type { Key } from "../../../random/index.ts";
import type { FloatType, Tensor } from "../../../tensor/index.ts";

/** What all layers of a network have in common. */
export interface LayerStyle {
  readonly activation: ActivationName;
  /** First σ of noisy layers, in units of 1/√inputs; undefined: plain ones. */
  readonly sigma0?: number | undefined;
  /** Default float32. */
  readonly dtype?: FloatType | undefined;
}

interface NoisyLayer {
  forward(x: Tensor, noise?: Tensor): Tensor;
  parameters(): Parameters;
}

/** Fully connected layers, plain or noisy ones, one after the other. Parameters are named as those of `mlp`. */
export class Layers {
  /** Width of what comes out. */
  readonly width: number;
  readonly #layers: NoisyLayer[] = [];

  /**
   * @param hidden widths of layers that an activation follows
   * @param outputs width of a last one without; left out: none
   */
  constructor(inputs: number, hidden: readonly number[], outputs: number | undefined, style: LayerStyle, key: Key) {
    let width = inputs;
    const add = (next: number) => {
      this.#layers.push(linear(width, next, style, key.split("layer", this.#layers.length)));
      width = next;
    };
    for (const next of hidden) {
      add(next);
      this.#layers.push(new Activation(style.activation));
    }
    if (outputs !== undefined) add(outputs);
    this.width = width;
  }

  /** `[N, inputs]` to `[N, width]`. `noise`: a stream that noisy layers draw from; left out, their mean weights. */
  forward(x: Tensor, noise?: Tensor): Tensor {
    return this.#layers.reduce((y, layer) => layer.forward(y, noise), x);
  }

  parameters(): Parameters {
    return joinParameters(Object.fromEntries(this.#layers.entries()));
  }
}

function linear(inputs: number, outputs: number, { sigma0, dtype }: LayerStyle, key: Key): NoisyLayer {
  const sizes = { inputs, outputs, key, dtype };
  return sigma0 === undefined ? new Linear(sizes) : new NoisyLinear({ ...sizes, sigma0 });
}
